#pragma once
/// What a source gives, as values that tests compare.

#include <map>
#include <string>
#include <vector>

#include "muslcheck/source/source.hpp"

namespace muslcheck::test {

struct Listing {
  std::vector<model::FileEntry> entries;
  std::map<std::string, std::string> contents;  ///< by path, of regular files
  std::map<std::string, std::string> failures;  ///< reasons, by path
  std::vector<model::Problem> problems;
  std::string error;  ///< reason; empty if the layer was read

  [[nodiscard]] std::vector<std::string> paths() const {
    std::vector<std::string> all;
    for (const auto& entry : entries) all.push_back(entry.path);
    return all;
  }
  [[nodiscard]] std::vector<std::string> codes() const {
    std::vector<std::string> all;
    for (const auto& problem : problems) all.push_back(problem.code);
    return all;
  }
  [[nodiscard]] const model::FileEntry* find(const std::string& path) const {
    for (const auto& entry : entries)
      if (entry.path == path) return &entry;
    return nullptr;
  }
};

/// Takes an entry into a listing: its head, then all of it.
inline void take(Listing& listing, const model::FileEntry& entry, source::Content& content) {
  listing.entries.push_back(entry);
  if (entry.kind != model::FileKind::regular) return;
  const auto head = content.head(4);
  const std::string start = head ? std::string(core::as_text(*head)) : std::string();
  const auto all = content.all();
  if (!all) {
    listing.failures[entry.path] = all.error().reason;
  } else if (core::as_text(*all).substr(0, 4) != start) {
    listing.failures[entry.path] = "head differs from all";
  } else {
    listing.contents[entry.path] = core::as_text(*all);
  }
}

inline Listing list_layer(source::Source& source, std::size_t index = 0) {
  Listing listing;
  core::InlineTasks tasks;
  const auto result = source.read_layer(
      index,
      [&](const model::FileEntry& entry, source::Content& content) -> core::Result<void> {
        take(listing, entry, content);
        return {};
      },
      listing.problems, tasks);
  if (!result) listing.error = result.error().reason;
  return listing;
}

}  // namespace muslcheck::test
