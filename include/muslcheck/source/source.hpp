#pragma once
/// Where images come from. A source is opened once, knows its configuration, and hands out the
/// entries of its layers one after the other. Nothing is extracted to disk.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/core/bytes.hpp"
#include "muslcheck/core/deadline.hpp"
#include "muslcheck/core/progress.hpp"
#include "muslcheck/core/result.hpp"
#include "muslcheck/core/tasks.hpp"
#include "muslcheck/model/image.hpp"
#include "muslcheck/model/problem.hpp"

namespace muslcheck::source {

enum class Kind {
  directory,
  file,            ///< one ELF file, or a package or archive of files
  docker_archive,  ///< as `docker save` writes it
  oci_archive,     ///< an OCI image layout in a tar
  oci_dir,         ///< an OCI image layout in a folder
  archive,         ///< a tar that is one of both, which opening it tells
};

/// "dir:/srv/app" taken apart. A bare path is recognised by its content.
struct Reference {
  Kind kind = Kind::directory;
  std::string location;  ///< path on the host
  bool operator==(const Reference&) const = default;
};

/// Which image is meant where there are several.
struct OpenOptions {
  std::string image;     ///< a name or the start of a digest; empty: the only one
  std::string platform;  ///< "linux/arm64"; empty: the only one, else that of this machine
  bool verify = false;   ///< check the digests of uncompressed layers, too
  core::Progress* progress = nullptr;  ///< read_layer counts here; outlives the source
  /// Decompressing a layer ends with its error; between entries it is for the visitor to ask.
  core::Deadline deadline = {};
};

/// Parses KIND:PATH or a bare path. Errors: usage ("no-such-source") for what may be the name of an
/// image or a kind that is not known, naming the known ones; not_found for any other path that does
/// not exist; unsupported for content that no source reads.
[[nodiscard]] core::Result<Reference> parse_reference(std::string_view text);

/// Bytes that stay valid as long as this value and the source they came from do.
struct KeptBytes {
  core::ByteView bytes;
  std::shared_ptr<const void> owner;  ///< empty for bytes that the source keeps itself
  std::uint64_t memory = 0;           ///< bytes of memory that are held; 0 for a mapped file
  bool mapped = false;                ///< the bytes are a mapped file's
  /// As Content::check_unchanged, for these bytes; empty if they cannot change.
  std::function<core::Result<void>()> check_unchanged = {};
};

/// Says that bytes were looked at and will not be again: those of a mapped file then take no memory
/// of this process any more. They may be read all the same.
void set_aside(const KeptBytes& kept);

/// A copy of the bytes that owns itself. limit_exceeded ("out-of-memory").
[[nodiscard]] core::Result<KeptBytes> copy_of(core::ByteView bytes);

/// The content of the regular file that an EntryVisitor is looking at.
class Content {
 public:
  virtual ~Content() = default;
  /// The first min(size, file size) bytes. Valid until the next call on this object.
  [[nodiscard]] virtual core::Result<core::ByteView> head(std::size_t size) = 0;
  /// All bytes. Valid until the next call on this object. limit_exceeded above kMaxElfFile.
  [[nodiscard]] virtual core::Result<core::ByteView> all() = 0;
  /// All bytes, to be looked at later or in another thread. The content may not be asked for
  /// anything else afterwards. Errors as all().
  [[nodiscard]] virtual core::Result<KeptBytes> keep();
  /// How many bytes of memory keep() takes: those of the file; or few, for one that is mapped.
  [[nodiscard]] virtual std::uint64_t memory_to_keep() const { return 0; }
  /// An error ("changed-during-scan") if the bytes given last are not the file's any more.
  [[nodiscard]] virtual core::Result<void> check_unchanged() const { return {}; }
};

/// Called for each entry in archive order; content is empty for all but regular files.
/// An error returned by the visitor ends read_layer with that error.
using EntryVisitor = std::function<core::Result<void>(const model::FileEntry&, Content&)>;

/// What reading a layer to its end showed.
struct LayerReading {
  /// "sha256:..." of the uncompressed layer, if it was computed and is what the image's
  /// configuration says; empty otherwise.
  std::string verified_digest;
};

/// An opened image. `read_layer` may be called from several threads for different layers.
class Source {
 public:
  virtual ~Source() = default;
  /// Complete when the source is open, before any layer is read.
  [[nodiscard]] virtual const model::SourceInfo& info() const = 0;

  /// What was noticed when it was opened: files that contradict each other.
  [[nodiscard]] virtual const std::vector<model::Problem>& problems() const;

  /// Visits the entries of layer `index`. What is damaged but passed over (an unreadable file, a
  /// truncated layer) is appended to `problems`; an error means that the layer gave nothing.
  /// Digests are checked in `tasks`, beside the reading; a digest that differs is a problem
  /// ("blob-digest-mismatch", "diff-id-mismatch") that names both.
  [[nodiscard]] virtual core::Result<LayerReading> read_layer(std::size_t index,
                                                              const EntryVisitor& visit,
                                                              std::vector<model::Problem>& problems,
                                                              core::Tasks& tasks) = 0;

  /// True if the bytes of layer `index` are there, as many as the manifest says, if it says so.
  [[nodiscard]] virtual bool has_layer(std::size_t index) const {
    return index < info().layers.size();
  }

  /// A text that changes when the file that layer `index` lies in does, and differs between layers
  /// and between machines: names of files as the kernel knows them, sizes and times. Empty if
  /// nothing can be said, or if the file was changed so lately that its next change might bear the
  /// same time.
  [[nodiscard]] virtual std::string local_identity(std::size_t /*index*/) const { return {}; }
};

/// Opens what the reference names: checks that it exists, reads manifest and configuration.
/// Errors: not_found, io, malformed ("manifest-missing", "manifest-invalid", "digest-mismatch",
/// ...), usage, naming what there is ("several-images", "image-not-found", "several-platforms",
/// "platform-not-found"). A layer that is absent is an error of read_layer alone.
[[nodiscard]] core::Result<std::unique_ptr<Source>> open_source(const Reference& reference,
                                                                const OpenOptions& options = {});

}  // namespace muslcheck::source
