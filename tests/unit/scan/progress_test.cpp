// What a whole scan counts.

#include "muslcheck/core/progress.hpp"

#include <string>

#include "muslcheck/scan/scan.hpp"
#include "support/catch.hpp"
#include "support/embedded_rules.hpp"
#include "support/gzip.hpp"
#include "support/layout_builder.hpp"
#include "support/tar_builder.hpp"
#include "support/temporary_folder.hpp"

using namespace muslcheck;
using test::LayoutBuilder;
using test::TarBuilder;
using test::TemporaryFolder;

TEST_CASE("progress: a scan starts once, then counts all that there is") {
  const std::string layer = TarBuilder().directory("d").file("d/a", "text").finish();
  LayoutBuilder layout;
  const std::string manifest = layout.image("amd64", {layer, test::gzip(layer)});
  layout.index(test::index_of({test::descriptor(test::kOciManifest, manifest)}));
  const TemporaryFolder folder;
  core::Progress progress;
  int starts = 0;
  const auto report = scan::scan({.source = folder.write("image.tar", layout.tar()),
                                  .progress = &progress,
                                  .on_start =
                                      [&] {
                                        CHECK(progress.bytes_total == 0);
                                        ++starts;
                                      }},
                                 test::embedded_rules());
  REQUIRE(report);
  CHECK(starts == 1);
  CHECK(progress.bytes_total == layer.size() + test::gzip(layer).size());
  CHECK(progress.bytes_done == progress.bytes_total);
  CHECK(progress.files_done == 4);
}
