// Native code in jars, as the libraries there find it (rules/java-natives.json): they make a path
// out of os.name and os.arch, look for it in the jar, unpack the file into a temporary folder and
// call System.load.
//
// A library that knows musl takes its own file for it; where that is not in the jar though the
// version looks for it, nothing is loaded. A version that knows no musl takes the file for glibc:
// then the loader says what becomes of it. What a jar has for other systems and machines is never
// taken here; the folder says so, since not every file does (FreeBSD's may look like Linux').
//
// The file of an unknown library is judged as it is.

#include <algorithm>
#include <string>

#include "choosers.hpp"
#include "muslcheck/core/search.hpp"
#include "muslcheck/model/java_native.hpp"

namespace muslcheck::runtimes {
namespace {

using model::JavaMuslVariant;
using model::JavaNative;

/// Orders versions by their numbers: "1.1.9" before "1.1.10.8".
int compare(std::string_view left, std::string_view right) {
  const auto take = [](std::string_view& text) {
    const std::size_t from = std::min(text.find_first_of("0123456789"), text.size());
    text.remove_prefix(from);
    const std::size_t to = std::min(text.find_first_not_of("0123456789"), text.size());
    std::string_view number = text.substr(0, to);
    text.remove_prefix(to);
    while (number.size() > 1 && number.front() == '0') number.remove_prefix(1);
    return number;
  };
  while (!left.empty() || !right.empty()) {
    const std::string_view a = take(left);
    const std::string_view b = take(right);
    if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
    if (const int order = a.compare(b); order != 0) return order;
  }
  return 0;
}

class JavaChoice {
 public:
  JavaChoice(const ChoiceInput& input, const JavaNative& native, std::string_view word)
      : input_(input), native_(native), word_(word) {
    const model::PathInArchive path = model::split_at_archive(input.module.path);
    archive_ = path.archive;
    inside_ = path.inside;
  }

  Choice make() const {
    for (const JavaMuslVariant& variant : native_.musl) {
      const std::string file = model::with_arch(variant.file, word_);
      if (file == inside_) return {};
      if (is_there(file)) return taken_instead(file);
    }
    if (!native_.takes_on_glibc(inside_, input_.arch)) return never_taken();
    if (const JavaMuslVariant* wanted = wanted_variant()) return missing(*wanted);
    return {};
  }

 private:
  [[nodiscard]] const filesystem::Node* find(const std::string& file) const {
    return input_.tree.find(std::string(archive_) + "!/" + file);
  }
  [[nodiscard]] bool is_there(const std::string& file) const {
    const filesystem::Node* node = find(file);
    return node != nullptr && node->elf != nullptr && node->elf->machine == input_.facts.machine &&
           model::classify_libc(*node->elf).libc != model::Libc::glibc;
  }

  [[nodiscard]] Choice taken_instead(const std::string& file) const {
    return {.instead = std::string(archive_) + "!/" + file,
            .missing = {},
            .reason = native_.id + " takes " + file + " on musl"};
  }

  /// A file for another system, in a folder that is the library's: what it takes is another one.
  [[nodiscard]] Choice never_taken() const {
    const std::string_view pattern = native_.file;
    const std::string file = model::with_arch(pattern, word_);
    if (file.find_first_of("*?") != std::string::npos || find(file) == nullptr) return {};
    return {.instead = std::string(archive_) + "!/" + file,
            .missing = {},
            .reason = native_.id + " takes " + file + " on Linux"};
  }

  /// The variant that this version of the library looks for on musl.
  [[nodiscard]] const JavaMuslVariant* wanted_variant() const {
    const std::string version = version_of_library();
    if (version.empty()) return nullptr;
    return core::find_where(native_.musl, [&](const JavaMuslVariant& variant) {
      return core::contains(variant.arches, input_.arch) && compare(version, variant.since) >= 0;
    });
  }

  /// The library may be the jar's own package or one of those shaded into it.
  [[nodiscard]] std::string version_of_library() const {
    const std::string root = std::string(archive_) + "!";
    for (const model::Package& package : input_.packages.packages)
      if (package.ecosystem == "maven" && core::contains(native_.packages, package.name) &&
          (package.path == root || package.path.starts_with(root + "/META-INF/")))
        return package.version;
    return {};
  }

  [[nodiscard]] Choice missing(const JavaMuslVariant& variant) const {
    Choice choice;
    choice.reason = native_.id + " from " + variant.since + " on takes another file on musl";
    choice.missing = model::MissingVariant{
        .name = model::with_arch(variant.file, word_),
        .availability = model::Availability::published,
        .basis = native_.id + " " + variant.since + " and newer have it in their jar",
        .text = model::with_arch(variant.message, word_),
        .confidence = native_.confidence};
    return choice;
  }

  const ChoiceInput& input_;
  const JavaNative& native_;
  std::string_view word_;
  std::string_view archive_;
  std::string_view inside_;
};

}  // namespace

std::optional<Choice> choose_java(const ChoiceInput& input) {
  if (input.java_natives == nullptr) return std::nullopt;
  const JavaNative* native = model::find_java_native(*input.java_natives, input.module.path);
  if (native == nullptr) return std::nullopt;
  const auto word = native->arches.find(input.arch);
  if (word == native->arches.end()) return std::nullopt;
  return JavaChoice(input, *native, word->second).make();
}

}  // namespace muslcheck::runtimes
