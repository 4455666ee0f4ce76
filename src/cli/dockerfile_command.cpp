// `muslcheck dockerfile`: a Dockerfile in, a patch out. It looks at no image, so it knows nothing
// of what the application brings along.

#include <cstdio>
#include <utility>

#include "cli/commands.hpp"
#include "muslcheck/core/text.hpp"
#include "muslcheck/dockerfile/dockerfile.hpp"
#include "muslcheck/plan/dockerfile_patch.hpp"
#include "muslcheck/target/target.hpp"

namespace muslcheck::cli {
namespace {

constexpr const char* kArch = "x86_64";  // releases are the same for all

core::Result<plan::DockerfilePatch> make_patch(const DockerfileCommand& command,
                                               const rules::RuleSet& rules) {
  const bool given = !command.target.empty();
  const auto target = target::make_target(rules, given ? command.target : "alpine", kArch);
  if (!target) return tl::make_unexpected(target.error());
  auto arguments = dockerfile::parse_build_args(command.build_args);
  if (!arguments) return tl::make_unexpected(arguments.error());
  const auto text = dockerfile::read_dockerfile(command.file);
  if (!text) return tl::make_unexpected(text.error());
  const auto parsed = dockerfile::parse_dockerfile(*text, command.file);
  if (!parsed) return tl::make_unexpected(parsed.error());
  const plan::PatchRequest request{.release = target->info.release,
                                   .release_given = given,
                                   .apk = {},
                                   .stage = command.stage,
                                   .build_args = std::move(*arguments)};
  if (!command.stage.empty())
    if (const auto stage = dockerfile::resolve_runtime_stage(
            *parsed, {.stage = command.stage, .build_args = request.build_args, .platform = {}});
        !stage)
      return tl::make_unexpected(stage.error());
  return command.multi_stage ? plan::split_dockerfile(*text, *parsed, rules, request)
                             : plan::patch_dockerfile(*text, *parsed, rules, request);
}

void print_notes(const plan::DockerfilePatch& patch) {
  for (const plan::PatchNote& note : patch.notes)
    std::fprintf(stderr, "%s\n", core::printable(plan::describe(note)).c_str());
}

}  // namespace

int run_dockerfile(const DockerfileCommand& command, const rules::RuleSet& rules) {
  const auto patch = make_patch(command, rules);
  if (!patch) return report_error(patch.error());
  print_notes(*patch);
  const std::string text =
      patch->diff.empty() ? std::string() : core::join(patch->diff, "\n") + "\n";
  const bool to_stdout = command.output.empty() || command.output == "-";
  const auto written = to_stdout ? write_stdout(text) : write_atomically(command.output, text);
  return written ? kExitOk : report_error(written.error());
}

}  // namespace muslcheck::cli
