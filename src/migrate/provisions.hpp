#pragma once
/// Whether the target has a command, and from where.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "muslcheck/migrate/migrate.hpp"
#include "muslcheck/model/script.hpp"

namespace muslcheck::migrate {

/// A program of the image as it is today.
struct FoundProgram {
  const filesystem::Node* node = nullptr;
  std::string path;  ///< in-image, without links
};

class Provisions {
 public:
  /// All outlive the object.
  Provisions(const ImageFacts& image, const model::TargetInfo& target, const rules::RuleSet& rules);

  /// The program of that name (found in the image's PATH) or path.
  [[nodiscard]] FoundProgram find(const std::string& word) const;
  /// Where the target has the command from. Nothing for one that moves with the image or that its
  /// runtime brings, for one that the image lacks today, and for a name that nothing is known
  /// about.
  [[nodiscard]] std::optional<model::Provision> provide(const std::string& word) const;
  /// True for a file that the new base or a package takes the place of.
  [[nodiscard]] bool is_replaced(const std::string& path, int layer) const;
  /// True if the image is made of musl already.
  [[nodiscard]] bool is_native() const { return is_native_; }

 private:
  [[nodiscard]] FoundProgram find_in_path(const std::string& name) const;
  [[nodiscard]] bool is_of_distribution(const FoundProgram& program) const;
  [[nodiscard]] bool is_in_target_files(const std::string& name) const;
  [[nodiscard]] bool is_in_base(const std::string& name) const;
  [[nodiscard]] bool is_in_image(const std::string& word) const;
  [[nodiscard]] std::optional<model::Provision> from_package(const FoundProgram& program) const;
  [[nodiscard]] std::optional<model::Provision> from_target(const std::string& word,
                                                            const FoundProgram& program) const;

  const ImageFacts& image_;
  const rules::RuleSet& rules_;
  std::vector<std::string> path_;
  std::vector<const rules::TargetImage*> images_;  ///< the bare one first
  bool is_whole_ = false;
  bool is_native_ = false;
};

}  // namespace muslcheck::migrate
