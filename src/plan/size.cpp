// The estimate is a sum of what is known. What is not known is a range whose ends say what they
// rest on: nothing is invented. An image of which the tag was measured gives one number; of one
// that was not, another tag of the same image and "bare Alpine with a runtime as large as today's"
// are the ends.

#include "muslcheck/plan/size.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::plan {
namespace {

using model::SizeRange;
using rules::ImageSize;

struct Base {
  SizeRange range;
  std::string basis;
};

std::uint64_t bytes_of(const model::SizeMath& size, std::string_view kind) {
  const model::SizePart* part = core::find_where(
      size.parts, [&](const model::SizePart& other) { return other.kind == kind; });
  return part == nullptr ? 0 : part->bytes;
}

std::string_view image_of(std::string_view reference) {
  return reference.substr(0, reference.find(':'));
}

std::string_view tag_of(std::string_view reference) {
  const std::size_t colon = reference.find(':');
  return colon == std::string_view::npos ? std::string_view() : reference.substr(colon + 1);
}

/// True for "22-alpine3.23" and for "22.4-alpine" of version 22: digits and dots alone decide.
bool is_same_version(std::string_view measured, std::string_view tag) {
  const auto version = [](std::string_view text) {
    return text.substr(0, text.find_first_not_of("0123456789."));
  };
  const std::string_view known = version(measured);
  const std::string_view wanted = version(tag);
  if (known.empty() || wanted.empty()) return false;
  const std::string_view shorter = known.size() < wanted.size() ? known : wanted;
  const std::string_view longer = known.size() < wanted.size() ? wanted : known;
  return longer.starts_with(shorter) &&
         (longer.size() == shorter.size() || longer[shorter.size()] == '.');
}

std::string measured_text(const ImageSize& size) {
  return size.image + ":" + size.tag + " takes " + core::describe_bytes(size.bytes);
}

/// The bare Alpine nearest to the release: they differ by little more than OpenSSL.
const ImageSize* find_alpine(const model::TargetInfo& target, const rules::RuleSet& rules) {
  const ImageSize* best = nullptr;
  for (const ImageSize& size : rules.image_sizes) {
    if (size.image != "alpine") continue;
    best = &size;
    if (is_same_version(size.tag, target.release)) break;
  }
  return best;
}

Base bare_alpine(const ImageSize& alpine) {
  return {.range = {alpine.bytes, alpine.bytes}, .basis = measured_text(alpine)};
}

/// Of a runtime that today's image has from the distribution the size is not known by itself.
Base without_runtime(const ImageSize* other, const ImageSize& alpine, const std::string& image) {
  const ImageSize& known = other == nullptr ? alpine : *other;
  return {.range = {known.bytes, known.bytes},
          .basis = image + " was not measured" +
                   (other == nullptr ? ", and how large its runtime is is not known" : "") + "; " +
                   measured_text(known)};
}

/// Between another version of the image and bare Alpine with the runtime as it is today.
Base between(const ImageSize* other, const ImageSize& alpine, std::uint64_t runtime,
             const std::string& image) {
  if (runtime == 0) return without_runtime(other, alpine, image);
  const std::uint64_t built = alpine.bytes + runtime;
  Base base{.range = {built, built},
            .basis = image + " was not measured: bare Alpine (" + core::describe_bytes(alpine.bytes) +
                     ") with a runtime as large as today's (" + core::describe_bytes(runtime) + ")"};
  if (other == nullptr) return base;
  base.range = {std::min(built, other->bytes), std::max(built, other->bytes)};
  base.basis += "; " + measured_text(*other);
  return base;
}

std::optional<Base> find_base(const model::SizeMath& size, const model::TargetInfo& target,
                              const rules::RuleSet& rules) {
  const ImageSize* alpine = find_alpine(target, rules);
  if (alpine == nullptr) return std::nullopt;
  const std::string_view image = image_of(target.image);
  if (image.empty() || image == "alpine") return bare_alpine(*alpine);
  const ImageSize* other = nullptr;
  for (const ImageSize& known : rules.image_sizes) {
    if (known.image != image) continue;
    if (is_same_version(known.tag, tag_of(target.image)))
      return Base{.range = {known.bytes, known.bytes}, .basis = measured_text(known)};
    other = &known;
  }
  return between(other, *alpine, bytes_of(size, "runtime"), target.image);
}

}  // namespace

void estimate_size(model::SizeMath& size, const model::TargetInfo& target,
                   const rules::RuleSet& rules) {
  const auto base = find_base(size, target, rules);
  if (!base) return;
  const std::uint64_t application = bytes_of(size, "application");
  size.basis = {base->basis, "the application's files as they are: " + core::describe_bytes(application)};
  std::uint64_t left = 0;
  struct Kind {
    const char* kind;
    const char* words;
  };
  constexpr std::array kOnlyAtMost{Kind{"packages", "added packages of the distribution"},
                                   Kind{"build-tools", "build tools"},
                                   Kind{"development", "packages for development"},
                                   Kind{"caches", "caches"}};
  std::string words;
  for (const Kind& kind : kOnlyAtMost) {
    const std::uint64_t bytes = bytes_of(size, kind.kind);
    if (bytes == 0) continue;
    left += bytes;
    words += (words.empty() ? "" : ", ") + std::string(kind.words) + " (" + core::describe_bytes(bytes) +
             ")";
  }
  if (!words.empty()) size.basis.push_back("only in the upper number: " + words);
  size.after = {base->range.least + application, base->range.most + application + left};
}

}  // namespace muslcheck::plan
