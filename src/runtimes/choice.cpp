// The table of choosers. Each knows one ecosystem's way of finding native code; their places do
// not overlap but for the siblings, which are looked for last.

#include "muslcheck/runtimes/choice.hpp"

#include "choosers.hpp"
#include "muslcheck/runtimes/hosts.hpp"

namespace muslcheck::runtimes {
namespace {

constexpr Chooser kChoosers[] = {
    choose_java,     choose_python,       choose_dotnet,    choose_ruby,   choose_platform_package,
    choose_prebuild, choose_node_pre_gyp, choose_napi_file, choose_prisma, choose_sibling};

}  // namespace

std::optional<Choice> choose_sibling(const ChoiceInput& input) {
  // Only a file that may be built for glibc has a musl sibling: a static one runs as it is.
  const model::Libc libc = input.module.libc.libc;
  if (libc != model::Libc::glibc && libc != model::Libc::none && libc != model::Libc::unknown)
    return std::nullopt;
  std::string sibling = find_musl_sibling(input.module.path, input.tree);
  if (sibling.empty()) return std::nullopt;
  Choice choice;
  choice.reason = "chosen instead on musl: " + sibling;
  choice.instead = std::move(sibling);
  return choice;
}

Choice find_choice(const ChoiceInput& input) {
  for (const Chooser choose : kChoosers)
    if (auto choice = choose(input)) return std::move(*choice);
  return {};
}

}  // namespace muslcheck::runtimes
