// What a module finds when it is loaded: the host's own symbols and the libraries that are there
// before it.

#include "migrate/processes.hpp"

#include <utility>

#include "muslcheck/runtimes/hosts.hpp"

namespace muslcheck::migrate {
namespace {

/// What is in the host's process on this target: its own libraries come with it, those of the
/// distribution only if the release has them under that soname.
std::vector<std::string> loaded_before(const model::Host& host, const target::Target& target) {
  std::vector<std::string> sonames = host.own_libraries;
  for (const std::string& soname : host.loaded_before)
    if (target.find_library(soname) != nullptr) sonames.push_back(soname);
  return sonames;
}

/// Modules are known by symbols that they take from the host, but none are listed.
bool exports_unlisted(const model::Host& host) {
  return !host.imports.empty() && host.provides.empty();
}

}  // namespace

std::string environment_value(const std::vector<std::string>& env, std::string_view name) {
  std::string value;
  for (const std::string& entry : env) {
    const auto equals = entry.find('=');
    if (equals != std::string::npos && std::string_view(entry).substr(0, equals) == name)
      value = entry.substr(equals + 1);
  }
  return value;
}

std::vector<std::string> split_preload(const std::string& value) {
  std::vector<std::string> names;
  std::string name;
  for (const char c : value + " ") {
    if (c != ' ' && c != ':') {
      name += c;
    } else if (!name.empty()) {
      names.push_back(std::move(name));
      name.clear();
    }
  }
  return names;
}

loader::HostProcess make_process(const model::Host& host, const runtimes::RuntimeFinder& finder,
                                 const target::Target& target) {
  loader::HostProcess process{.name = host.id,
                              .executable = nullptr,
                              .executable_path = {},
                              .provides = host.provides,
                              .loaded_before = loaded_before(host, target),
                              .exports_unknown = exports_unlisted(host)};
  const filesystem::Node* runtime = finder.find(host);
  if (runtime == nullptr || runtime->elf == nullptr ||
      runtime->elf->completeness != model::Completeness::complete)
    return process;
  process.executable = runtime->elf;
  process.exports_unknown = false;
  process.provides.clear();  // its file says more exactly what it has
  process.executable_path = "/" + runtime->entry.path;
  return process;
}

model::ElfFacts make_any_program(const target::Target& target) {
  model::ElfFacts facts;
  facts.machine = target.machine;
  facts.elf_class = target.elf_class;
  facts.byte_order = target.byte_order;
  facts.interpreter = target.loader_path;
  facts.needed = {"libc.so"};
  return facts;
}

}  // namespace muslcheck::migrate
