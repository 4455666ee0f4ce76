// From a tag for glibc to the Alpine tag of the same version. Tags of official images are looked up
// in the table of those that were seen; others follow the pattern of their image, and a note says
// that nobody has seen the result.

#include "plan/base_images.hpp"

#include <algorithm>
#include <optional>

#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::plan {
namespace {

/// Where the tag's colon is: behind the last slash, and not in "${A:-b}".
std::size_t find_tag(std::string_view text) {
  std::size_t depth = 0;
  std::size_t found = std::string_view::npos;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '{') ++depth;
    if (text[i] == '}' && depth > 0) --depth;
    if (depth > 0) continue;
    if (text[i] == '/') found = std::string_view::npos;
    if (text[i] == ':') found = i;
  }
  return found;
}

bool has_variable(std::string_view text) { return text.find('$') != std::string_view::npos; }

/// The name of the variable that the text is or ends in: "$A", "${A}".
std::string last_variable(std::string_view text) {
  const std::size_t dollar = text.rfind('$');
  if (dollar == std::string_view::npos) return {};
  std::string_view name = text.substr(dollar + 1);
  if (name.starts_with('{') && name.ends_with('}')) name = name.substr(1, name.size() - 2);
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
  return plain ? std::string(name) : std::string();
}

const rules::DockerfileImage* find_image(const ImageReference& reference,
                                         const rules::DockerfileRules& rules) {
  return core::find_where(rules.images, [&](const rules::DockerfileImage& image) {
    return core::matches_glob(image.image, reference.name) &&
           (image.tags.empty() || core::matches_glob(image.tags, reference.tag));
  });
}

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

/// "{release}" and "{major}": the digits that the tag begins with.
std::string fill_tag(const std::string& pattern, const std::string& tag,
                     const PatchRequest& request) {
  std::size_t digits = 0;
  while (digits < tag.size() && tag[digits] >= '0' && tag[digits] <= '9') ++digits;
  return replace_all(replace_all(pattern, "{release}", request.release), "{major}",
                     tag.substr(0, digits));
}

bool is_seen(const std::string& name, const std::string& tag, const rules::RuleSet& rules) {
  return core::find_where(rules.image_tags, [&](const model::ImageTag& row) {
           return row.image == name && row.alpine == tag;
         }) != nullptr;
}

/// The row whose tags for glibc include this one.
const model::ImageTag* find_row(const ImageReference& reference, const rules::RuleSet& rules) {
  return core::find_where(rules.image_tags, [&](const model::ImageTag& row) {
    return row.image == reference.name && core::contains(row.glibc, reference.tag);
  });
}

class Chooser {
 public:
  Chooser(const rules::RuleSet& rules, const PatchRequest& request)
      : rules_(rules), data_(rules.dockerfile), request_(request) {}

  ImageChoice choose(const std::string& written, const std::string& expanded) const {
    const std::string& known = expanded.empty() ? written : expanded;
    const ImageReference reference = parse_image(known, data_);
    ImageChoice choice;
    choice.is_alpine =
        reference.name == "alpine" || reference.tag.find("alpine") != std::string::npos;
    if (choice.is_alpine) return choice;
    choice.image = find_image(reference, data_);
    choice.is_alpine = choice.image != nullptr && choice.image->is_ready;
    if (choice.is_alpine) return choice;
    if (reference.has_digest)
      return with_note(
          "is named by its digest: choose the Alpine image of the same version yourself");
    if (choice.image == nullptr)
      return with_note(
          "no Alpine variant of this image is known; what its stage installs was left as it is");
    if (choice.image->suffix.empty() && choice.image->tag.empty())
      return with_note(choice.image->note);
    const ImageReference in_file = parse_image(written, data_);
    if (has_variable(in_file.registry + in_file.name))
      return whole_variable(written, reference, std::move(choice));
    set_tag(in_file, reference, choice);
    add_notes(reference, choice);
    return choice;
  }

 private:
  static ImageChoice with_note(const std::string& text) {
    ImageChoice choice;
    choice.notes.push_back(text);
    return choice;
  }

  [[nodiscard]] std::string suffix(const rules::DockerfileImage& image) const {
    return image.suffix + (image.has_releases && request_.release_given ? request_.release : "");
  }

  /// The tag for one without variables.
  [[nodiscard]] std::string plain_tag(const ImageReference& reference,
                                      const rules::DockerfileImage& image) const {
    if (!image.tag.empty()) return fill_tag(image.tag, reference.tag, request_);
    if (reference.tag.empty() || reference.tag == "latest")
      return image.latest + (request_.release_given && image.has_releases ? request_.release : "");
    const model::ImageTag* row = find_row(reference, rules_);
    if (row != nullptr && !(request_.release_given && image.has_releases)) return row->alpine;
    return cut_distribution(reference.tag, data_) + suffix(image);
  }

