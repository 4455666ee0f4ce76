#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "muslcheck/model/module.hpp"

namespace muslcheck::loader {

/// Collects errors in the order in which musl meets them: one per kind, asking object and subject.
class ErrorLog {
 public:
  /// Adds an error, or its count to the one that is there already. A fatal error takes the place
  /// in the order of a deferred one with the same cause: the deferred one was never printed.
  void add(model::LoadError error);

  [[nodiscard]] std::vector<model::LoadError> take();

 private:
  struct Entry {
    model::LoadError error;
    std::size_t position = 0;
  };
  std::map<std::string, Entry> entries_;
  std::size_t next_position_ = 0;
};

/// Collects why an answer is less than certain: facts that it takes for granted.
class AssumptionLog {
 public:
  void assume(std::string text, model::Confidence confidence = model::Confidence::likely);
  /// That `library` exports `symbol`; all symbols of a library become one sentence.
  void assume_export(const std::string& library, std::string symbol);

  void move_to(model::LoadResult& result);

 private:
  std::vector<std::string> texts_;
  model::Confidence confidence_ = model::Confidence::certain;
  std::vector<std::string> libraries_;  ///< in order of first use
  std::map<std::string, std::vector<std::string>> exports_;
};

}  // namespace muslcheck::loader
