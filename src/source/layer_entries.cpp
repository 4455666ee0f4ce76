// One layer (OCI image-spec, layer.md).
//
// ".wh.NAME" hides NAME of the layers below, ".wh..wh..opq" all that they have in its directory.
// Other names that start with ".wh..wh." are bookkeeping of aufs (".wh..wh.plnk/1.2") and mean
// nothing here. Names are normalised, so neither "/etc/passwd" nor "../../etc/passwd" leaves the
// image.

#include "layer_entries.hpp"

#include <optional>
#include <string_view>
#include <utility>

#include "host_file.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/text.hpp"
#include "stream_digest.hpp"
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

/// True for what lies in a folder of aufs' bookkeeping.
bool is_below_ignored(std::string_view path) {
  return path.starts_with(kAufsPrefix) && path.find('/') != std::string_view::npos;
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
  if (marker == Marker::ignored || is_below_ignored(entry.path)) return std::optional<FileEntry>();
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

/// One reading of a layer.
class LayerReader {
 public:
  LayerReader(const StoredLayer& layer, const LayerLimits& limits, const EntryVisitor& visit,
              std::vector<model::Problem>& problems, core::Tasks& tasks)
      : layer_(layer),
        limits_(limits),
        visit_(visit),
        problems_(problems),
        tasks_(tasks),
        progress_(layer.progress, layer.content.bytes.size()) {}

  core::Result<LayerReading> read() {
    if (layer_.content.bytes.empty())
      return tl::make_unexpected(
          error(ErrorCode::malformed, "layer-not-a-tar", "is empty", layer_.name));
    const auto compression = find_compression(layer_.content.bytes);
    if (!compression) return tl::make_unexpected(layer_error(compression.error(), layer_.name));
    std::optional<StreamDigest> digest;
    if (*compression == Compression::none && layer_.verify) {
      digest.emplace(tasks_);
      digest->add({layer_.content.bytes, layer_.content.owner});
    }
    auto tar = open(*compression);
    if (!tar) return tl::make_unexpected(layer_error(tar.error(), layer_.name));
    const auto complete = visit_all(*tar);
    if (!complete) return tl::make_unexpected(complete.error());
    if (digest) {
      const std::string found = digest->finish();
      return judge({.compressed = found, .uncompressed = found});
    }
    return *complete && tar->stream() != nullptr ? finish(*tar->stream()) : LayerReading{};
  }

 private:
  core::Result<TarReader> open(Compression compression) {
    if (compression == Compression::none)
      return TarReader::open(layer_.content, limits_.max_unpacked);
    auto stream = LayerStream::open(compression, layer_.content.bytes,
                                    {.max_unpacked = limits_.max_unpacked,
                                     .with_digests = true,
                                     .mapped = layer_.content.mapped,
                                     .owner = layer_.content.owner,
                                     .progress = &progress_,
                                     .deadline = layer_.deadline},
                                    tasks_);
    if (!stream) return tl::make_unexpected(stream.error());
    return TarReader::open(std::move(*stream), limits_.max_unpacked);
  }

  /// True if the end was reached, false if a problem says why not.
  core::Result<bool> visit_all(TarReader& tar) {
    std::uint64_t path_bytes = 0;
    for (std::uint64_t count = 0;; ++count) {
      auto member = tar.next();
      if (!member && count == 0)
        return tl::make_unexpected(layer_error(member.error(), layer_.name));
      if (!member) return stop(layer_error(member.error(), layer_.name));
      if (!*member) return true;
      path_bytes += (*member)->name.size() + (*member)->link_target.size();
      if (count == limits_.max_entries || path_bytes > core::limits::kMaxPathBytesPerLayer)
        return stop(too_many_entries(limits_, layer_.name));
      if (auto result = visit(std::move(**member), tar); !result)
        return tl::make_unexpected(result.error());
    }
  }

  core::Result<void> visit(TarMember member, TarReader& tar) {
    const auto entry = entry_of(std::move(member));
    if (!entry) note(entry.error());
    if (!entry || !*entry) return {};
    if (auto result = visit_(**entry, tar.content()); !result) return result;
    progress_.count_file();
    if (tar.stream() == nullptr) progress_.reach(tar.position());
    if (layer_.content.mapped && tar.stream() == nullptr) give_back_up_to(tar.position());
    return {};
  }

  /// What lies behind in a mapped archive needs no memory any more.
  void give_back_up_to(std::uint64_t position) {
    constexpr std::uint64_t kEvery = 32U << 20U;
    if (position < given_back_ + kEvery || position > layer_.content.bytes.size()) return;
    give_back_pages(layer_.content.bytes.subspan(static_cast<std::size_t>(given_back_),
                                                 static_cast<std::size_t>(position - given_back_)));
    given_back_ = position;
  }

  core::Result<LayerReading> finish(LayerStream& stream) {
    const auto digests = stream.finish();
    if (digests && *digests) return judge(**digests);
    if (!digests) note(layer_error(digests.error(), layer_.name));
    return LayerReading{};
  }

  LayerReading judge(const StreamDigests& found) {
    const bool blob_is_right = check(layer_.blob_digest, found.compressed, "blob-digest-mismatch",
                                     "the bytes of the layer have the digest ");
    const bool content_is_right = check(layer_.diff_id, found.uncompressed, "diff-id-mismatch",
                                        "the uncompressed layer has the digest ");
    if (!blob_is_right || !content_is_right) return {};
    return {.verified_digest = layer_.diff_id};
  }

  bool check(const std::string& expected, const std::string& found, const char* reason,
             const char* what) {
    // Other algorithms than sha256 are allowed by OCI, and used by nobody.
    if (!expected.starts_with("sha256:") || expected == found) return true;
    note(error(ErrorCode::malformed, reason,
               what + found + ", but the image says " + core::printable(expected), layer_.name));
    return false;
  }

  bool stop(const core::Error& cause) {
    note(cause);
    return false;
  }

  void note(const core::Error& cause) {
    model::add_problem(problems_, model::problem_from(cause, "layer"));
  }

  const StoredLayer& layer_;
  const LayerLimits& limits_;
  const EntryVisitor& visit_;
  std::vector<model::Problem>& problems_;
  core::Tasks& tasks_;
  core::PartProgress progress_;
  std::uint64_t given_back_ = 0;
};

}  // namespace

core::Result<LayerReading> read_layer_entries(const StoredLayer& layer, const LayerLimits& limits,
                                              const EntryVisitor& visit,
                                              std::vector<model::Problem>& problems,
                                              core::Tasks& tasks) {
  return LayerReader(layer, limits, visit, problems, tasks).read();
}

}  // namespace muslcheck::source
