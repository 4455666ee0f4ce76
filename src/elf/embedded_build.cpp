// Go (debug/buildinfo): 16 bytes that begin with "\xff Go buildinf:", aligned to 16, in a writable
// segment; then the flags say whether the texts follow with a varint before each (Go 1.18 and
// newer) or are behind pointers. The second text has 16 bytes before and behind it that tell where
// it is in a running program.
//
// Rust (rust-secure-code/cargo-auditable, PARSING.md): the section .dep-v0 has JSON, compressed
// with zlib; the package with "root": true is the program.
//
// .NET (dotnet/runtime src/native/corehost/apphost/bundle_marker.cpp): the SHA-256 of ".net core
// bundle" in a writable segment, and before it the offset of what was bundled, 0 in a plain
// apphost.

#include "elf/embedded_build.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "elf/sections.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::elf {
namespace {

using model::BuildKind;
using model::EmbeddedBuild;

constexpr std::string_view kGoMagic = "\xff Go buildinf:";
constexpr std::size_t kGoAlignment = 16;
constexpr std::size_t kGoHeader = 32;
constexpr std::size_t kGoSentinel = 16;
constexpr std::uint8_t kGoInlineTexts = 2;
constexpr std::uint8_t kGoBigEndian = 1;
constexpr unsigned kVarintBits = 7;
constexpr unsigned kMaxVarintShift = 28;
constexpr std::array<std::uint8_t, 32> kBundleMarker{
    0x8b, 0x12, 0x02, 0xb9, 0x6a, 0x61, 0x20, 0x38, 0x72, 0x7b, 0x93, 0x02, 0x14, 0xd7, 0xa0, 0x32,
    0x13, 0xf5, 0xb9, 0xe6, 0xef, 0xae, 0x33, 0x18, 0xee, 0x3b, 0x2d, 0xce, 0x24, 0xb3, 0x6a, 0xae};

/// Content of the writable segments, as far as they are looked through.
std::vector<core::ByteView> writable_parts(const BuildInput& input) {
  std::vector<core::ByteView> parts;
  std::uint64_t left = core::limits::kMaxMarkerSearch;
  for (const Segment& segment : input.segments) {
    if (segment.type != PT_LOAD || (segment.flags & PF_W) == 0) continue;
    const auto part = core::slice(input.file, segment.offset, std::min(segment.file_size, left));
    if (!part) continue;
    left -= part->size();
    parts.push_back(*part);
  }
  return parts;
}

/// A text of Go's newer form: its length as a varint, then its bytes.
std::optional<std::string_view> take_text(core::ByteView& rest) {
  std::uint64_t size = 0;
  for (unsigned shift = 0; shift <= kMaxVarintShift; shift += kVarintBits) {
    if (rest.empty()) return std::nullopt;
    const std::uint8_t byte = rest[0];
    rest = rest.subspan(1);
    size |= std::uint64_t{byte & 0x7fU} << shift;
    if ((byte & 0x80U) != 0) continue;
    const auto text = core::slice(rest, 0, size);
    if (!text || size > core::limits::kMaxBuildInfo) return std::nullopt;
    rest = rest.subspan(static_cast<std::size_t>(size));
    return core::as_text(*text);
  }
  return std::nullopt;
}

/// What is mapped at an address, at most `size` bytes.
core::ByteView mapped_at(const BuildInput& input, std::uint64_t address, std::uint64_t size) {
  const auto range = find_mapped(input.segments, address);
  if (!range) return {};
  return core::slice(input.file, range->offset, std::min(range->size, size))
      .value_or(core::ByteView());
}

/// A text of Go's older form: a pointer to a pointer and a length.
std::string_view text_behind(const BuildInput& input, std::uint64_t address, Layout layout) {
  const std::uint64_t word = layout.is_64 ? 8 : 4;
  const core::ByteView header = mapped_at(input, address, 2 * word);
  const auto at = read_word(header, 0, layout);
  const auto size = read_word(header, word, layout);
  if (!at || !size || *size > core::limits::kMaxBuildInfo) return {};
  const core::ByteView text = mapped_at(input, *at, *size);
  return text.size() == *size ? core::as_text(text) : std::string_view();
}

std::string_view without_sentinels(std::string_view lines) {
  if (lines.size() < 2 * kGoSentinel) return {};
  return lines.substr(kGoSentinel, lines.size() - 2 * kGoSentinel);
}

EmbeddedBuild read_go_header(const BuildInput& input, core::ByteView at) {
  const std::uint8_t flags = at[kGoMagic.size() + 1];
  if ((flags & kGoInlineTexts) != 0) {
    core::ByteView rest = at.subspan(kGoHeader);
    const auto toolchain = take_text(rest);
    const auto lines = toolchain ? take_text(rest) : std::nullopt;
    return parse_go_build(toolchain.value_or(""), without_sentinels(lines.value_or("")));
  }
  Layout layout = input.header.layout;
  layout.is_64 = at[kGoMagic.size()] == 8;
  layout.order = (flags & kGoBigEndian) != 0 ? core::ByteOrder::big : core::ByteOrder::little;
  const std::uint64_t word = layout.is_64 ? 8 : 4;
  const auto toolchain = read_word(at, kGoMagic.size() + 2, layout);
  const auto lines = read_word(at, kGoMagic.size() + 2 + word, layout);
  if (!toolchain || !lines) return {.kind = BuildKind::go};
  return parse_go_build(text_behind(input, *toolchain, layout),
                        without_sentinels(text_behind(input, *lines, layout)));
}

EmbeddedBuild read_go(const BuildInput& input) {
  for (const core::ByteView part : writable_parts(input)) {
    const std::string_view text = core::as_text(part);
    for (auto at = text.find(kGoMagic); at != std::string_view::npos;
         at = text.find(kGoMagic, at + 1))
      if (at % kGoAlignment == 0 && part.size() - at >= kGoHeader)
        return read_go_header(input, part.subspan(at));
  }
  return {.kind = BuildKind::go};
}

/// Uncompressed with a limit; empty if it is no zlib stream or is larger.
std::string inflate_all(core::ByteView bytes) {
  z_stream stream{};
  if (bytes.empty() || ::inflateInit(&stream) != Z_OK) return {};
  std::string out;
  std::array<char, 1U << 16U> buffer{};
  // zlib takes no pointer to const.
  stream.next_in = const_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(std::min<std::size_t>(bytes.size(), 1U << 30U));
  int status = Z_OK;
  while (status == Z_OK && out.size() <= core::limits::kMaxAuditable) {
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = static_cast<uInt>(buffer.size());
    status = ::inflate(&stream, Z_NO_FLUSH);
    out.append(buffer.data(), buffer.size() - stream.avail_out);
  }
  ::inflateEnd(&stream);
  const bool is_whole = status == Z_STREAM_END && out.size() <= core::limits::kMaxAuditable;
  return is_whole ? out : std::string();
}

/// The value of a text member of the innermost JSON object around a position. cargo auditable
/// writes flat objects in one list, so that no parser is needed for the one that is the program.
std::string member_of(std::string_view object, std::string_view name) {
  const std::string key = "\"" + std::string(name) + "\":\"";
  const auto at = object.find(key);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = object.substr(at + key.size());
  return std::string(rest.substr(0, std::min(rest.find('"'), core::limits::kMaxPackageField)));
}

EmbeddedBuild read_rust(core::ByteView section) {
  std::string json = inflate_all(section);
  const auto is_space = [](char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; };
  std::erase_if(json, is_space);
  const auto root = json.find("\"root\":true");
  if (root == std::string::npos) return {};
  const auto begin = json.rfind('{', root);
  const auto end = json.find('}', root);
  if (begin == std::string::npos || end == std::string::npos) return {};
  const std::string_view object = std::string_view(json).substr(begin, end - begin);
  return {.kind = BuildKind::rust,
          .name = member_of(object, "name"),
          .version = member_of(object, "version")};
}

EmbeddedBuild read_dotnet(const BuildInput& input) {
  const std::string_view marker = core::as_text(kBundleMarker);
  for (const core::ByteView part : writable_parts(input)) {
    const auto at = core::as_text(part).find(marker);
    if (at == std::string_view::npos || at < sizeof(std::uint64_t)) continue;
    const auto bundled =
        core::read_u64(part, at - sizeof(std::uint64_t), input.header.layout.order);
    return {.kind =
                bundled.value_or(0) == 0 ? BuildKind::dotnet_apphost : BuildKind::dotnet_bundle};
  }
  return {};
}

}  // namespace

