#pragma once
/// Which packages of dpkg somebody asked for, and since which layer each is there.

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dpkg_status.hpp"
#include "muslcheck/filesystem/file_tree.hpp"

namespace muslcheck::packages {

/// The place of dpkg's database, and of what apt knows beyond it.
inline constexpr std::string_view kDpkgStatus = "var/lib/dpkg/status";
inline constexpr std::string_view kAptStates = "var/lib/apt/extended_states";

class DpkgPurposes {
 public:
  /// `installed`: the paragraphs of the merged tree's status.
  DpkgPurposes(const filesystem::FileTree& tree,
               const std::vector<const DpkgParagraph*>& installed);

  /// The lowest layer from which on the status has the package; 0 if none has.
  [[nodiscard]] int since_layer(const DpkgParagraph& package) const;
  /// True if it was installed by its name. Packages of the distribution's own image are not, and
  /// neither is any if nothing tells.
  [[nodiscard]] bool is_on_purpose(const DpkgParagraph& package) const;

 private:
  void read_layers(const filesystem::FileTree& tree);
  void read_states(const filesystem::FileTree& tree);
  void find_system(const std::vector<const DpkgParagraph*>& installed);
  void find_wanted(const std::vector<const DpkgParagraph*>& installed);
  [[nodiscard]] bool is_automatic(const DpkgParagraph& package) const;
  [[nodiscard]] bool is_wanted(const DpkgParagraph& package) const;

  std::map<std::string, int, std::less<>> since_;            ///< by name
  int first_layer_ = 0;                                      ///< the lowest with a status
  bool several_layers_ = false;                              ///< have a status
  std::set<std::pair<std::string, std::string>> automatic_;  ///< name and architecture
  std::set<std::string, std::less<>> system_;                ///< names of what a minimal system has
  std::set<std::string, std::less<>> wanted_;  ///< names that packages depend on or recommend
};

}  // namespace muslcheck::packages
