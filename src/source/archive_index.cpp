// An outer tar (docker save) looked at without copying: every member is a view of the archive.
//
// Members come in any order and may be links: podman writes layer.tar as a symbolic link to the
// same layer of another image of the archive (containers/podman#11613).

#include "archive_index.hpp"

#include <algorithm>
#include <utility>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/paths.hpp"
#include "tar_reader.hpp"

namespace muslcheck::source {

using model::FileKind;

namespace {

tl::unexpected<core::Error> not_a_tar() {
  return core::fail(core::ErrorCode::malformed, "archive-not-a-tar", "not a tar archive");
}

}  // namespace

core::Result<ArchiveIndex> ArchiveIndex::build(core::ByteView archive) {
  auto reader = TarReader::open(
      {.bytes = archive},
      std::min(core::limits::kMaxLayerSize, archive.size() * core::limits::kMaxExpansionRatio));
  if (!reader) return not_a_tar();
  ArchiveIndex index;
  for (std::uint64_t count = 0; count < core::limits::kMaxEntriesPerLayer; ++count) {
    const auto member = reader->next();
    if (!member) {
      if (index.members_.empty() && member.error().reason == "not-a-tar") return not_a_tar();
      index.damage_ = member.error();
    }
    if (!member || !*member) break;
    index.add(**member, reader->content());
  }
  return index;
}

void ArchiveIndex::add(const TarMember& member, TarContent& content) {
  const std::string name = core::normalize_path(member.name);
  Member made;
  if (member.kind == FileKind::symlink) {
    made.link = core::resolve_path(core::parent_path(name), member.link_target);
  } else if (member.kind == FileKind::hardlink) {
    made.link = core::normalize_path(member.link_target);
  } else if (member.kind == FileKind::regular) {
    // Less than the header promises is there when the archive was cut. (Or when the member has
    // holes, which no program that saves images makes.)
    made.content.bytes = content.first_block().value_or(core::ByteView{});
    made.content.truncated = made.content.bytes.size() < member.size;
  } else {
    return;
  }
  made.is_link = member.kind != FileKind::regular;
  members_.insert_or_assign(name, std::move(made));
}

std::optional<MemberBytes> ArchiveIndex::find(const std::string& name) const {
  const std::string* wanted = &name;
  for (int links = 0; links <= core::limits::kMaxLinkDepth; ++links) {
    const auto found = members_.find(*wanted);
    if (found == members_.end()) return std::nullopt;
    if (!found->second.is_link) return found->second.content;
    wanted = &found->second.link;
  }
  return std::nullopt;
}

}  // namespace muslcheck::source
