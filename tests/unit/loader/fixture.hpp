#pragma once
/// A target, a file system and the ways to load something there.

#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/model_builders.hpp"

namespace muslcheck::test {

using Texts = std::vector<std::string>;
using Kind = loader::FoundFile::Kind;

struct Machine {
  target::Target target = make_target();
  FakeFiles files;
  loader::LoadRequest request;  ///< what all loads have in common

  model::LoadResult run(const std::string& path, loader::Mode mode) {
    loader::LoadRequest now = request;
    now.path = path;
    now.object = &files.facts(path);
    now.mode = mode;
    return loader::load(now, files, target);
  }
  model::LoadResult start(const std::string& path) { return run(path, loader::Mode::start); }
  model::LoadResult list(const std::string& path) { return run(path, loader::Mode::list); }
  model::LoadResult dlopen_now(const std::string& path) {
    return run(path, loader::Mode::dlopen_now);
  }
  model::LoadResult dlopen_lazy(const std::string& path) {
    return run(path, loader::Mode::dlopen_lazy);
  }
};

}  // namespace muslcheck::test