EmbeddedBuild parse_go_build(std::string_view toolchain, std::string_view lines) {
  EmbeddedBuild build{.kind = BuildKind::go,
                      .toolchain = core::shortened(toolchain, core::limits::kMaxPackageField)};
  core::for_each_part(lines, '\n', [&](std::string_view line) {
    if (line.size() > core::limits::kMaxPackageField) return;
    const auto cells = core::split(line, '\t');
    if (cells[0] == "mod" && cells.size() >= 3) {
      build.name = cells[1];
      // What "go build" says of sources without a version.
      if (cells[2] != "(devel)") build.version = cells[2];
    } else if (cells[0] == "path" && cells.size() >= 2 && build.name.empty()) {
      build.name = cells[1];
    } else if (cells[0] == "build" && cells.size() >= 2 && cells[1].starts_with("CGO_ENABLED=")) {
      build.settings = cells[1];
    }
  });
  return build;
}

EmbeddedBuild read_embedded_build(const BuildInput& input) {
  if (input.is_go) return read_go(input);
  if (!input.is_program) return {};
  if (EmbeddedBuild rust = read_rust(find_section(input.file, input.header, ".dep-v0"));
      rust.kind != BuildKind::unknown)
    return rust;
  return read_dotnet(input);
}

}  // namespace muslcheck::elf
