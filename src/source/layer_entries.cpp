// One layer (OCI image-spec, layer.md).
//
// ".wh.NAME" hides NAME of the layers below, ".wh..wh..opq" all that they have in its directory.
// Other names that start with ".wh..wh." are bookkeeping of aufs (".wh..wh.plnk") and mean nothing
// here. Names are normalised, so neither "/etc/passwd" nor "../../etc/passwd" leaves the image.

#include "layer_entries.hpp"

#include <optional>
#include <string_view>
#include <utility>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/text.hpp"
#include "tar_reader.hpp"

namespace muslcheck::source {
namespace {

using core::ErrorCode;
using model::FileEntry;
using model::FileKind;

constexpr std::string_view kWhiteoutPrefix = ".wh.";
constexpr std::string_view kOpaqueMarker = ".wh..wh..opq";
constexpr std::string_view kAufsPrefix = ".wh..wh.";

enum class Marker { none, whiteout, opaque, ignored, malformed };

Marker marker_of(std::string_view name) {
  if (!name.starts_with(kWhiteoutPrefix)) return Marker::none;
  if (name == kOpaqueMarker) return Marker::opaque;
  if (name.starts_with(kAufsPrefix)) return Marker::ignored;
  const std::string_view hidden = name.substr(kWhiteoutPrefix.size());
  // "." and ".." would hide the directory itself or its parent.
  const bool usable = !hidden.empty() && hidden != "." && hidden != "..";
  return usable ? Marker::whiteout : Marker::malformed;
}

core::Error error(ErrorCode code, std::string reason, std::string message, std::string path) {
  return {.code = code,
          .reason = std::move(reason),
          .message = std::move(message),
          .path = std::move(path),
          .offset = {}};
}

/// The entry for a header; nothing for one that means nothing.
core::Result<std::optional<FileEntry>> entry_of(TarMember member) {
  FileEntry entry;
  entry.path = core::normalize_path(member.name);
  if (entry.path.size() > core::limits::kMaxPathLength ||
      member.link_target.size() > core::limits::kMaxPathLength)
    return tl::make_unexpected(error(
        ErrorCode::limit_exceeded, "path-too-long",
        "a path or link longer than " + std::to_string(core::limits::kMaxPathLength) + " bytes",
        entry.path.substr(0, 255)));
  const std::string_view name = core::file_name(entry.path);
  const Marker marker = marker_of(name);
  if (marker == Marker::ignored) return std::optional<FileEntry>();
  if (marker == Marker::malformed)
    return tl::make_unexpected(error(ErrorCode::malformed, "whiteout-malformed",
                                     "a whiteout that names no file", entry.path));
  entry.kind = member.kind;
  if (marker == Marker::opaque) {
    entry.kind = FileKind::opaque;
    entry.path = core::parent_path(entry.path);
  } else if (marker == Marker::whiteout) {
    entry.kind = FileKind::whiteout;
    entry.path =
        core::join_path(core::parent_path(entry.path), name.substr(kWhiteoutPrefix.size()));
  } else {
    if (entry.path.empty()) return std::optional<FileEntry>();  // the root directory, "./"
    entry.mode = member.mode;
    entry.size = member.size;
    entry.link_target = member.kind == FileKind::hardlink ? core::normalize_path(member.link_target)
                                                          : std::move(member.link_target);
  }
  return std::optional<FileEntry>(std::move(entry));
}

core::Error too_many_entries(const LayerLimits& limits, const std::string& name) {
  return error(ErrorCode::limit_exceeded, "too-many-entries",
               "more than " + std::to_string(limits.max_entries) + " entries, or more than " +
                   std::to_string(core::limits::kMaxPathBytesPerLayer) +
                   " bytes of names; the rest was not read",
               name);
}

/// Damage of the tar as the layer's: "truncated" becomes "layer-truncated".
core::Error layer_error(core::Error cause, const std::string& name) {
  const bool own =
      cause.reason == "truncated" || cause.reason == "damaged" || cause.reason == "not-a-tar";
  if (own) cause.reason = "layer-" + cause.reason;
  cause.path = name;
  return cause;
}

}  // namespace

core::Result<void> read_layer_entries(core::ByteView layer, const std::string& name,
                                      const LayerLimits& limits, const EntryVisitor& visit,
                                      std::vector<model::Problem>& problems) {
  const auto note = [&](const core::Error& cause) {
    model::add_problem(problems, model::problem_from(cause, "layer"));
  };
  if (layer.empty())
    return tl::make_unexpected(error(ErrorCode::malformed, "layer-not-a-tar", "is empty", name));
  std::uint64_t path_bytes = 0;
  auto reader = TarReader::open(layer, limits.max_unpacked);
  if (!reader) return tl::make_unexpected(layer_error(reader.error(), name));
  for (std::uint64_t count = 0;; ++count) {
    auto member = reader->next();
    if (!member && count == 0) return tl::make_unexpected(layer_error(member.error(), name));
    if (!member) {
      note(layer_error(member.error(), name));
      return {};
    }
    if (!*member) return {};
    path_bytes += (*member)->name.size() + (*member)->link_target.size();
    if (count == limits.max_entries || path_bytes > core::limits::kMaxPathBytesPerLayer) {
      note(too_many_entries(limits, name));
      return {};
    }
    const auto entry = entry_of(std::move(**member));
    if (!entry) {
      note(entry.error());
    } else if (*entry) {
      if (auto result = visit(**entry, reader->content()); !result) return result;
    }
  }
}

}  // namespace muslcheck::source
