#pragma once
/// Image layouts that several tests need, and what an opened one gives as text.

#include <memory>
#include <string>
#include <vector>

#include "muslcheck/core/text.hpp"
#include "muslcheck/source/source.hpp"
#include "support/layout_builder.hpp"
#include "support/source_listing.hpp"
#include "support/tar_builder.hpp"
#include "support/temporary_folder.hpp"

namespace muslcheck::test {

using source::Kind;
using source::OpenOptions;
using Texts = std::vector<std::string>;
using Opened = core::Result<std::unique_ptr<source::Source>>;

inline constexpr const char* kForeign = "application/vnd.oci.image.layer.nondistributable.v1.tar";

/// A layer with one file of this name.
inline std::string layer(const std::string& name) { return TarBuilder().file(name, name).finish(); }

inline Opened open_tar(const TemporaryFolder& folder, const std::string& bytes,
                       const OpenOptions& options, Kind kind = Kind::oci_archive) {
  return source::open_source({kind, folder.write("image.tar", bytes)}, options);
}

/// The names of the files in all layers, or the reason why there are none.
inline std::string files_of(Opened& opened) {
  if (!opened) return opened.error().reason;
  std::string files;
  for (std::size_t i = 0; i < (*opened)->info().layers.size(); ++i) {
    const Listing listing = list_layer(**opened, i);
    files += files.empty() ? "" : " ";
    files += listing.error.empty() ? core::join(listing.paths(), ",") : listing.error;
  }
  return files;
}

inline std::string files_of(const std::string& bytes, const OpenOptions& options = {},
                            Kind kind = Kind::oci_archive) {
  const TemporaryFolder folder;
  Opened opened = open_tar(folder, bytes, options, kind);
  return files_of(opened);
}

inline std::string message_of(const std::string& bytes, const OpenOptions& options = {},
                              Kind kind = Kind::oci_archive) {
  const TemporaryFolder folder;
  const Opened opened = open_tar(folder, bytes, options, kind);
  return opened ? "" : opened.error().message;
}

inline Texts problem_codes(const source::Source& source) {
  Texts codes;
  for (const auto& problem : source.problems()) codes.push_back(problem.code);
  return codes;
}

/// One image of two layers, named.
inline LayoutBuilder simple_layout() {
  LayoutBuilder layout;
  const std::string manifest = layout.image("amd64", {layer("one"), layer("two")});
  return layout.index(index_of({descriptor(kOciManifest, manifest, ref_name("shop:1"))}));
}

/// An index in the index, for two platforms, with an attestation, a signature and an unknown thing.
inline LayoutBuilder two_platforms() {
  LayoutBuilder layout;
  const std::string riscv = layout.image("riscv64", {layer("riscv")});
  const std::string power = layout.image("ppc64le", {layer("power")});
  const std::string statement = layout.blob(R"({"config": {}, "layers": [{}]})");
  const std::string chart = layout.blob(
      R"({"config": {"mediaType": "application/vnd.cncf.helm.config.v1+json"}, "layers": []})");
  const std::string nested = layout.blob(index_of(
      {descriptor("application/x-unknown", "unknown"),
       descriptor(kOciManifest, statement,
                  R"(, "platform": {"os": "unknown", "architecture": "unknown"})"),
       descriptor(kOciManifest, statement,
                  R"(, "annotations": {"vnd.docker.reference.type": "attestation-manifest"})"),
       descriptor(kOciManifest, chart), descriptor(kOciManifest, riscv, platform("riscv64")),
       descriptor(kOciManifest, power, platform("ppc64le")),
       descriptor(kOciManifest, "absent", platform("s390x"))}));
  return layout.index(index_of({descriptor(kOciIndex, nested, ref_name("shop:1"))}));
}

inline std::string docker_manifest(const std::string& config, const Texts& layers,
                                   const std::string& tags = R"(["shop:1"])") {
  std::string list;
  for (const std::string& path : layers)
    list += std::string(list.empty() ? "" : ", ") + "\"" + path + "\"";
  return R"([{"Config": ")" + config + R"(", "RepoTags": )" + tags + R"(, "Layers": [)" + list +
         "]}]";
}

/// The configuration that LayoutBuilder::image makes for two layers.
inline std::string config_of(const std::string& architecture, const Texts& layers) {
  std::string diff_ids;
  for (const std::string& text : layers)
    diff_ids += std::string(diff_ids.empty() ? "" : ", ") + "\"" + digest_of(text) + "\"";
  return R"({"os": "linux", "architecture": ")" + architecture + R"(", "rootfs": {"diff_ids": [)" +
         diff_ids + "]}}";
}

/// What Docker 25 and newer save: both descriptions of one image.
inline LayoutBuilder docker_25() {
  LayoutBuilder layout = simple_layout();
  const std::string config = config_of("amd64", {layer("one"), layer("two")});
  return layout.file("manifest.json", docker_manifest(path_of(config), {path_of(layer("one")),
                                                                        path_of(layer("two"))}));
}

}  // namespace muslcheck::test
