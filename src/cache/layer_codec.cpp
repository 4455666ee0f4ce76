// The encoding is described in the header, which is what another program would go by.
//
// Paths come in archive order, so neighbours share most of their bytes: only the rest is written.

#include "muslcheck/cache/layer_codec.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include "muslcheck/core/binary.hpp"
#include "muslcheck/core/digest.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/text.hpp"
#include "muslcheck/elf/codec.hpp"

namespace muslcheck::cache {
namespace {

using core::ByteView;
using model::FileEntry;
using model::LayerFacts;
using Texts = std::map<std::string, std::string>;

constexpr std::string_view kMagic = "MCLF";
constexpr std::size_t kDigestSize = 32;
constexpr std::size_t kBodyAt = kMagic.size() + 4 + kDigestSize;
constexpr std::size_t kSmallestEntry = 2 + 4 + 1 + 4 + 8 + 4;
constexpr std::size_t kSmallestPair = 8;
constexpr std::size_t kSmallestArchive = 12;
constexpr std::size_t kSmallestProblem = 16;

class Writer {
 public:
  template <typename T>
  void number(T value) {
    core::append_number(bytes_, value);
  }
  void text(std::string_view value) {
    number(static_cast<std::uint32_t>(value.size()));
    bytes_.insert(bytes_.end(), value.begin(), value.end());
  }
  void raw(ByteView value) { bytes_.insert(bytes_.end(), value.begin(), value.end()); }
  std::vector<std::uint8_t> finish() { return std::move(bytes_); }

 private:
  std::vector<std::uint8_t> bytes_;
};

/// Reads until something is wrong; then `failure` says what, and every further value is empty.
class Reader {
 public:
  Reader(ByteView bytes, std::shared_ptr<const void> owner)
      : bytes_(bytes), owner_(std::move(owner)) {}

  std::string failure;

  template <typename T>
  T number() {
    T value = 0;
    if (!core::take_number(bytes_, value)) fail("layer-truncated");
    return value;
  }
  ByteView raw() {
    const auto size = number<std::uint32_t>();
    if (size > bytes_.size()) {
      fail("layer-truncated");
      return {};
    }
    const ByteView value = bytes_.first(size);
    bytes_ = bytes_.subspan(size);
    return value;
  }
  std::string text() { return std::string(core::as_text(raw())); }

  /// Calls `read` for each element of a list whose elements take at least `smallest` bytes.
  template <typename Read>
  void list(std::size_t smallest, Read read) {
    const auto count = number<std::uint64_t>();
    if (count > bytes_.size() / smallest) return fail("layer-truncated");
    for (std::uint64_t i = 0; i < count && failure.empty(); ++i) read();
  }
  [[nodiscard]] bool is_at_end() const { return bytes_.empty(); }
  [[nodiscard]] const std::shared_ptr<const void>& owner() const { return owner_; }
  void fail(std::string reason) {
    if (failure.empty()) failure = std::move(reason);
    bytes_ = {};
  }

