#pragma once
/// What is asked for, checked and looked up before anything of the image is read.

#include <optional>
#include <string>
#include <vector>

#include "muslcheck/core/deadline.hpp"
#include "muslcheck/core/result.hpp"
#include "muslcheck/rules/rules.hpp"
#include "muslcheck/scan/scan.hpp"
#include "muslcheck/source/source.hpp"
#include "scan/layer_origins.hpp"
#include "scan/own_target.hpp"

namespace muslcheck::scan {

struct Request {
  source::Reference reference;        ///< what to read
  std::string target;                 ///< as it was given; empty: to be chosen
  std::vector<std::string> releases;  ///< if it is several, oldest first
  std::optional<OwnTarget> profile;   ///< if it is one
  std::optional<Build> build;         ///< the Dockerfile, if one was given
  core::Deadline deadline;
  int jobs = 1;
};

/// Errors: bad_data for rules of a kind that nothing knows, usage for a target that does not exist,
/// those of reading a profile or a Dockerfile, those of source::parse_reference.
[[nodiscard]] core::Result<Request> check_request(const ScanOptions& options,
                                                  const rules::RuleSet& rules);

}  // namespace muslcheck::scan
