// Symbols that exist in musl and behave differently matter only to modules that really get musl's.
// The loader takes the first definition in the order program, preloads, dependencies, libc; so a
// name that another file of the same load defines (a bundled libstdc++, a program with a getopt of
// its own) is not musl's. A library in several loads gets musl's if it does in one of them.
//
// Only names that some check asks for are kept, so that traits stay small.

#include "migrate/traits.hpp"

#include <elf.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::migrate {
namespace {

using model::Module;
using Names = std::unordered_set<std::string_view>;

void add_names(Names& names, const std::vector<std::string>& list) {
  names.insert(list.begin(), list.end());
}

bool is_import(const model::RelocationGroup& group, const model::ElfFacts& facts,
               const Names& wanted) {
  return group.symbol < facts.symbols.size() && !facts.symbols[group.symbol].defined &&
         wanted.contains(facts.symbols[group.symbol].name);
}

std::set<std::string_view> imports_of(const model::ElfFacts& facts, const Names& wanted) {
  std::set<std::string_view> names;
  for (const model::RelocationGroup& group : facts.relocations)
    if (is_import(group, facts, wanted)) names.insert(facts.symbols[group.symbol].name);
  return names;
}

std::set<std::string_view> definitions_of(const model::ElfFacts& facts, const Names& wanted) {
  std::set<std::string_view> names;
  for (const model::Symbol& symbol : facts.symbols)
    if (symbol.defined && symbol.binding != model::Binding::local && wanted.contains(symbol.name))
      names.insert(symbol.name);
  return names;
}

class TraitFiller {
 public:
  TraitFiller(std::vector<Module>& modules, const filesystem::FileTree& tree,
              const rules::RuleSet& rules)
      : modules_(modules) {
    for (const rules::Check& check : rules.checks) {
      if (!check.when) continue;
      for (const auto* list :
           {&check.when->imports, &check.when->also_imports, &check.when->without_imports})
        add_names(imports_, *list);
      for (const auto* list : {&check.when->defines, &check.when->without_defines})
        add_names(defines_, *list);
    }
    Names all = imports_;
    all.insert(defines_.begin(), defines_.end());
    for (Module& module : modules_)
      if (module.disposition == model::Disposition::payload)
        add(module, *tree.find(module.path)->elf, all);
  }

  void run() {
    for (const auto& [path, known] : known_)
      if (known.module->role != model::Role::library) resolve_load(*known.module);
    for (const auto& [path, known] : known_)
      if (known.module->role == model::Role::library && !in_loads_.contains(path))
        resolve_load(*known.module);
    for (auto& [path, known] : known_) {
      std::vector<std::string>& imports = known.module->traits.imports;
      imports.assign(known.from_libc.begin(), known.from_libc.end());
    }
  }

 private:
  struct Known {
    Module* module = nullptr;
    std::set<std::string_view> imports;
    std::set<std::string_view> defines;
    std::set<std::string_view> from_libc;  ///< imports that nothing before libc has
  };

  void add(Module& module, const model::ElfFacts& facts, const Names& all) {
    Known known{.module = &module,
                .imports = imports_of(facts, imports_),
                .defines = definitions_of(facts, all)};
    model::ModuleTraits& traits = module.traits;
    for (const std::string_view name : known.defines)
      if (defines_.contains(name)) traits.defines.emplace_back(name);
    traits.needed.assign(facts.needed.begin(), facts.needed.end());
    traits.mentions = facts.mentions;
    traits.bits = facts.elf_class == model::ElfClass::elf32 ? 32 : 64;
    traits.stack_size = facts.stack_size;
    traits.executable_stack = facts.has_gnu_stack && (facts.stack_flags & PF_X) != 0;
    known_.emplace(module.path, std::move(known));
  }

  std::vector<Known*> objects_of(const Module& root) {
    std::vector<Known*> objects{&known_.at(root.path)};
    for (const model::LibraryResolution& library : root.load.libraries)
      if (const auto found = known_.find(library.path);
          library.source == model::LibrarySource::image && found != known_.end())
        objects.push_back(&found->second);
    return objects;
  }

  void resolve_load(const Module& root) {
    const std::vector<Known*> objects = objects_of(root);
    std::set<std::string_view> defined;
    for (const Known* object : objects) {
      defined.insert(object->defines.begin(), object->defines.end());
      in_loads_.insert(object->module->path);
    }
    for (Known* object : objects)
      for (const std::string_view name : object->imports)
        if (!defined.contains(name)) object->from_libc.insert(name);
  }

  std::vector<Module>& modules_;
  Names imports_;
  Names defines_;
  std::map<std::string_view, Known> known_;  // by path, payload only
  std::unordered_set<std::string_view> in_loads_;
};

std::string_view literal_prefix(std::string_view glob) {
  return glob.substr(0, glob.find_first_of("*?"));
}

std::string description_of(const filesystem::Node& node) {
  return node.entry.kind == model::FileKind::symlink
             ? node.entry.path + " -> " + node.entry.link_target
             : node.entry.path;
}

MatchedFiles match_glob(std::string_view glob, const filesystem::FileTree& tree) {
  MatchedFiles matched;
  const std::string_view prefix = literal_prefix(glob);
  // A glob may continue after the path of a link, whose path alone is then shorter than the prefix.
  const std::string_view from = prefix.substr(0, prefix.find(" -> "));
  for (auto entry = tree.nodes().lower_bound(from);
       entry != tree.nodes().end() && std::string_view(entry->first).starts_with(from); ++entry) {
    const filesystem::Node& node = entry->second;
    std::string text = description_of(node);
    if (node.in_archive ||
        (!core::matches_glob(glob, node.entry.path) && !core::matches_glob(glob, text)))
      continue;
    if (matched.count++ == 0) matched.layer = node.layer;
    if (matched.paths.size() < core::limits::kMaxMatchedFiles)
      matched.paths.push_back(std::move(text));
  }
  return matched;
}

}  // namespace

void fill_traits(std::vector<Module>& modules, const filesystem::FileTree& tree,
                 const rules::RuleSet& rules) {
  TraitFiller(modules, tree, rules).run();
}

std::map<std::string, MatchedFiles, std::less<>> match_files(const filesystem::FileTree& tree,
                                                             const rules::RuleSet& rules) {
  std::map<std::string, MatchedFiles, std::less<>> files;
  for (const rules::Check& check : rules.checks) {
    if (!check.when) continue;
    for (const auto* list : {&check.when->files, &check.when->without_files})
      for (const std::string& glob : *list)
        if (MatchedFiles matched = match_glob(glob, tree); matched.count != 0)
          files.emplace(glob, std::move(matched));
  }
  return files;
}

std::vector<std::string> find_settings(const packages::PackageIndex& packages) {
  std::size_t applications = 0;
  std::size_t invariant = 0;
  for (const auto& [package, delivery] : packages.nuget) {
    if (!delivery.is_application) continue;
    ++applications;
    if (delivery.app.invariant) ++invariant;
  }
  if (applications == 0 || invariant != applications) return {};
  return {"System.Globalization.Invariant=true"};
}

}  // namespace muslcheck::migrate