 private:
  ByteView bytes_;
  std::shared_ptr<const void> owner_;
};

void write_entries(const std::vector<FileEntry>& entries, Writer& out) {
  out.number(std::uint64_t{entries.size()});
  std::string_view before;
  for (const FileEntry& entry : entries) {
    const auto differs =
        std::mismatch(before.begin(), before.end(), entry.path.begin(), entry.path.end());
    const auto shared =
        std::min<std::size_t>(static_cast<std::size_t>(differs.first - before.begin()),
                              std::numeric_limits<std::uint16_t>::max());
    out.number(static_cast<std::uint16_t>(shared));
    out.text(std::string_view(entry.path).substr(shared));
    out.number(static_cast<std::uint8_t>(entry.kind));
    out.number(entry.mode);
    out.number(entry.size);
    out.text(entry.link_target);
    before = entry.path;
  }
}

void read_entries(Reader& in, std::vector<FileEntry>& entries) {
  in.list(kSmallestEntry, [&] {
    const std::size_t shared = in.number<std::uint16_t>();
    const std::string_view before = entries.empty() ? "" : std::string_view(entries.back().path);
    if (shared > before.size()) return in.fail("layer-value");
    FileEntry entry;
    entry.path = before.substr(0, shared);
    entry.path += core::as_text(in.raw());
    const auto kind = in.number<std::uint8_t>();
    if (kind > static_cast<std::uint8_t>(model::FileKind::opaque) ||
        entry.path.size() > core::limits::kMaxPathLength)
      return in.fail("layer-value");
    entry.kind = static_cast<model::FileKind>(kind);
    entry.mode = in.number<std::uint32_t>();
    entry.size = in.number<std::uint64_t>();
    entry.link_target = in.text();
    entries.push_back(std::move(entry));
  });
}

void write_elf_files(const std::map<std::string, model::ElfFacts>& files, Writer& out) {
  out.number(std::uint64_t{files.size()});
  for (const auto& [path, facts] : files) {
    const auto encoded = elf::encode_facts(facts);
    out.text(path);
    out.text(core::as_text(encoded));
  }
}

void read_elf_files(Reader& in, std::map<std::string, model::ElfFacts>& files) {
  in.list(kSmallestPair, [&] {
    std::string path = in.text();
    auto facts = elf::decode_facts(in.raw(), in.owner());
    if (!facts) return in.fail(facts.error().reason);
    files.insert_or_assign(files.end(), std::move(path), std::move(*facts));
  });
}

void write_texts(const Texts& texts, Writer& out) {
  out.number(std::uint64_t{texts.size()});
  for (const auto& [path, text] : texts) {
    out.text(path);
    out.text(text);
  }
}

void read_texts(Reader& in, Texts& texts) {
  in.list(kSmallestPair, [&] {
    std::string path = in.text();
    texts.insert_or_assign(texts.end(), std::move(path), in.text());
  });
}

void write_archives(const model::ArchiveMembers& archives, Writer& out) {
  out.number(std::uint64_t{archives.size()});
  for (const auto& [path, members] : archives) {
    out.text(path);
    write_entries(members, out);
  }
}

/// What is in an archive has a path below it: the tree relies on that.
void read_archives(Reader& in, model::ArchiveMembers& archives) {
  in.list(kSmallestArchive, [&] {
    const std::string path = in.text();
    std::vector<FileEntry>& members = archives[path];
    members.clear();
    read_entries(in, members);
    const std::string root = path + "!/";
    for (const FileEntry& member : members)
      if (!member.path.starts_with(root) || member.kind != model::FileKind::regular)
        return in.fail("layer-value");
  });
}

void write_problems(const std::vector<model::Problem>& problems, Writer& out) {
  out.number(std::uint64_t{problems.size()});
  for (const model::Problem& problem : problems)
    for (const std::string* text : {&problem.path, &problem.stage, &problem.code, &problem.message})
      out.text(*text);
}

void read_problems(Reader& in, std::vector<model::Problem>& problems) {
  in.list(kSmallestProblem, [&] {
    model::Problem problem;
    for (std::string* text : {&problem.path, &problem.stage, &problem.code, &problem.message})
      *text = in.text();
    problems.push_back(std::move(problem));
  });
}

std::vector<std::uint8_t> encode_body(const LayerFacts& facts) {
  Writer out;
  out.text(facts.digest);
  out.number(static_cast<std::uint8_t>(facts.verified));
  write_entries(facts.entries, out);
  write_elf_files(facts.elf_files, out);
  write_texts(facts.elf_sha256, out);
  write_texts(facts.metadata, out);
  write_texts(facts.shebangs, out);
  write_texts(facts.scripts, out);
  write_archives(facts.archives, out);
  write_problems(facts.problems, out);
  return out.finish();
}

LayerFacts decode_body(Reader& in) {
  LayerFacts facts;
  facts.digest = in.text();
  const auto verified = in.number<std::uint8_t>();
  if (verified > 1) in.fail("layer-value");
  facts.verified = verified == 1;
  read_entries(in, facts.entries);
  read_elf_files(in, facts.elf_files);
  read_texts(in, facts.elf_sha256);
  read_texts(in, facts.metadata);
  read_texts(in, facts.shebangs);
  read_texts(in, facts.scripts);
  read_archives(in, facts.archives);
  read_problems(in, facts.problems);
  return facts;
}

tl::unexpected<core::Error> undecodable(std::string reason) {
  return core::fail(core::ErrorCode::malformed, std::move(reason),
                    "the encoded facts of a layer cannot be read");
}

}  // namespace

std::vector<std::uint8_t> encode_layer(const LayerFacts& facts) {
  const auto body = encode_body(facts);
  Writer out;
  out.raw(core::as_bytes(kMagic));
  out.number(kLayerEncoding);
  out.raw(core::sha256(body));
  out.raw(body);
  return out.finish();
}

core::Result<LayerFacts> decode_layer(ByteView bytes, const std::shared_ptr<const void>& owner) {
  const auto magic = core::slice(bytes, 0, kMagic.size());
  const auto version = core::read_u32(bytes, kMagic.size(), core::ByteOrder::little);
  const auto digest = core::slice(bytes, kMagic.size() + 4, kDigestSize);
  if (!magic || !version || core::as_text(*magic) != kMagic || *version != kLayerEncoding)
    return undecodable("layer-encoding");
  if (!digest) return undecodable("layer-truncated");
  const ByteView body = bytes.subspan(kBodyAt);
  const auto found = core::sha256(body);
  if (!std::equal(found.begin(), found.end(), digest->begin()))
    return undecodable("layer-checksum");
  Reader in(body, owner);
  LayerFacts facts = decode_body(in);
  if (!in.failure.empty()) return undecodable(in.failure);
  if (!in.is_at_end()) return undecodable("layer-trailing");
  return facts;
}

}  // namespace muslcheck::cache
