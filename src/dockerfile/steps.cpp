// Walks over the stages as a build does, with the variables and the working directory of each
// place, and notes what BuildKit, the older builder or kaniko would write into the history.
//
// Two walks: one takes the defaults of ARG, the other takes every ARG that the build was not told
// here for unknown, because whoever built the image may have given it another value. Variables of
// the base image are those of the finished image, unless an instruction sets them.

#include "dockerfile/steps.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "dockerfile/expand.hpp"
#include "dockerfile/lines.hpp"
#include "dockerfile/variables.hpp"
#include "dockerfile/words.hpp"
#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/text.hpp"
#include "muslcheck/model/history.hpp"

namespace muslcheck::dockerfile {
namespace {

const std::string kUnknown(1, kAnything);

/// A path of the image from its root. What does not begin at the root begins in `folder`; where
/// that is unknown, so is the start of the result.
std::string absolute_path(const std::string& folder, std::string_view path) {
  if (path.starts_with(kAnything)) return std::string(path);
  if (path.starts_with('/')) return "/" + core::normalize_path(path);
  if (!folder.starts_with(kAnything))
    return "/" + core::normalize_path(folder + "/" + std::string(path));
  const std::string rest = core::normalize_path(path);
  return rest.empty() ? folder : folder + "/" + rest;
}

/// What a RUN executes, as its history has it, the shell left out.
std::string command_of(const Instruction& run) {
  if (run.exec_form) return core::one_line(core::join(run.words, " "));
  if (run.heredocs.empty()) return core::one_line(run.arguments);
  const Heredoc& first = run.heredocs.front();
  if (run.heredocs.size() == 1 && split_words(run.arguments).size() == 1)
    return first.content.starts_with("#!") ? "/dev/pipes/" + first.name
                                           : core::one_line(first.content);
  std::string text = run.arguments;
  for (const Heredoc& heredoc : run.heredocs) text += "\n" + heredoc.content + heredoc.name;
  return core::one_line(text);
}

void add_once(std::vector<std::string>& texts, std::string text) {
  if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(std::move(text));
}

class Walk {
 public:
  Walk(const Dockerfile& dockerfile, const RuntimeStage& runtime, const BuildRequest& request,
       const model::ImageConfig& config, bool defaults_hold)
      : dockerfile_(dockerfile),
        request_(request),
        defaults_hold_(defaults_hold),
        global_(global_variables(dockerfile, request)),
        platform_(platform_variables(request.platform)),
        folder_(runtime.base_image == "scratch" ? "/" : kUnknown) {
    for (const std::string& variable : config.env) {
      const std::size_t equals = std::min(variable.find('='), variable.size() - 1);
      if (!variable.empty()) base_[variable.substr(0, equals)] = variable.substr(equals + 1);
    }
    for (const std::size_t stage : runtime.chain)
      for (const Instruction& instruction : dockerfile.stages[stage].instructions)
        if (instruction.keyword == "ENV")
          for (const Assignment& variable : instruction.assignments)
            base_[variable.name] = kUnknown;
  }

  std::vector<Step> run(const std::vector<std::size_t>& chain) {
    for (std::size_t i = 0; i < chain.size(); ++i) {
      args_.clear();
      if (i > 0) run_triggers(chain[i - 1]);
      for (const Instruction& instruction : dockerfile_.stages[chain[i]].instructions)
        visit(instruction, chain[i]);
    }
    return std::move(steps_);
  }

 private:
  /// ONBUILD of a stage runs at the start of each stage that is FROM it.
  void run_triggers(std::size_t stage) {
    for (const Instruction& instruction : dockerfile_.stages[stage].instructions)
      for (const Instruction& trigger : instruction.trigger) visit(trigger, stage);
  }

  void visit(const Instruction& instruction, std::size_t stage) {
    if (instruction.keyword == "ENV") return visit_env(instruction);
    if (instruction.keyword == "ARG") return visit_arg(instruction);
    Step step{.instruction = &instruction, .stage = stage};
    if (instruction.keyword == "RUN") {
      const std::string command = command_of(instruction);
      add_once(step.patterns, command);
      add_once(step.patterns, std::string(model::without_shell(command)));
    } else if (instruction.keyword == "COPY" || instruction.keyword == "ADD") {
      describe_copy(instruction, step);
    } else if (instruction.keyword == "WORKDIR") {
      const std::string path = expanded(instruction.arguments);
      folder_ = absolute_path(folder_, path);
      if (folder_.size() > core::limits::kMaxPathLength) folder_ = kUnknown;
      add_once(step.patterns, folder_);
      add_once(step.patterns, path);
    } else {
      return;
    }
    steps_.push_back(std::move(step));
  }

