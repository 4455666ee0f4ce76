#pragma once
/// What RubyGems writes about an installed gem, and Bundler about a bundle.

#include <string>
#include <string_view>
#include <vector>

namespace muslcheck::packages {

/// specifications/NAME-VERSION.gemspec.
struct GemSpec {
  std::string name;  ///< empty: the file does not say
  std::string version;
  std::string platform;                   ///< "ruby" for a gem without prebuilt code
  bool has_extensions = false;            ///< it is compiled when it is installed
  std::vector<std::string> dependencies;  ///< names, not those for development
  bool operator==(const GemSpec&) const = default;

  /// "nokogiri-1.18.2-x86_64-linux-gnu": the gem's folder.
  [[nodiscard]] std::string full_name() const;
};

/// Reads the lines that RubyGems itself reads without running the file, and the dependencies as it
/// writes them. The file is a program: anything else in it is passed over.
[[nodiscard]] GemSpec parse_gemspec(std::string_view text);

/// Names below DEPENDENCIES of a Gemfile.lock: what the application itself asks for.
[[nodiscard]] std::vector<std::string> parse_gemfile_lock(std::string_view text);

}  // namespace muslcheck::packages
