// A gemspec of an installed gem begins with comments for those who do not want to run it
// (rubygems/rubygems, lib/rubygems/specification.rb, to_ruby; stub_specification.rb reads them):
//
//   # stub: bcrypt 3.1.20 ruby lib
//   # stub: ext/mri/extconf.rb
//
// name, version, platform, folders to require from; then, only for a gem that is compiled when it
// is installed, its build scripts. Dependencies are lines of Ruby, always written in one way:
//
//     s.add_runtime_dependency(%q<rack>.freeze, [">= 1"])
//
// Gemfile.lock has sections that begin at the start of a line; below DEPENDENCIES each line is one
// gem, with two spaces before it, and "!" behind the name of one from another source.

#include "gem_spec.hpp"

#include <algorithm>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::packages {
namespace {

constexpr std::string_view kStub = "# stub: ";

/// True for what may stand in a gem's name, version or platform: it becomes a part of paths.
bool is_gem_word(std::string_view text) {
  constexpr std::string_view kOthers = "._-";
  return !text.empty() && text.size() <= core::limits::kMaxPackageField && text.front() != '.' &&
         std::all_of(text.begin(), text.end(), [&](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  kOthers.find(c) != std::string_view::npos;
         });
}

void read_stub(std::string_view words, GemSpec& spec) {
  const auto parts = core::split(words, ' ');
  if (parts.size() < 3 || !is_gem_word(parts[0]) || !is_gem_word(parts[1]) ||
      !is_gem_word(parts[2]))
    return;
  spec.name = parts[0];
  spec.version = parts[1];
  spec.platform = parts[2];
}

/// "rack" of `s.add_runtime_dependency(%q<rack>.freeze, [">= 1"])`; empty for any other line.
std::string_view dependency_of(std::string_view line) {
  constexpr std::string_view kOpen = "(%q<";
  const std::size_t open = line.find(kOpen);
  if (open == std::string_view::npos) return {};
  const std::string_view call = line.substr(0, open);
  if (!call.ends_with(".add_runtime_dependency") && !call.ends_with(".add_dependency")) return {};
  const std::string_view name = line.substr(open + kOpen.size());
  return name.substr(0, std::min(name.find('>'), name.size()));
}

void add_once(std::vector<std::string>& list, std::string_view name) {
  if (is_gem_word(name) && list.size() < core::limits::kMaxDependencies &&
      !core::contains(list, name))
    list.emplace_back(name);
}

}  // namespace

std::string GemSpec::full_name() const {
  const std::string suffix = platform.empty() || platform == "ruby" ? "" : "-" + platform;
  return name + "-" + version + suffix;
}

GemSpec parse_gemspec(std::string_view text) {
  GemSpec spec;
  core::for_each_part(text, '\n', [&](std::string_view line) {
    line = core::trim(line);
    if (line.starts_with(kStub)) {
      if (spec.name.empty())
        read_stub(line.substr(kStub.size()), spec);
      else
        spec.has_extensions = true;
    } else if (const std::string_view name = dependency_of(line); !name.empty()) {
      add_once(spec.dependencies, name);
    }
  });
  return spec;
}

std::vector<std::string> parse_gemfile_lock(std::string_view text) {
  std::vector<std::string> names;
  bool is_inside = false;
  core::for_each_part(text, '\n', [&](std::string_view line) {
    if (!line.starts_with(' ')) {
      is_inside = core::trim(line) == "DEPENDENCIES";
      return;
    }
    if (!is_inside) return;
    line = core::trim(line);
    line = line.substr(0, line.find(' '));
    if (line.ends_with('!')) line.remove_suffix(1);
    add_once(names, line);
  });
  return names;
}

}  // namespace muslcheck::packages