  void visit_env(const Instruction& instruction) {
    // All of one instruction see the variables from before it.
    Variables values;
    for (const Assignment& variable : instruction.assignments)
      set_variable(values, variable.name, expanded(variable.value.value_or("")), room_);
    for (auto& [name, value] : values) env_[name] = std::move(value);
  }

  void visit_arg(const Instruction& instruction) {
    for (const Assignment& argument : instruction.assignments)
      if (auto value = argument_value(argument))
        set_variable(args_, argument.name, std::move(*value), room_);
  }

  [[nodiscard]] std::optional<std::string> argument_value(const Assignment& argument) {
    const auto told = request_.build_args.find(argument.name);
    if (told != request_.build_args.end()) return told->second;
    if (const auto value = find_variable(platform_, argument.name); value && !argument.value)
      return argument.name.starts_with("BUILD") ? kUnknown : *value;
    if (!defaults_hold_) return kUnknown;
    if (argument.value) return expanded(*argument.value);
    return find_variable(global_, argument.name);
  }

  void describe_copy(const Instruction& instruction, Step& step) {
    if (instruction.words.size() < 2) return;
    std::string text;
    std::string documents;
    for (std::size_t i = 0; i + 1 < instruction.words.size(); ++i) {
      const std::string& word = instruction.words[i];
      const auto heredoc = instruction.exec_form ? std::nullopt : parse_heredoc_word(word);
      if (heredoc) {
        documents += "<<" + heredoc->name + " ";
      } else {
        text += expanded(word) + " ";
      }
    }
    const std::string destination = expanded(instruction.words.back());
    step.patterns.push_back(core::one_line(text + documents + destination));
    add_once(step.destinations, plain_destination(destination));
    add_once(step.destinations, plain_destination(absolute_path(folder_, destination)));
  }

  [[nodiscard]] std::optional<std::string> find(std::string_view name) const {
    for (const Variables* variables : {&env_, &args_, &base_})
      if (auto value = find_variable(*variables, name)) return value;
    return std::nullopt;
  }

  /// Unknown where the word cannot be understood or there is no room for more.
  std::string expanded(const std::string& word) {
    if (word.find_first_of("$'\"`\\") == std::string::npos) return word;
    // A pattern costs more than the text that it leaves.
    constexpr std::size_t kPatternCost = 64;
    const bool may_cut = word.find('{') != std::string::npos;
    const std::size_t cost = may_cut ? word.size() * kPatternCost : word.size();
    if (cost > room_) return kUnknown;
    room_ -= cost;
    const auto result = expand(
        word, [&](std::string_view name) { return find(name); }, dockerfile_.escape);
    if (!result || result->size() > room_) return kUnknown;
    room_ -= result->size();
    return *result;
  }

  const Dockerfile& dockerfile_;
  const BuildRequest& request_;
  bool defaults_hold_;
  Variables global_;
  Variables platform_;
  Variables base_;
  Variables env_;
  Variables args_;  ///< of this stage, declared so far
  std::string folder_;
  std::size_t room_ = core::limits::kMaxDockerfileText;
  std::vector<Step> steps_;
};

}  // namespace

std::string plain_destination(std::string_view destination) {
  if (destination == "/") return "/";
  while (destination.starts_with("./")) destination.remove_prefix(2);
  while (destination.ends_with('/')) destination.remove_suffix(1);
  return destination == "." ? std::string() : std::string(destination);
}

std::vector<Step> expected_steps(const Dockerfile& dockerfile, const RuntimeStage& runtime,
                                 const BuildRequest& request, const model::ImageConfig& config) {
  auto steps = Walk(dockerfile, runtime, request, config, true).run(runtime.chain);
  const auto loose = Walk(dockerfile, runtime, request, config, false).run(runtime.chain);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    for (const std::string& pattern : loose[i].patterns) add_once(steps[i].patterns, pattern);
    for (const std::string& pattern : loose[i].destinations)
      add_once(steps[i].destinations, pattern);
  }
  return steps;
}

}  // namespace muslcheck::dockerfile
