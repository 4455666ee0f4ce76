// The size picture in the table.

#include <string>

#include "muslcheck/report/report.hpp"
#include "support/catch.hpp"

using namespace muslcheck;

namespace {

std::string page_of(const model::SizeMath& size, bool verbose = false) {
  model::Report report;
  report.source.layers = {{.created_by = "ADD rootfs"}, {.created_by = "COPY app"}};
  report.plan.size = size;
  return report::write_table(report, {.width = 120, .verbose = verbose});
}

bool has(const std::string& page, const std::string& line) {
  return page.find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("sizes are told by kind, with the saving between its bounds") {
  const std::string page = page_of({.before = 1'200'000'000,
                                    .parts = {{.kind = "base", .bytes = 800'000'000},
                                              {.kind = "build-tools", .bytes = 300'000'000},
                                              {.kind = "application", .bytes = 100'000'000},
                                              {.kind = "caches", .bytes = 0}},
                                    .after = model::SizeRange{240'000'000, 300'000'000},
                                    .basis = {"node:20-alpine takes 140 MB"}});
  CHECK(has(page, "Size\n  today: 1.2 GB: the old base 800 MB, build tools 300 MB, application 100 MB"));
  CHECK(has(page, "  on Alpine: 240 to 300 MB, 75 to 80 % less"));
  CHECK(has(page, "    | node:20-alpine takes 140 MB"));
}

TEST_CASE("a saving that is not sure is not promised") {
  const auto saving = [](std::uint64_t least, std::uint64_t most) {
    const std::string page =
        page_of({.before = 100'000'000, .after = model::SizeRange{least, most}});
    const std::size_t at = page.find("on Alpine: ");
    return page.substr(at, page.find('\n', at) - at);
  };
  CHECK(saving(50'000'000, 50'000'000) == "on Alpine: 50 MB, 50 % less");
  CHECK(saving(50'000'000, 150'000'000) == "on Alpine: 50 to 150 MB, up to 50 % less");
  CHECK(saving(120'000'000, 150'000'000) == "on Alpine: 120 to 150 MB, nothing saved");
  CHECK(saving(9'000'000, 1'200'000'000) == "on Alpine: 9.0 MB to 1.2 GB, up to 91 % less");
}

TEST_CASE("without an estimate only today's size is told") {
  const std::string page = page_of({.before = 100'000'000});
  CHECK(page.find("today: 100 MB") != std::string::npos);
  CHECK(page.find("on Alpine: ") == std::string::npos);
  CHECK(page_of({.before = 0}).find("Size") == std::string::npos);
}

TEST_CASE("each layer is told on demand") {
  const model::SizeMath size{.before = 100'000'000, .layers = {90'000'000, 10'000'000}};
  CHECK(page_of(size).find("layer 1:") == std::string::npos);
  CHECK(has(page_of(size, true), "    layer 0: 90 MB ADD rootfs\n    layer 1: 10 MB COPY app"));
}
