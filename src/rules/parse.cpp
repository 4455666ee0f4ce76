// From rule files to a RuleSet: which reader takes which file, in which order, and where rule files
// come from (the program itself or a folder).

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "muslcheck/core/limits.hpp"
#include "rules/parts.hpp"

namespace muslcheck::rules {
namespace {

using Reader = core::Result<void> (*)(std::string_view, std::string_view, RuleSet&);

/// A reader and the files it takes: all with this prefix and suffix. The order matters, since
/// later readers check against what earlier ones read.
struct Part {
  std::string_view prefix;
  std::string_view suffix;
  Reader read;
  bool many = false;  ///< any number of files from 1 on; otherwise prefix + suffix is the name
};

constexpr std::array kParts{
    Part{"remedies/npm", ".json", read_npm_remedies},
    Part{"remedies/pypi", ".json", read_pypi_remedies},
    Part{"remedies/nuget", ".json", read_nuget_remedies},
    Part{"hosts", ".json", read_hosts},
    Part{"bases", ".json", read_bases},
    Part{"java-natives", ".json", read_java_natives},
    Part{"dockerfile", ".json", read_dockerfile_rules},
    Part{"targets/releases", ".json", read_releases},
    Part{"targets/relocations", ".json", read_relocations},
    Part{"targets/lfs64", ".json", read_lfs64},
    Part{"targets/gcompat", ".json", read_gcompat},
    Part{"sizes", ".json", read_size_kinds},
    Part{"targets/image-sizes", ".tsv", read_image_sizes},
    Part{kSymbolTables, ".tsv", read_symbols, true},
    Part{"targets/sonames", ".tsv", read_sonames},
    Part{"targets/sonames-near-miss", ".tsv", read_near_misses},
    Part{"targets/exports/", ".txt", read_exports, true},
    Part{"targets/npm-siblings", ".tsv", read_npm_siblings},
    Part{"targets/npm-packages", ".tsv", read_npm_packages},
    Part{"python-packages", ".tsv", read_python_packages},
    Part{"targets/image-tags", ".tsv", read_image_tags},
    Part{"runtimes", ".json", read_runtimes},
    Part{"checks/", ".json", read_checks, true},
    Part{"nuget-packages", ".tsv", read_nuget_packages},
    Part{"targets/commands", ".tsv", read_commands},
    Part{"targets/debian-packages", ".tsv", read_debian_packages},
    Part{"busybox", ".json", read_busybox},
    Part{"debian-commands", ".json", read_debian_commands},
    Part{"target-images", ".json", read_target_images},
    Part{"vendors", ".json", read_vendors},
};

bool takes(const Part& part, std::string_view file) {
  if (!file.starts_with(part.prefix) || !file.ends_with(part.suffix)) return false;
  return part.many || file.size() == part.prefix.size() + part.suffix.size();
}

core::Result<void> read_part(const Part& part, const RuleFiles& files, RuleSet& rules) {
  bool found = false;
  for (const auto& [file, text] : files) {
    if (!takes(part, file)) continue;
    found = true;
    if (auto read = part.read(file, text, rules); !read) return read;
  }
  if (found) return {};
  const std::string name =
      std::string(part.prefix) + (part.many ? "*" : "") + std::string(part.suffix);
  return core::fail(core::ErrorCode::bad_data, "rule-file-missing", "the rule file is missing",
                    name);
}

/// Files that no reader takes: a misspelt name must not be a rule that silently does nothing.
core::Result<void> require_known_files(const RuleFiles& files) {
  for (const auto& [file, text] : files) {
    const std::string_view name = file;
    const auto known = [&](const Part& part) { return takes(part, name); };
    if (std::any_of(kParts.begin(), kParts.end(), known)) continue;
    return core::fail(core::ErrorCode::bad_data, "unknown-rule-file", "is no known rule file",
                      file);
  }
  return {};
}

bool is_rule_file(const std::filesystem::path& path) {
  const std::filesystem::path extension = path.extension();
  return extension == ".json" || extension == ".tsv" || extension == ".txt";
}

core::Result<std::string> read_file(const std::filesystem::path& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (!error && size > core::limits::kMaxMetadataFile)
    return core::fail(core::ErrorCode::limit_exceeded, "rule-file-too-large",
                      "the rule file is too large", path.string());
  std::ifstream stream(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (error || !stream.is_open() || stream.bad())
    return core::fail(core::ErrorCode::io, "rule-file-unreadable", "cannot read the rule file",
                      path.string());
  return text;
}

/// All rule files below `folder` by relative path, schemas excluded.
core::Result<std::map<std::string, std::string, std::less<>>> read_folder(
    const std::string& folder) {
  namespace fs = std::filesystem;
  std::map<std::string, std::string, std::less<>> files;
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (entry->is_directory(error) && entry->path().filename() == "schema")
      entry.disable_recursion_pending();
    if (!entry->is_regular_file(error) || !is_rule_file(entry->path())) continue;
    auto text = read_file(entry->path());
    if (!text) return tl::make_unexpected(text.error());
    files.emplace(entry->path().lexically_relative(folder).generic_string(), std::move(*text));
  }
  if (error)
    return core::fail(core::ErrorCode::io, "rules-unreadable",
                      "cannot read the rules folder: " + error.message(), folder);
  return files;
}

}  // namespace

core::Result<RuleSet> parse_rules(const RuleFiles& files) {
  RuleSet rules;
  if (auto known = require_known_files(files); !known) return tl::make_unexpected(known.error());
  for (const Part& part : kParts)
    if (auto read = read_part(part, files, rules); !read) return tl::make_unexpected(read.error());
  std::sort(rules.checks.begin(), rules.checks.end(),
            [](const Check& left, const Check& right) { return left.id < right.id; });
  std::sort(rules.exports.begin(), rules.exports.end(),
            [](const LibraryExports& left, const LibraryExports& right) {
              return left.soname < right.soname;
            });
  if (auto valid = validate(rules); !valid) return tl::make_unexpected(valid.error());
  return rules;
}

core::Result<RuleSet> load_embedded_rules() { return parse_rules(embedded_files()); }

core::Result<RuleSet> load_rules(const std::string& folder) {
  const auto texts = read_folder(folder);
  if (!texts) return tl::make_unexpected(texts.error());
  const RuleFiles files(texts->begin(), texts->end());
  core::Result<RuleSet> rules = parse_rules(files);
  if (!rules) rules.error().path = folder + "/" + rules.error().path;
  return rules;
}

}  // namespace muslcheck::rules
