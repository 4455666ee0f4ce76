#pragma once

#include <string_view>
#include <unordered_map>
#include <vector>

#include "muslcheck/filesystem/file_tree.hpp"
#include "muslcheck/loader/loader.hpp"
#include "muslcheck/model/module.hpp"
#include "muslcheck/target/target.hpp"

namespace muslcheck::migrate {

/// What the image's programs export. Most export next to nothing; one that has modules of its own
/// (postgres, gdb, an application linked with -rdynamic) exports what they use.
class Programs {
 public:
  /// Both outlive the object.
  Programs(const std::vector<model::Module>& modules, const filesystem::FileTree& tree);

  /// The program that has most of the names which `facts` asks for without a version, libc's and
  /// those that `host` has left out; null if none or several are equally good.
  [[nodiscard]] const model::Module* find_host(const model::ElfFacts& facts,
                                               const loader::HostProcess& host,
                                               const target::Target& target) const;

 private:
  void add(const model::Module& program, const model::ElfFacts& facts);

  std::unordered_map<std::string_view, std::vector<const model::Module*>> exporters_;
};

}  // namespace muslcheck::migrate
