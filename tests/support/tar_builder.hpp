#pragma once
/// Writes tar archives byte by byte, so that tests can say what no honest tar program would: names
/// that leave the root, wrong sizes, archives cut in the middle.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace muslcheck::test {

class TarBuilder {
 public:
  TarBuilder& file(std::string_view name, std::string_view content, unsigned mode = 0644) {
    return member(name, '0', {}, content, mode);
  }
  TarBuilder& directory(std::string_view name) { return member(name, '5', {}, {}, 0755); }
  TarBuilder& soft_link(std::string_view name, std::string_view target) {
    return member(name, '2', target, {}, 0777);
  }
  TarBuilder& hard_link(std::string_view name, std::string_view target) {
    return member(name, '1', target, {}, 0644);
  }
  TarBuilder& fifo(std::string_view name) { return member(name, '6', {}, {}, 0644); }

  /// PAX records for the next member: "path", "size", "GNU.sparse.major", ...
  TarBuilder& pax(std::string_view key, std::string_view value) {
    const std::string body = " " + std::string(key) + "=" + std::string(value) + "\n";
    std::size_t length = body.size() + 1;
    while (std::to_string(length).size() + body.size() != length) ++length;
    return member("pax", 'x', {}, std::to_string(length) + body, 0644);
  }

  /// A file whose header promises `size` bytes and of which only `content` is there.
  TarBuilder& lying_file(std::string_view name, std::uint64_t size, std::string_view content) {
    header(name, '0', {}, size, 0644);
    return data(content);
  }

  /// A GNU sparse file (old format) of `size` bytes with data at one offset.
  TarBuilder& sparse_file(std::string_view name, std::uint64_t size, std::uint64_t offset,
                          std::string_view content) {
    std::string block = make_header(name, 'S', {}, content.size(), 0644);
    put(block, 257, std::string_view("ustar  \0", 8));
    put(block, 386, octal(offset, 11));
    put(block, 398, octal(content.size(), 11));
    put(block, 483, octal(size, 11));
    bytes_ += with_checksum(std::move(block));
    return data(content);
  }

  /// The archive with its two blocks of zeros at the end.
  [[nodiscard]] std::string finish() const { return bytes_ + std::string(1024, '\0'); }
  /// What was written so far, without an end.
  [[nodiscard]] const std::string& unfinished() const { return bytes_; }

 private:
  TarBuilder& member(std::string_view name, char type, std::string_view link,
                     std::string_view content, unsigned mode) {
    header(name, type, link, content.size(), mode);
    return data(content);
  }

  void header(std::string_view name, char type, std::string_view link, std::uint64_t size,
              unsigned mode) {
    bytes_ += with_checksum(make_header(name, type, link, size, mode));
  }

  TarBuilder& data(std::string_view content) {
    bytes_ += content;
    bytes_.append((512 - content.size() % 512) % 512, '\0');
    return *this;
  }

  static void put(std::string& block, std::size_t at, std::string_view text) {
    block.replace(at, text.size(), text);
  }

  static std::string octal(std::uint64_t value, std::size_t digits) {
    std::string text(digits, '0');
    for (std::size_t i = digits; i > 0 && value != 0; --i, value >>= 3U)
      text[i - 1] = static_cast<char>('0' + (value & 7U));
    return text;
  }

  static std::string make_header(std::string_view name, char type, std::string_view link,
                                 std::uint64_t size, unsigned mode) {
    std::string block(512, '\0');
    put(block, 0, name.substr(0, 100));
    put(block, 100, octal(mode, 7));
    put(block, 108, octal(0, 7));
    put(block, 116, octal(0, 7));
    put(block, 124, octal(size, 11));
    put(block, 136, octal(0, 11));
    block[156] = type;
    put(block, 157, link.substr(0, 100));
    put(block, 257,
        std::string_view("ustar\0"
                         "00",
                         8));
    return block;
  }

  static std::string with_checksum(std::string block) {
    put(block, 148, "        ");
    std::uint64_t sum = 0;
    for (const char c : block) sum += static_cast<std::uint8_t>(c);
    put(block, 148, octal(sum, 6));
    block[154] = '\0';
    return block;
  }

  std::string bytes_;
};

}  // namespace muslcheck::test
