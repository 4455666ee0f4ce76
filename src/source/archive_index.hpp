#pragma once
/// The members of an outer archive by name, with their bytes at hand.

#include <map>
#include <optional>
#include <string>

#include "muslcheck/core/bytes.hpp"
#include "muslcheck/core/result.hpp"
#include "tar_reader.hpp"

namespace muslcheck::source {

/// Bytes of one member.
struct MemberBytes {
  core::ByteView bytes;
  bool truncated = false;  ///< the archive ends before the member does
};

/// Index of an uncompressed tar in memory. The bytes must outlive it.
class ArchiveIndex {
 public:
  /// Reads all headers. A damaged archive gives the members before the damage, and damage() says
  /// what is wrong. Error: malformed ("archive-not-a-tar") when there is no member at all.
  [[nodiscard]] static core::Result<ArchiveIndex> build(core::ByteView archive);

  /// The member of this normalised name, links inside the archive followed; nothing if there is
  /// none or if it is no regular file. Of members with the same name the last counts.
  [[nodiscard]] std::optional<MemberBytes> find(const std::string& name) const;

  [[nodiscard]] const std::optional<core::Error>& damage() const { return damage_; }

 private:
  struct Member {
    MemberBytes content;
    std::string link;  ///< normalised name that it stands for; empty for files
    bool is_link = false;
  };
  void add(const TarMember& member, TarContent& content);

  std::map<std::string, Member> members_;
  std::optional<core::Error> damage_;
};

}  // namespace muslcheck::source
