#pragma once
/// gzip and other compression for tests, through libarchive.

#include <archive.h>
#include <archive_entry.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace muslcheck::test {

/// The content packed by one of libarchive's archive_write_add_filter functions.
inline std::string packed(int (*add_filter)(struct archive*), std::string_view content) {
  std::string bytes(content.size() + 65'536, '\0');
  std::size_t used = 0;
  struct archive* writer = archive_write_new();
  struct archive_entry* entry = archive_entry_new();
  add_filter(writer);
  archive_write_set_format_raw(writer);
  archive_write_set_bytes_per_block(writer, 0);
  archive_entry_set_filetype(entry, AE_IFREG);
  const bool done =
      archive_write_open_memory(writer, bytes.data(), bytes.size(), &used) == ARCHIVE_OK &&
      archive_write_header(writer, entry) == ARCHIVE_OK &&
      archive_write_data(writer, content.data(), content.size()) ==
          static_cast<la_ssize_t>(content.size()) &&
      archive_write_close(writer) == ARCHIVE_OK;
  archive_entry_free(entry);
  archive_write_free(writer);
  if (!done) throw std::runtime_error("packing failed");
  bytes.resize(used);
  return bytes;
}

/// The content as one gzip member.
inline std::string gzip(std::string_view content) {
  return packed(archive_write_add_filter_gzip, content);
}

}  // namespace muslcheck::test
