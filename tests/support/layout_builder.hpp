#pragma once
/// Makes OCI image layouts, right ones and wrong ones, as a tar or in a folder.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/core/bytes.hpp"
#include "muslcheck/core/digest.hpp"
#include "support/tar_builder.hpp"
#include "support/temporary_folder.hpp"

namespace muslcheck::test {

inline constexpr std::string_view kOciIndex = "application/vnd.oci.image.index.v1+json";
inline constexpr std::string_view kOciManifest = "application/vnd.oci.image.manifest.v1+json";
inline constexpr std::string_view kOciConfig = "application/vnd.oci.image.config.v1+json";
inline constexpr std::string_view kOciLayer = "application/vnd.oci.image.layer.v1.tar";

inline std::string digest_of(std::string_view content) {
  return "sha256:" + core::sha256_hex(core::as_bytes(content));
}

/// "blobs/sha256/HEX", where a layout has this content.
inline std::string path_of(std::string_view content) {
  return "blobs/sha256/" + digest_of(content).substr(7);
}

/// A descriptor as JSON; `more` is what follows the three fields that all have.
inline std::string descriptor(std::string_view media_type, std::string_view content,
                              std::string_view more = {}) {
  return R"({"mediaType": ")" + std::string(media_type) + R"(", "digest": ")" + digest_of(content) +
         R"(", "size": )" + std::to_string(content.size()) + std::string(more) + "}";
}

inline std::string platform(std::string_view architecture) {
  return R"(, "platform": {"os": "linux", "architecture": ")" + std::string(architecture) + "\"}";
}

inline std::string ref_name(std::string_view name) {
  return R"(, "annotations": {"org.opencontainers.image.ref.name": ")" + std::string(name) + "\"}";
}

inline std::string index_of(const std::vector<std::string>& descriptors) {
  std::string list;
  for (const std::string& text : descriptors) list += (list.empty() ? "" : ", ") + text;
  return R"({"schemaVersion": 2, "manifests": [)" + list + "]}";
}

/// The files of a layout by name.
class LayoutBuilder {
 public:
  /// Keeps the content as a blob and gives it back.
  std::string blob(const std::string& content) {
    files_[path_of(content)] = content;
    return content;
  }

  /// The manifest of an image of these layers for linux/ARCHITECTURE; all its parts become blobs.
  std::string image(std::string_view architecture, const std::vector<std::string>& layers) {
    std::string diff_ids;
    std::string list;
    for (const std::string& layer : layers) {
      blob(layer);
      diff_ids += std::string(diff_ids.empty() ? "" : ", ") + "\"" + digest_of(layer) + "\"";
      list += (list.empty() ? "" : ", ") + descriptor(kOciLayer, layer);
    }
    const std::string config =
        blob(R"({"os": "linux", "architecture": ")" + std::string(architecture) +
             R"(", "rootfs": {"diff_ids": [)" + diff_ids + "]}}");
    return blob(R"({"schemaVersion": 2, "config": )" + descriptor(kOciConfig, config) +
                R"(, "layers": [)" + list + "]}");
  }

  LayoutBuilder& file(const std::string& name, const std::string& content) {
    files_[name] = content;
    return *this;
  }
  LayoutBuilder& remove(const std::string& name) {
    files_.erase(name);
    return *this;
  }
  /// Sets index.json, and oci-layout beside it.
  LayoutBuilder& index(const std::string& content) {
    file("oci-layout", R"({"imageLayoutVersion": "1.0.0"})");
    return file("index.json", content);
  }

  [[nodiscard]] std::string tar() const {
    TarBuilder tar;
    for (const auto& [name, content] : files_) tar.file(name, content);
    return tar.finish();
  }
  void write(const TemporaryFolder& folder, const std::string& below) const {
    for (const auto& [name, content] : files_) folder.write(below + "/" + name, content);
  }

 private:
  std::map<std::string, std::string> files_;
};

}  // namespace muslcheck::test
