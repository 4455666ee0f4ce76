// What a build adds is more than what runs: which packages are for building alone is data
// (rules/dockerfile.json), and the library of headers is found by its name among the packages that
// have libraries.

#include "plan/runtime_packages.hpp"

#include <set>

#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"
#include "plan/run_lines.hpp"

namespace muslcheck::plan {
namespace {

using dockerfile::Instruction;

/// The package of the libraries that headers belong to: "icu-libs" of "icu-dev". Empty if none of
/// such a name has a library.
std::string library_of_headers(std::string_view package, const rules::RuleSet& rules) {
  constexpr std::string_view kEnd = "-dev";
  if (!package.ends_with(kEnd)) return {};
  const std::string stem(package.substr(0, package.size() - kEnd.size()));
  for (const std::string& name : {stem + "-libs", "lib" + stem, stem}) {
    const auto has_name = [&](const rules::SonamePackage& one) { return one.apk == name; };
    if (core::find_where(rules.sonames, has_name) != nullptr) return name;
  }
  return {};
}

class Collector {
 public:
  Collector(const rules::RuleSet& rules, char escape) : rules_(rules), escape_(escape) {}

  void add(const Instruction& instruction) {
    const std::string& keyword = instruction.keyword;
    for (const ShellCommand& command : commands_of(instruction, escape_)) {
      if (keyword == "RUN") add_packages(command);
      if (keyword == "CMD" || keyword == "ENTRYPOINT" || keyword == "HEALTHCHECK")
        add_tool(program_of(command));
    }
  }

  std::set<std::string> packages;
  std::vector<std::string> headers;

 private:
  void add_packages(const ShellCommand& command) {
    if (!core::matches_glob("apk *add *", plain_text(command))) return;
    for (std::size_t i = program_index(command) + 2; i < command.words.size(); ++i) {
      const std::string word = unquoted(command.words[i].text);
      if (word.starts_with('-') || word.find_first_of("$>") != std::string::npos) continue;
      const std::string library = library_of_headers(word, rules_);
      if (!library.empty()) packages.insert(library);
      if (library.empty() && word.ends_with("-dev")) headers.push_back(word);
      if (!core::matches_any(rules_.dockerfile.build_only, word)) packages.insert(word);
    }
  }

  /// Interpreters of the image itself are no tools.
  void add_tool(const std::string& program) {
    const auto tool = rules_.dockerfile.tools.find(program);
    const bool own = program.starts_with("python") || program.starts_with("pip");
    if (tool != rules_.dockerfile.tools.end() && !own) packages.insert(tool->second);
  }

  const rules::RuleSet& rules_;
  char escape_;
};

}  // namespace

RuntimePackages runtime_packages(const dockerfile::Stage& stage, char escape,
                                 const rules::RuleSet& rules,
                                 const std::vector<std::string>& more) {
  Collector collector(rules, escape);
  collector.packages.insert(more.begin(), more.end());
  for (const Instruction& instruction : stage.instructions) collector.add(instruction);
  return {.apk = {collector.packages.begin(), collector.packages.end()},
          .headers = std::move(collector.headers)};
}

}  // namespace muslcheck::plan
