// What an image says about itself.

#include "muslcheck/model/image.hpp"

#include "muslcheck/core/search.hpp"

namespace muslcheck::model {

bool SourceInfo::starts(std::string_view path) const {
  return core::find_where(program, [&](const StartStep& step) { return step.path == path; }) !=
         nullptr;
}

}  // namespace muslcheck::model
