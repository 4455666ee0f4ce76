// From what a user writes to an opened source.

#include "muslcheck/source/source.hpp"

#include <elf.h>

#include <array>
#include <utility>

#include "host_file.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/text.hpp"
#include "sources.hpp"
#include "tar_reader.hpp"

namespace muslcheck::source {
namespace {

using core::ErrorCode;

struct KnownKind {
  std::string_view word;
  Kind kind;
};
constexpr std::array kKnownKinds{
    KnownKind{"dir", Kind::directory},   KnownKind{"docker-archive", Kind::docker_archive},
    KnownKind{"file", Kind::file},       KnownKind{"oci-archive", Kind::oci_archive},
    KnownKind{"oci-dir", Kind::oci_dir},
};

/// True for "oci-archive:x", "node:18", "docker://node" and "nginx", false for "./a:b", "C",
/// "app.tar" and "/srv/x".
bool may_be_image_name(std::string_view text) {
  constexpr std::string_view kFirst = "abcdefghijklmnopqrstuvwxyz0123456789";
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/:@";
  if (text.empty() || kFirst.find(text.front()) == std::string_view::npos ||
      text.find_first_not_of(kAllowed) != std::string_view::npos)
    return false;
  const std::string_view last = text.substr(text.rfind('/') + 1);
  return text.find(':') != std::string_view::npos || last.find('.') == std::string_view::npos;
}

/// For whoever expects that images are pulled, as other scanners do.
tl::unexpected<core::Error> no_such_source(std::string_view text) {
  constexpr std::string_view kScheme = "://";
  const std::size_t scheme = text.find(kScheme);
  const std::string_view name =
      scheme == std::string_view::npos ? text : text.substr(scheme + kScheme.size());
  return core::fail(
      ErrorCode::usage, "no-such-source",
      "there is no file or folder \"" + std::string(text) +
          "\", and it does not begin with dir:, file:, docker-archive:, "
          "oci-archive: or oci-dir:; an image is not pulled, save it first: docker save " +
          std::string(name) + " -o image.tar");
}

bool is_file(const std::string& location) {
  const auto status = stat_host(location);
  return status && S_ISREG(status->st_mode);
}

/// An image layout, else any folder.
Kind recognise_folder(const std::string& location) {
  const bool is_layout = is_file(location + "/oci-layout") && is_file(location + "/index.json");
  return is_layout ? Kind::oci_dir : Kind::directory;
}

/// A reader of a tar that may be compressed.
core::Result<TarReader> open_tar(core::ByteView bytes, core::Tasks& tasks) {
  const auto compression = find_compression(bytes);
  if (!compression) return tl::make_unexpected(compression.error());
  if (*compression == Compression::none)
    return TarReader::open({.bytes = bytes}, core::limits::kMaxLayerSize);
  auto stream = LayerStream::open(*compression, bytes,
                                  {.max_unpacked = core::limits::kMaxArchiveInMemory}, tasks);
  if (!stream) return tl::make_unexpected(stream.error());
  return TarReader::open(std::move(*stream), core::limits::kMaxArchiveInMemory);
}

/// Recognises a file by its first bytes. Whether a tar holds an image is for open_source to say.
core::Result<Kind> recognise_file(const std::string& location) {
  const auto file = MappedFile::open(location);
  if (!file) return tl::make_unexpected(file.error());
  if (core::as_text(file->bytes()).starts_with(ELFMAG)) return Kind::file;
  // Also for a package of an unreadable kind: opening it says why.
  if (const auto format = find_magic_format(file->bytes(), location); !format || *format)
    return Kind::file;
  core::InlineTasks tasks;
  auto reader = open_tar(file->bytes(), tasks);
  const auto member = reader ? reader->next() : tl::make_unexpected(reader.error());
  if (member && *member)
    return is_package_tar((*member)->name, location) ? Kind::file : Kind::archive;
  if (const auto unchanged = file->check_unchanged(location); !unchanged)
    return tl::make_unexpected(unchanged.error());
  // A cut archive still is one, and so may be one that cannot be decompressed; opening it says
  // what is wrong with it.
  const bool is_archive = !member && (member.error().reason == "truncated" ||
                                      member.error().reason == "compression-unsupported");
  if (is_archive && !file->bytes().empty()) return Kind::archive;
  return core::fail(ErrorCode::unsupported, "unsupported-content",
                    "neither a folder, an ELF file, a package nor an image in an archive",
                    location);
}

}  // namespace

tl::unexpected<core::Error> no_such_layer(std::size_t index) {
  return core::fail(ErrorCode::internal, "no-such-layer",
                    "there is no layer " + std::to_string(index));
}

core::Result<Reference> parse_reference(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view word = text.substr(0, colon);
  if (colon != std::string_view::npos) {
    for (const KnownKind& known : kKnownKinds) {
      if (word != known.word) continue;
      if (text.size() == colon + 1)
        return core::fail(ErrorCode::usage, "source-without-path",
                          "no path after \"" + std::string(text) + "\"");
      return Reference{known.kind, std::string(text.substr(colon + 1))};
    }
  }
  const std::string location(text);
  if (text.empty()) return core::fail(ErrorCode::usage, "source-without-path", "no source given");
  const auto status = stat_host(location);
  if (!status && status.error().code == ErrorCode::not_found && may_be_image_name(text))
    return no_such_source(text);
  if (!status) return tl::make_unexpected(status.error());
  if (S_ISDIR(status->st_mode)) return Reference{recognise_folder(location), location};
  const auto kind = recognise_file(location);
  if (!kind) return tl::make_unexpected(kind.error());
  return Reference{*kind, location};
}

const std::vector<model::Problem>& Source::problems() const {
  static const std::vector<model::Problem> none;
  return none;
}

core::Result<std::unique_ptr<Source>> open_source(const Reference& reference,
                                                  const OpenOptions& options) {
  const bool has_images = reference.kind != Kind::directory && reference.kind != Kind::file;
  if (!has_images && !options.image.empty())
    return core::fail(ErrorCode::usage, "no-images-to-choose",
                      "--image chooses one of the images in an archive, and this is none",
                      reference.location);
  switch (reference.kind) {
    case Kind::directory: return open_directory(reference.location, options.progress);
    case Kind::file: return open_file(reference.location, options.progress);
    case Kind::docker_archive:
    case Kind::oci_archive:
    case Kind::oci_dir:
    case Kind::archive: return open_image(reference.kind, reference.location, options);
  }
  return core::fail(ErrorCode::internal, "unknown-source-kind", "a kind without an opener");
}

}  // namespace muslcheck::source
