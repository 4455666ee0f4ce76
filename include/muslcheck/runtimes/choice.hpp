#pragma once
/// Which file a host takes on musl. Loaders of native code do not ask the dynamic loader: they
/// make a name out of platform, architecture and libc, and take the file of that name. So a glibc
/// file may be dead weight beside its musl variant, or may be passed over though nothing else is
/// there.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/filesystem/file_tree.hpp"
#include "muslcheck/model/image.hpp"
#include "muslcheck/model/java_native.hpp"
#include "muslcheck/model/module.hpp"
#include "muslcheck/model/nuget_package.hpp"
#include "muslcheck/model/python_package.hpp"
#include "muslcheck/packages/packages.hpp"

namespace muslcheck::runtimes {

/// What the choosers look at. References outlive the call.
struct ChoiceInput {
  const model::Module& module;  ///< path, libc, role, host and package are filled in
  const model::ElfFacts& facts;
  const filesystem::FileTree& tree;
  const packages::PackageIndex& packages;
  std::string_view arch;  ///< of the target, Alpine's word: "x86_64"
  const std::vector<model::PythonPackage>* python_packages = nullptr;  ///< null: nothing known
  const std::vector<model::JavaNative>* java_natives = nullptr;        ///< null: none is known
  const std::vector<model::NugetPackage>* nuget_packages = nullptr;    ///< null: nothing known
  const model::SourceInfo* source = nullptr;  ///< null: it is not known what is started
};

/// The answer. Neither `instead` nor `missing` nor `unused`: the host takes this very file.
struct Choice {
  std::string instead;                           ///< the file that the host takes on musl
  std::optional<model::MissingVariant> missing;  ///< nothing is there that it would take
  bool unused = false;  ///< no host opens this file on musl, and none misses it
  std::string reason;   ///< for people: "node-gyp-build passes over files tagged glibc"
  bool operator==(const Choice&) const = default;
};

/// Re-states the loaders of each ecosystem, one file choose_*.cpp each; the first that knows the
/// module's place decides.
[[nodiscard]] Choice find_choice(const ChoiceInput& input);

}  // namespace muslcheck::runtimes
