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
  /// Both outlive the object and do not change.
  Programs(const std::vector<model::Module>& modules, const filesystem::FileTree& tree)
      : modules_(modules), tree_(tree) {}

  /// The program that has most of the names which `facts` asks for without a version, libc's and
  /// those that `host` has left out; null if none or several are equally good.
  [[nodiscard]] const model::Module* find_host(const model::ElfFacts& facts,
                                               const loader::HostProcess& host,
                                               const target::Target& target);

 private:
  using Exporters = std::unordered_map<std::string_view, std::vector<const model::Module*>>;
  void index();
  void add(const model::Module& program, const model::ElfFacts& facts);

  const std::vector<model::Module>& modules_;
  const filesystem::FileTree& tree_;
  Exporters exporters_;
  bool is_indexed_ = false;  // by the first question: most images ask none
};

}  // namespace muslcheck::migrate