  void set_reference(const ImageReference& in_file, const std::string& tag,
                     ImageChoice& choice) const {
    const bool same = choice.image->replacement.empty();
    choice.reference =
        in_file.registry + (same ? in_file.name : choice.image->replacement) + ":" + tag;
  }

  void set_tag(const ImageReference& in_file, const ImageReference& reference,
               ImageChoice& choice) const {
    const std::string tag = plain_tag(reference, *choice.image);
    if (tag.empty()) {
      choice.notes.emplace_back("the Alpine tag for this one is not known: name a version");
      choice.image = nullptr;
      return;
    }
    if (!has_variable(in_file.tag) || !choice.image->tag.empty())
      return set_reference(in_file, tag, choice);
    const std::string stem = cut_distribution(in_file.tag, data_);
    const std::string_view cut = std::string_view(in_file.tag).substr(stem.size());
    std::string_view value = reference.tag;
    if (value.ends_with(cut)) value.remove_suffix(cut.size());
    const std::string plain_value = cut_distribution(value, data_);
    if (plain_value == value) return set_reference(in_file, stem + suffix(*choice.image), choice);
    set_reference(in_file, stem, choice);
    set_variable(stem, plain_value + suffix(*choice.image), choice);
  }

  /// The default of the variable names a distribution, so it is what changes.
  static void set_variable(const std::string& stem, std::string value, ImageChoice& choice) {
    choice.variable = last_variable(stem);
    choice.value = std::move(value);
    if (!choice.variable.empty() && stem.rfind('$') == 0) return;
    choice = with_note("its tag is made of variables: choose the Alpine tag yourself");
  }

  ImageChoice whole_variable(const std::string& written, const ImageReference& reference,
                             ImageChoice choice) const {
    choice.variable = last_variable(written);
    if (choice.variable.empty() || written.find('$') != 0) {
      choice.image = nullptr;
      choice.variable.clear();
      choice.notes.emplace_back("its name is made of variables: choose the Alpine image yourself");
      return choice;
    }
    set_reference(reference, plain_tag(reference, *choice.image), choice);
    choice.value = std::move(choice.reference);
    choice.reference = written;
    add_notes(reference, choice);
    return choice;
  }

  void add_notes(const ImageReference& reference, ImageChoice& choice) const {
    if (choice.image == nullptr) return;
    const std::string tag = plain_tag(reference, *choice.image);
    const bool has_rows = core::find_where(rules_.image_tags, [&](const model::ImageTag& row) {
                            return row.image == reference.name;
                          }) != nullptr;
    if (has_rows && choice.image->tag.empty() && !reference.tag.empty() &&
        reference.tag != "latest" && !is_seen(reference.name, tag, rules_))
      choice.notes.push_back("the tag " + reference.name + ":" + tag +
                             " is not in muslcheck's table of images: see whether it exists");
    if (!choice.image->note.empty()) choice.notes.push_back(choice.image->note);
    choice.is_full = reference.tag.find("slim") == std::string::npos;
  }

  const rules::RuleSet& rules_;
  const rules::DockerfileRules& data_;
  const PatchRequest& request_;
};

}  // namespace

ImageReference parse_image(std::string_view text, const rules::DockerfileRules& rules) {
  ImageReference reference;
  for (const std::string& registry : rules.registries) {
    if (!text.starts_with(registry)) continue;
    reference.registry = registry;
    text.remove_prefix(registry.size());
    break;
  }
  const std::size_t digest = text.find('@');
  reference.has_digest = digest != std::string_view::npos;
  text = text.substr(0, digest);
  const std::size_t colon = find_tag(text);
  reference.name = text.substr(0, colon);
  if (colon != std::string_view::npos) reference.tag = text.substr(colon + 1);
  return reference;
}

std::string cut_distribution(std::string_view tag, const rules::DockerfileRules& rules) {
  for (bool found = true; found;) {
    found = false;
    for (const std::string& end : rules.distributions) {
      if (!tag.ends_with(end)) continue;
      tag.remove_suffix(end.size());
      found = true;
    }
  }
  return std::string(tag);
}

ImageChoice choose_image(const std::string& written, const std::string& expanded,
                         const rules::RuleSet& rules, const PatchRequest& request) {
  return Chooser(rules, request).choose(written, expanded);
}

}  // namespace muslcheck::plan
