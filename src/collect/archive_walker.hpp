#pragma once
/// What of a jar matters: its native libraries and what tells its name, with those of the jars
/// in it.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/core/result.hpp"
#include "muslcheck/model/image.hpp"
#include "muslcheck/source/zip.hpp"

namespace muslcheck::collect {

/// Told what an archive holds. `entry` has the member's path as model::LayerFacts::archives has it.
struct ArchiveVisitor {
  std::function<void(model::FileEntry entry, source::KeptBytes bytes)> elf;
  std::function<void(model::FileEntry entry, std::string_view content)> metadata;
  std::function<void(const std::string& path, const core::Error& error)> problem;
};

/// What the archives of one layer may cost, however their members are made.
struct ArchiveBudget {
  std::uint64_t unpacked = 0;    ///< bytes that members may yet have, together
  std::uint64_t work = 0;        ///< records that may yet be looked at; an archive counts as many
  std::uint64_t path_bytes = 0;  ///< bytes that names of kept members may yet have
};

/// Looks into archives, one after the other.
class ArchiveWalker {
 public:
  explicit ArchiveWalker(ArchiveVisitor visitor);

  /// Visits the members of the archive at an in-image path, and of those in it.
  void walk(const std::string& path, const source::KeptBytes& archive);

 private:
  /// An archive that is being looked through.
  struct Level {
    source::KeptBytes zip;
    std::string path;  ///< "app/x.war" or "app/x.war!/WEB-INF/lib/y.jar"
    std::vector<source::ZipMember> members;
    std::size_t next = 0;
  };
  void open(std::string path, source::KeptBytes zip);
  void look_at(const source::ZipMember& member);
  [[nodiscard]] bool is_named_well(const Level& level, const source::ZipMember& member);
  [[nodiscard]] bool is_elf(const Level& level, const source::ZipMember& member);
  [[nodiscard]] bool spend(std::uint64_t work, const std::string& path);
  void take(const Level& level, const source::ZipMember& member, bool is_library);
  void report(const std::string& path, core::Error error);

  ArchiveVisitor visitor_;
  ArchiveBudget budget_;
  std::uint64_t granted_ = 0;   ///< bytes that were put into the budget so far
  std::vector<Level> levels_;   ///< outermost first
  bool told_too_much_ = false;  ///< of the layer's archives
};

/// True for files that Java and its servers take for archives by their name: jar, war, ear, and
/// the plugins of Jenkins and NiFi.
[[nodiscard]] bool is_archive_name(std::string_view path);

/// True for the members that tell what an archive is: the manifest, Maven's pom.properties.
[[nodiscard]] bool is_archive_metadata(std::string_view name);

}  // namespace muslcheck::collect
