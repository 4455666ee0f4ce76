#pragma once
/// Members of archives as files of the tree.

#include <vector>

#include "muslcheck/filesystem/file_tree.hpp"

namespace muslcheck::filesystem {

/// Adds what `layers` have of the archives that are in the merged tree. An archive that a higher
/// layer replaced or took away has no node, so its members have none.
void add_archive_members(FileTree::Nodes& nodes, const std::vector<model::LayerFacts>& layers,
                         std::vector<model::Problem>& problems);

}  // namespace muslcheck::filesystem
