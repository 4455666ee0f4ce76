// Grouping of what the model finds: relocations with the same cause become one error with a count,
// and assumptions about the same library become one sentence.

#include "loader/error_log.hpp"

#include <algorithm>
#include <utility>

#include "muslcheck/core/text.hpp"

namespace muslcheck::loader {
namespace {

/// Symbols named in one assumption before "and N more".
constexpr std::size_t kNamedSymbols = 5;

std::string key_of(const model::LoadError& error) {
  std::string key = std::to_string(static_cast<int>(error.kind));
  key.append(1, '\0').append(error.needed_by).append(1, '\0').append(error.subject);
  return key;
}

std::string export_sentence(const std::string& library, std::vector<std::string> symbols) {
  const std::size_t count = symbols.size();
  if (count > kNamedSymbols) {
    symbols.resize(kNamedSymbols);
    symbols.push_back("and " + std::to_string(count - kNamedSymbols) + " more");
  }
  return library + " exports " + core::join(symbols, ", ");
}

}  // namespace

void ErrorLog::add(model::LoadError error) {
  const std::string key = key_of(error);
  const auto found = entries_.find(key);
  if (found == entries_.end()) {
    entries_.emplace(key, Entry{std::move(error), next_position_++});
    return;
  }
  Entry& entry = found->second;
  entry.error.count += error.count;
  if (entry.error.lazy && !error.lazy) {
    error.count = entry.error.count;
    entry = {std::move(error), next_position_++};
  }
}

std::vector<model::LoadError> ErrorLog::take() {
  std::vector<Entry> ordered;
  ordered.reserve(entries_.size());
  for (auto& [key, entry] : entries_) ordered.push_back(std::move(entry));
  entries_.clear();
  std::sort(ordered.begin(), ordered.end(),
            [](const Entry& a, const Entry& b) { return a.position < b.position; });
  std::vector<model::LoadError> errors;
  errors.reserve(ordered.size());
  for (Entry& entry : ordered) errors.push_back(std::move(entry.error));
  return errors;
}

void AssumptionLog::assume(std::string text, model::Confidence confidence) {
  confidence_ = std::max(confidence_, confidence);
  if (std::find(texts_.begin(), texts_.end(), text) == texts_.end())
    texts_.push_back(std::move(text));
}

void AssumptionLog::assume_export(const std::string& library, std::string symbol) {
  confidence_ = std::max(confidence_, model::Confidence::likely);
  const auto [entry, is_new] = exports_.try_emplace(library);
  if (is_new) libraries_.push_back(library);
  std::vector<std::string>& symbols = entry->second;
  if (std::find(symbols.begin(), symbols.end(), symbol) == symbols.end())
    symbols.push_back(std::move(symbol));
}

void AssumptionLog::move_to(model::LoadResult& result) {
  for (const std::string& library : libraries_)
    texts_.push_back(export_sentence(library, std::move(exports_[library])));
  result.assumptions = std::move(texts_);
  result.confidence = std::max(result.confidence, confidence_);
}

}  // namespace muslcheck::loader
