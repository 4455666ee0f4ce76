#pragma once
/// Writes packages byte by byte: ar archives (.deb), rpm headers and cpio payloads, gems.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/gzip.hpp"
#include "support/tar_builder.hpp"

namespace muslcheck::test {

/// `text` with spaces behind it, `width` long.
inline std::string padded(std::string_view text, std::size_t width) {
  std::string field(text);
  field.resize(width, ' ');
  return field;
}

/// One member of an ar archive; `size` is what its header says.
inline std::string ar_member(std::string_view name, std::string_view content,
                             std::string_view size) {
  std::string member = padded(name, 16) + padded("0", 12) + padded("0", 6) + padded("0", 6) +
                       padded("100644", 8) + padded(size, 10) + "`\n";
  member += content;
  if (content.size() % 2 != 0) member += '\n';
  return member;
}
inline std::string ar_member(std::string_view name, std::string_view content) {
  return ar_member(name, content, std::to_string(content.size()));
}

inline std::string deb_start() { return "!<arch>\n" + ar_member("debian-binary", "2.0\n"); }

/// "control.tar.gz" of a package called sample.
inline std::string deb_control(std::string_view architecture = "amd64") {
  const std::string control =
      "Package: sample\nVersion: 1.0-2\nArchitecture: " + std::string(architecture) +
      "\nMaintainer: A <a@b.example>\n";
  return ar_member(
      "control.tar.gz",
      gzip(TarBuilder().directory("./").file("./control", control).file("./md5sums", "").finish()));
}

/// A file of a cpio archive in the form that rpm writes ("newc").
struct CpioFile {
  std::string name;
  std::string content = {};
  std::uint32_t mode = 0100644;
  std::uint32_t inode = 1;
  std::uint32_t links = 1;
};

inline std::string cpio_member(const CpioFile& file) {
  const auto number = [](std::uint64_t value) {
    std::string text(8, '0');
    for (std::size_t i = 8; i > 0; --i, value >>= 4U) text[i - 1] = "0123456789abcdef"[value & 15U];
    return text;
  };
  const auto fill = [](std::string& text) { text.append((4 - text.size() % 4) % 4, '\0'); };
  std::string member = "070701" + number(file.inode) + number(file.mode) + number(0) + number(0) +
                       number(file.links) + number(0) + number(file.content.size()) + number(0) +
                       number(0) + number(0) + number(0) + number(file.name.size() + 1) + number(0);
  member += file.name + '\0';
  fill(member);
  member += file.content;
  fill(member);
  return member;
}

inline std::string cpio(const std::vector<CpioFile>& files) {
  std::string archive;
  for (const CpioFile& file : files) archive += cpio_member(file);
  return archive + cpio_member({.name = "TRAILER!!!", .inode = 0, .links = 0});
}

inline std::string big_endian(std::uint32_t value) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8)
    text += static_cast<char>(value >> static_cast<unsigned>(shift) & 0xffU);
  return text;
}

/// A header of rpm with tags of type STRING, and with its magic number.
inline std::string rpm_header(const std::vector<std::pair<std::uint32_t, std::string>>& tags) {
  std::string index;
  std::string data;
  for (const auto& [tag, text] : tags) {
    index += big_endian(tag) + big_endian(6) + big_endian(static_cast<std::uint32_t>(data.size())) +
             big_endian(1);
    data += text + '\0';
  }
  return std::string("\x8e\xad\xe8\x01\0\0\0\0", 8) +
         big_endian(static_cast<std::uint32_t>(tags.size())) +
         big_endian(static_cast<std::uint32_t>(data.size())) + index + data;
}

/// Lead and signature, up to the main header.
inline std::string rpm_start() {
  std::string start("\xed\xab\xee\xdb\3\0", 6);
  start.resize(96, '\0');
  start += rpm_header({{1000, "x"}});  // 96 + 34 bytes: padding has to follow
  start.append((8 - start.size() % 8) % 8, '\0');
  return start;
}

inline std::string rpm_main_header(std::string_view architecture = "aarch64") {
  return rpm_header({{1000, "sample"}, {1001, "1.0"}, {1022, std::string(architecture)}});
}

}  // namespace muslcheck::test
