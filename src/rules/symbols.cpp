// Reads rules/targets/musl-symbols-ARCH.tsv: the dynamic symbols of musl's libc.so, each with the
// musl versions that have it. Guarantees that the history of a name has no overlaps, and that a
// newer musl has all names of an older one but those whose row says why they are gone.

#include <algorithm>

#include "rules/parts.hpp"
#include "rules/tsv.hpp"

namespace muslcheck::rules {
namespace {

std::optional<model::SymbolType> type_of(std::string_view word) {
  if (word == "function") return model::SymbolType::function;
  if (word == "object") return model::SymbolType::object;
  if (word == "tls") return model::SymbolType::tls;
  if (word == "none") return model::SymbolType::none;
  return std::nullopt;
}

std::optional<model::Binding> binding_of(std::string_view word) {
  if (word == "global") return model::Binding::global;
  if (word == "weak") return model::Binding::weak;
  return std::nullopt;
}

/// One row with its place in the list of musl versions.
struct Entry {
  SymbolHistory history;
  std::size_t first = 0;
  std::size_t last = 0;
  bool is_gone = false;  ///< the row says why later versions lack the name
};

/// The row as an entry, or what is wrong with it.
std::string read_entry(const TsvRow& row, const std::vector<std::string>& versions, Entry& entry) {
  const auto type = type_of(row.cells[1]);
  if (!type) return "unknown symbol type \"" + std::string(row.cells[1]) + "\"";
  const auto binding = binding_of(row.cells[2]);
  if (!binding) return "unknown binding \"" + std::string(row.cells[2]) + "\"";
  const auto first = std::find(versions.begin(), versions.end(), row.cells[3]);
  const auto last = std::find(versions.begin(), versions.end(), row.cells[4]);
  if (first == versions.end() || last == versions.end() || last < first)
    return "\"" + std::string(row.cells[3]) + "\" to \"" + std::string(row.cells[4]) +
           "\" is no range of musl versions";
  entry = {.history = {std::string(row.cells[0]), *type, *binding, *first, *last},
           .first = static_cast<std::size_t>(first - versions.begin()),
           .last = static_cast<std::size_t>(last - versions.begin()),
           .is_gone = !row.cells[5].empty()};
  return {};
}

/// What is wrong with two neighbouring rows, or "".
std::string check_neighbours(const Entry& before, const Entry& entry) {
  if (entry.history.name < before.history.name)
    return "\"" + entry.history.name + "\" is out of order";
  if (entry.history.name != before.history.name) return {};
  if (entry.first <= before.last)
    return "\"" + entry.history.name + "\" has two entries for musl " + entry.history.first;
  return {};
}

/// Whether `entry` has to say why it ends: later versions exist and the next row does not go on.
bool must_be_gone(const Entry& entry, const Entry* next, std::size_t newest) {
  if (entry.last == newest) return false;
  const bool goes_on =
      next != nullptr && next->history.name == entry.history.name && next->first == entry.last + 1;
  return !goes_on;
}

std::string check_end(const Entry& entry, const Entry* next, std::size_t newest) {
  const bool must = must_be_gone(entry, next, newest);
  if (must == entry.is_gone) return {};
  return must ? "\"" + entry.history.name + "\" ends with musl " + entry.history.last +
                    " and does not say why"
              : "\"" + entry.history.name + "\" says why it is gone but is not";
}

std::string arch_of(std::string_view file) {
  file.remove_prefix(kSymbolTables.size());
  return std::string(file.substr(0, file.rfind('.')));
}

}  // namespace

core::Result<void> read_symbols(std::string_view file, std::string_view text, RuleSet& rules) {
  const auto rows = read_tsv(file, text, {"name", "type", "binding", "first", "last", "gone"});
  if (!rows) return tl::make_unexpected(rows.error());
  std::vector<Entry> entries(rows->size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    std::string wrong = read_entry((*rows)[i], rules.musl_versions, entries[i]);
    if (wrong.empty() && i > 0) wrong = check_neighbours(entries[i - 1], entries[i]);
    if (!wrong.empty()) return tl::make_unexpected(bad_line(file, (*rows)[i].line, wrong));
  }
  std::vector<SymbolHistory>& list = rules.musl_symbols[arch_of(file)];
  list.reserve(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Entry* next = i + 1 < entries.size() ? &entries[i + 1] : nullptr;
    const std::string wrong = check_end(entries[i], next, rules.musl_versions.size() - 1);
    if (!wrong.empty()) return tl::make_unexpected(bad_line(file, (*rows)[i].line, wrong));
  }
  for (Entry& entry : entries) list.push_back(std::move(entry.history));
  return {};
}

}  // namespace muslcheck::rules
