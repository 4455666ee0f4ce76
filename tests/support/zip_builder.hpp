#pragma once
/// Writes zip archives byte by byte, so that tests can say what no honest program would: sizes that
/// lie, members that overlap, directories cut in the middle.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support/gzip.hpp"

namespace muslcheck::test {

/// What the directory says about a member, where it is not the truth.
struct ZipLie {
  int method = -1;
  int flags = 0;
  std::int64_t size = -1;
  std::int64_t packed = -1;
  std::int64_t offset = -1;
  std::int64_t crc32 = -1;
  std::uint32_t mode = 0100644;
  bool zip64 = false;  ///< the sizes and the offset stand in the zip64 field
};

class ZipBuilder {
 public:
  /// What stands before the archive; the offsets do not count it.
  explicit ZipBuilder(std::string_view before = {}) : before_(before) {}

  ZipBuilder& stored(std::string_view name, std::string_view content, const ZipLie& lie = {}) {
    return member(name, 0, content, content, lie);
  }
  ZipBuilder& deflated(std::string_view name, std::string_view content, const ZipLie& lie = {}) {
    const std::string packed = gzip(content);  // 10 bytes before the data and 8 behind it
    return member(name, 8, content, std::string_view(packed).substr(10, packed.size() - 18), lie);
  }
  /// Another record for the bytes of the first member.
  ZipBuilder& again(std::string_view name) {
    records_.push_back(record_of(name, first_));
    return *this;
  }
  ZipBuilder& comment(std::string_view text) {
    comment_ = text;
    return *this;
  }

  [[nodiscard]] std::string finish() const {
    std::string records;
    for (const std::string& record : records_) records += record;
    std::string end = "PK\5\6" + number(0, 4);
    end += number(records_.size(), 2) + number(records_.size(), 2);
    end += number(records.size(), 4) + number(data_.size(), 4);
    end += number(comment_.size(), 2) + comment_;
    return before_ + data_ + records + end;
  }

  /// With the end record of zip64, and nothing in the old one.
  [[nodiscard]] std::string finish64() const {
    std::string records;
    for (const std::string& record : records_) records += record;
    std::string end = "PK\6\6" + number(44, 8) + number(45, 2) + number(45, 2) + number(0, 8);
    end += number(records_.size(), 8) + number(records_.size(), 8);
    end += number(records.size(), 8) + number(data_.size(), 8);
    end += "PK\6\7" + number(0, 4) + number(data_.size() + records.size(), 8) + number(1, 4);
    end += "PK\5\6" + number(0, 4) + number(0xffff, 2) + number(0xffff, 2);
    end += number(0xffffffff, 4) + number(0xffffffff, 4) + number(0, 2);
    return before_ + data_ + records + end;
  }

  static std::uint32_t crc32(std::string_view bytes) {
    std::uint32_t crc = 0xffffffff;
    for (const char byte : bytes) {
      crc ^= static_cast<std::uint8_t>(byte);
      for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xedb88320 : 0);
    }
    return ~crc;
  }

 private:
  struct Record {
    std::uint64_t method = 0, flags = 0, crc32 = 0, packed = 0, size = 0, offset = 0;
    std::uint32_t mode = 0;
    bool zip64 = false;
  };

  static std::string number(std::uint64_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i, value >>= 8U) text += static_cast<char>(value & 0xffU);
    return text;
  }
  static std::uint64_t or_else(std::int64_t lie, std::uint64_t truth) {
    return lie < 0 ? truth : static_cast<std::uint64_t>(lie);
  }

  ZipBuilder& member(std::string_view name, int method, std::string_view content,
                     std::string_view packed, const ZipLie& lie) {
    Record record{.method = or_else(lie.method, static_cast<std::uint64_t>(method)),
                  .flags = static_cast<std::uint64_t>(lie.flags),
                  .crc32 = or_else(lie.crc32, crc32(content)),
                  .packed = or_else(lie.packed, packed.size()),
                  .size = or_else(lie.size, content.size()),
                  .offset = or_else(lie.offset, data_.size()),
                  .mode = lie.mode,
                  .zip64 = lie.zip64};
    if (records_.empty()) first_ = record;
    records_.push_back(record_of(name, record));
    // As for a member of unknown size: flag 3, and what is known in a descriptor behind the data.
    data_ += "PK\3\4" + number(20, 2) + number(8, 2) + number(record.method, 2) + number(0, 16);
    data_ += number(name.size(), 2) + number(0, 2) + std::string(name) + std::string(packed);
    data_ +=
        "PK\7\10" + number(record.crc32, 4) + number(record.packed, 4) + number(record.size, 4);
    return *this;
  }

  static std::string record_of(std::string_view name, const Record& record) {
    const auto in_32 = [&](std::uint64_t value) {
      return number(record.zip64 ? 0xffffffff : value, 4);
    };
    std::string extra;
    if (record.zip64)
      extra = number(0x5455, 2) + number(1, 2) + "t" + number(1, 2) + number(24, 2) +
              number(record.size, 8) + number(record.packed, 8) + number(record.offset, 8);
    return "PK\1\2" + number(20, 1) + number(3, 1) + number(20, 2) + number(record.flags, 2) +
           number(record.method, 2) + number(0, 4) + number(record.crc32, 4) +
           in_32(record.packed) + in_32(record.size) + number(name.size(), 2) +
           number(extra.size(), 2) + number(0, 2) + number(0, 4) +
           number(std::uint64_t{record.mode} << 16U, 4) + in_32(record.offset) + std::string(name) +
           extra;
  }

  std::string before_;
  std::string data_;
  std::vector<std::string> records_;
  Record first_;
  std::string comment_;
};

}  // namespace muslcheck::test
