#pragma once
/// The image and its layers as plain values.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/model/elf_facts.hpp"
#include "muslcheck/model/problem.hpp"
#include "muslcheck/model/runtime.hpp"

namespace muslcheck::model {

/// One step of an image's history, also of those that made no layer (ENV, CMD, LABEL).
struct HistoryEntry {
  std::string created_by;
  bool empty_layer = false;
  bool operator==(const HistoryEntry&) const = default;
};

/// The part of an OCI image configuration that matters here.
struct ImageConfig {
  std::vector<std::string> entrypoint;
  std::vector<std::string> cmd;
  /// Healthcheck's Test: {"CMD", "curl", ...} or {"CMD-SHELL", "curl ..."}; empty if there is none.
  std::vector<std::string> healthcheck = {};
  std::vector<std::string> env;  ///< "NAME=value", in order
  std::string user;
  std::string working_directory;
  std::map<std::string, std::string> labels;
  std::vector<HistoryEntry> history;  ///< oldest first; empty if longer than kMaxHistory
  bool operator==(const ImageConfig&) const = default;
};

/// The instruction of a Dockerfile that made a layer.
struct LayerOrigin {
  std::string file;   ///< the Dockerfile, as the user named it
  int line = 0;       ///< where the instruction begins, from 1
  std::string stage;  ///< name of the build stage that it stands in, or its number from 0
  std::string text;   ///< the instruction on one line
  std::string from;   ///< stage or image that files are copied from; empty: the build context
  bool operator==(const LayerOrigin&) const = default;
};

/// One layer, as the image describes it.
struct LayerInfo {
  std::string digest;       ///< "sha256:..." of the uncompressed tar (diff_id); may be empty
  std::string created_by;   ///< the history entry that made it; may be empty
  std::uint64_t size = 0;   ///< bytes as stored
  std::string blob_digest;  ///< "sha256:..." that the stored bytes should have; may be empty
  std::string media_type;   ///< what the manifest says, which may be wrong; may be empty
  std::optional<LayerOrigin> instruction;  ///< where a Dockerfile was given and says it
  bool operator==(const LayerInfo&) const = default;
};

/// The image that this one was built on.
struct BaseImage {
  std::string name;    ///< "node:22.23.2-bookworm-slim", or as the user wrote it
  std::string digest;  ///< "sha256:..." that the label names, or of its configuration; may be empty
  std::string how;             ///< "given" (--base), "label" or "history"
  std::size_t layers = 0;      ///< leading layers of the image that are the base's; 0: unknown
  std::size_t own_layers = 0;  ///< layers that the base itself has; 0: unknown
  bool operator==(const BaseImage&) const = default;
};

/// One step from the image's configuration to the program that a container starts.
struct StartStep {
  std::string what;  ///< as it is written: "node"
  std::string path;  ///< in-image path without links; empty if there is no such file
  std::string how;   ///< "Cmd, found in PATH", "interpreter of /app/run.sh"
  bool operator==(const StartStep&) const = default;
};

/// What is scanned. A folder or single file has one layer and an empty configuration.
struct SourceInfo {
  std::string kind;      ///< "docker-archive", "oci-archive", "oci-dir", "dir", "file"
  std::string name;      ///< as the user wrote it, or the image's first name
  std::string digest;    ///< "sha256:..." of the image configuration; may be empty
  std::string platform;  ///< "linux/amd64"; empty if unknown
  ImageConfig config;
  std::vector<LayerInfo> layers;
  std::optional<BaseImage> base = {};
  std::vector<StartStep> program = {};  ///< in the order in which they run; empty: nothing to start
  std::vector<Runtime> runtimes = {};   ///< the main one first

  /// True if the program at this in-image path is one of those that a container starts.
  [[nodiscard]] bool starts(std::string_view path) const;
  bool operator==(const SourceInfo&) const = default;
};

enum class FileKind : std::uint8_t {
  regular,
  directory,
  symlink,   ///< link_target is the text of the link
  hardlink,  ///< link_target is an in-image path; resolved when layers are merged
  other,     ///< devices, fifos, sockets
  whiteout,  ///< ".wh.NAME": hides NAME of lower layers; path is that of NAME
  opaque,    ///< ".wh..wh..opq": hides the directory's content in lower layers; path is the
             ///< directory's
};

struct FileEntry {
  std::string path;  ///< in-image path, see core/paths.hpp
  FileKind kind = FileKind::regular;
  std::uint32_t mode = 0;  ///< permission bits with setuid, setgid and sticky
  std::uint64_t size = 0;  ///< bytes; 0 for all but regular files
  std::string link_target;
  bool operator==(const FileEntry&) const = default;
};

/// The files in archives (jar, war, ear) that are of interest, by the archive's in-image path. A
/// member's path is "app/x.jar!/org/foo/libx.so", that of one in an archive in it
/// "app/x.war!/WEB-INF/lib/y.jar!/libx.so". In the order of the archive, names there only once.
using ArchiveMembers = std::map<std::string, std::vector<FileEntry>>;

/// All that is kept of one layer's bytes. It depends on the layer's content alone, so it can be
/// made in parallel, cached under the layer's digest, and made on another machine.
struct LayerFacts {
  std::string digest;                             ///< as LayerInfo::digest
  bool verified = false;                          ///< the bytes were hashed and have this digest
  std::vector<FileEntry> entries;                 ///< in archive order; a later one wins
  std::map<std::string, ElfFacts> elf_files;      ///< by path
  std::map<std::string, std::string> elf_sha256;  ///< by path: 64 hex digits; not of all files
  std::map<std::string, std::string> metadata;    ///< by path: content of files packages need
  std::map<std::string, std::string> shebangs;    ///< by path: first line of a script, without "#!"
  /// By path: content of shell scripts that are not the distribution's, see
  /// collect::is_script_kept.
  std::map<std::string, std::string> scripts;
  /// Members of archives; what is known about them is above, by their paths.
  ArchiveMembers archives;
  std::vector<Problem> problems;
  bool operator==(const LayerFacts&) const = default;
};

}  // namespace muslcheck::model
