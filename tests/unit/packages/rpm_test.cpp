// The databases in fixtures/rpm are real: made by rpm, SQLite and Berkeley DB (fixtures/rpm/make).

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/packages/packages.hpp"
#include "packages/rpm_databases.hpp"
#include "packages/rpm_header.hpp"
#include "support/catch.hpp"
#include "support/tree_builder.hpp"

using namespace muslcheck;
using packages::identify_packages;
using packages::PackageIndex;
using test::TreeBuilder;
using Texts = std::vector<std::string>;

namespace {

std::string fixture(const std::string& name) {
  std::ifstream file(MUSLCHECK_SOURCE_DIR "/fixtures/rpm/" + name, std::ios::binary);
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), {}};
}

TreeBuilder rhel() {
  return TreeBuilder()
      .metadata("etc/os-release", "ID=\"rhel\"\nVERSION_ID=\"9.4\"\n")
      .link("lib64", "usr/lib64")
      .file("usr/lib64/libc.so.6")
      .file("etc/tiny.conf")
      .file("var/log/tiny.log")
      .file("usr/bin/agent");
}

std::string owner(const PackageIndex& index, const std::string& path) {
  const auto number = index.owner(path);
  return number ? index.packages.at(*number).name : "";
}

Texts names_of(const PackageIndex& index) {
  Texts names;
  for (const model::Package& package : index.packages) names.push_back(package.name);
  return names;
}

using Visit = core::Result<void> (*)(const std::string&, const packages::VisitHeader&);

core::Result<void> visit_sqlite(const std::string& bytes, const packages::VisitHeader& visit) {
  auto pages = packages::apply_sqlite_log(bytes, {});
  if (!pages) return tl::make_unexpected(pages.error());
  return packages::visit_rpm_sqlite(std::move(*pages), visit);
}
core::Result<void> visit_ndb(const std::string& bytes, const packages::VisitHeader& visit) {
  return packages::visit_rpm_ndb(bytes, visit);
}
core::Result<void> visit_bdb(const std::string& bytes, const packages::VisitHeader& visit) {
  return packages::visit_rpm_bdb(bytes, visit);
}

std::vector<std::string> headers_of(const std::string& bytes, Visit visit) {
  std::vector<std::string> headers;
  REQUIRE(visit(bytes, [&](core::ByteView header) {
    headers.emplace_back(core::as_text(header));
    return true;
  }));
  std::sort(headers.begin(), headers.end());
  return headers;
}

void put(std::string& bytes, std::size_t offset, std::uint32_t value, bool big = false) {
  for (std::size_t i = 0; i < 4; ++i)
    bytes.at(offset + (big ? 3 - i : i)) = static_cast<char>(value >> (8 * i) & 0xffU);
}

/// A header of text tags and one array of numbers, as rpm writes it.
class HeaderBuilder {
 public:
  HeaderBuilder& text(std::uint32_t tag, const std::string& value) {
    return texts(tag, {value}, 6);
  }
  HeaderBuilder& texts(std::uint32_t tag, const Texts& values, std::uint32_t type = 8) {
    entry(tag, type, values.size());
    for (const std::string& value : values) store_ += value + '\0';
    return *this;
  }
  HeaderBuilder& numbers(std::uint32_t tag, const std::vector<std::uint32_t>& values) {
    entry(tag, 4, values.size());
    for (const std::uint32_t value : values) add(store_, value);
    return *this;
  }
  HeaderBuilder& bytes(std::uint32_t tag, const std::string& values) {
    entry(tag, 1, values.size());
    store_ += values;
    return *this;
  }
  [[nodiscard]] std::string build() const {
    std::string header;
    add(header, static_cast<std::uint32_t>(index_.size() / 16));
    add(header, static_cast<std::uint32_t>(store_.size()));
    return header + index_ + store_;
  }

 private:
  static void add(std::string& to, std::uint32_t value) {
    to.resize(to.size() + 4);
    put(to, to.size() - 4, value, true);
  }
  void entry(std::uint32_t tag, std::uint32_t type, std::size_t count) {
    for (const std::size_t value : {std::size_t{tag}, std::size_t{type}, store_.size(), count})
      add(index_, static_cast<std::uint32_t>(value));
  }
  std::string index_;
  std::string store_;
};

HeaderBuilder named() { return HeaderBuilder().text(1000, "p"); }

core::Result<packages::RpmHeader> parse(const std::string& header,
                                        std::uint64_t room = 1ULL << 30U) {
  return packages::parse_rpm_header(core::as_bytes(header), room);
}

}  // namespace

TEST_CASE("every form of the database gives the packages and the files that they own") {
  struct Case {
    const char* fixture;
    const char* place;
  };
  const auto test = GENERATE(Case{"sqlite/rpmdb.sqlite", "var/lib/rpm/rpmdb.sqlite"},
                             Case{"sqlite/rpmdb.sqlite", "usr/lib/sysimage/rpm/rpmdb.sqlite"},
                             Case{"sqlite/rpmdb.sqlite", "usr/share/rpm/rpmdb.sqlite"},
                             Case{"ndb/Packages.db", "usr/lib/sysimage/rpm/Packages.db"},
                             Case{"bdb/Packages", "var/lib/rpm/Packages"});
  CAPTURE(test.fixture, test.place);
  const PackageIndex index =
      identify_packages(rhel().metadata(test.place, fixture(test.fixture)).build());
  CHECK(index.problems.empty());
  CHECK(names_of(index) == Texts{"agent", "glibc", "msodbcsql18", "tiny"});
  CHECK(owner(index, "usr/lib64/libc.so.6") == "glibc");
  CHECK(owner(index, "etc/tiny.conf") == "tiny");
  CHECK(owner(index, "var/log/tiny.log") == "tiny");
  CHECK(owner(index, "usr/bin/agent") == "agent");
  CHECK(index.files.size() == 4);
  const model::Package& tiny = index.packages.at(3);
  CHECK(tiny.ecosystem == "rpm");
  CHECK(tiny.version == "1:1.2-3.el9");
  CHECK(tiny.purl == "pkg:rpm/rhel/tiny@1.2-3.el9?arch=x86_64&distro=rhel-9.4&epoch=1");
  CHECK(tiny.path == test.place);
  CHECK(tiny.maintainer == "Red Hat, Inc.");
}

TEST_CASE("the forms of one database hold the same headers") {
  const auto expected = headers_of(fixture("sqlite/rpmdb.sqlite"), visit_sqlite);
  REQUIRE(expected.size() == 4);
  CHECK(headers_of(fixture("ndb/Packages.db"), visit_ndb) == expected);
  CHECK(headers_of(fixture("bdb/Packages"), visit_bdb) == expected);
}

TEST_CASE("what is still in SQLite's log counts") {
  const std::string path = "var/lib/rpm/rpmdb.sqlite";
  const std::string log = fixture("wal/rpmdb.sqlite-wal");
  const auto names = [&](const std::string& text) {
    return names_of(identify_packages(
        rhel().metadata(path, fixture("wal/rpmdb.sqlite")).metadata(path + "-wal", text).build()));
  };
  const Texts before{"agent", "msodbcsql18", "tiny"};
  CHECK(names(log) == Texts{"agent", "glibc", "msodbcsql18", "tiny"});
  CHECK(names("") == before);
  SECTION("but not a frame with a wrong checksum, nor any behind it") {
    std::string wrong = log;
    wrong[100] = static_cast<char>(~wrong[100]);
    CHECK(names(wrong) == before);
  }
  SECTION("nor one without a commit") { CHECK(names(log.substr(0, 32 + (24 + 1024))) == before); }
  SECTION("and a log that is none is a problem") {
    const auto pages =
        packages::apply_sqlite_log(fixture("wal/rpmdb.sqlite"), std::string(100, 'x'));
    REQUIRE_FALSE(pages);
    CHECK(pages.error().reason == "rpm-database-malformed");
  }
}

TEST_CASE("who is of another vendor than the C library is no part of the distribution") {
  const PackageIndex index =
      identify_packages(rhel().metadata("var/lib/rpm/Packages", fixture("bdb/Packages")).build());
  Texts vendors;
  for (const model::Package& package : index.packages)
    if (!package.distribution) vendors.push_back(package.name);
  CHECK(vendors == Texts{"agent", "msodbcsql18"});
}

TEST_CASE("packages of other distributions are distributions' if their vendor is known") {
  const auto image = rhel().metadata("var/lib/rpm/Packages", fixture("bdb/Packages")).build();
  const auto of_vendors = [&](const model::KnownVendors& known) {
    Texts names;
    for (const model::Package& package : identify_packages(image, known).packages)
      if (!package.distribution) names.push_back(package.name);
    return names;
  };
  // The other one is below /opt.
  CHECK(of_vendors({.rpm_distributions = {"Datadog"}}) == Texts{"msodbcsql18"});
  CHECK(of_vendors({.rpm_distributions = {"atadog"}}) == Texts{"agent", "msodbcsql18"});
}

TEST_CASE("a database that cannot be read is a problem that says so") {
  struct Case {
    const char* name;
    const char* file;
    std::string content;
    const char* code;
  };
  std::string damaged = fixture("bdb/Packages");
  put(damaged, 20, 1000);
  std::string header = fixture("ndb/Packages.db");
  header.at(4096 + 16) = '\x7f';  // the number of tags of the first package
  for (const Case& test :
       {Case{"no SQLite", "rpmdb.sqlite", std::string(4096, 'x'), "rpm-database-malformed"},
        Case{"short SQLite", "rpmdb.sqlite", "SQLite format 3", "rpm-database-malformed"},
        Case{"no ndb", "Packages.db", "RpmX", "rpm-database-malformed"},
        Case{"no bdb", "Packages", "", "rpm-database-malformed"},
        Case{"page size", "Packages", damaged, "rpm-database-malformed"},
        Case{"header", "Packages.db", header, "rpm-header-malformed"}}) {
    CAPTURE(test.name);
    const PackageIndex index = identify_packages(
        rhel().metadata(std::string("var/lib/rpm/") + test.file, test.content).build());
    REQUIRE(index.problems.size() == 1);
    CHECK(index.problems[0].code == test.code);
    CHECK(index.problems[0].path == std::string("var/lib/rpm/") + test.file);
    CHECK(index.problems[0].message.find("count as the image's own") != std::string::npos);
  }
}

TEST_CASE("SQLite reads the one table and nothing else") {
  struct Case {
    const char* file;
    const char* what;
  };
  for (const Case& test : {Case{"hostile/view.sqlite", "a view instead of the table"},
                           Case{"hostile/no-table.sqlite", "no such table"}}) {
    CAPTURE(test.what);
    const auto done = visit_sqlite(fixture(test.file), [](core::ByteView) { return true; });
    REQUIRE_FALSE(done);
    CHECK(done.error().reason == "rpm-database-malformed");
  }
}

TEST_CASE("a Berkeley DB file with one field changed is malformed") {
  const std::string good = fixture("bdb/Packages");
  // Of the first bucket page: the first value, which is off the page.
  std::size_t overflow = 0;
  for (std::size_t page = 4096; overflow == 0; page += 4096)
    if (good.at(page + 25) == 7) overflow = page;
  struct Case {
    const char* name;
    std::size_t offset;
    std::uint32_t value;
  };
  for (const Case& test :
       {Case{"magic", 12, 1}, Case{"page size", 20, 4095}, Case{"encryption and type", 24, 0x0801},
        Case{"last page", 32, 1000}, Case{"a chain in a circle", overflow + 16, 0x7fffffff},
        Case{"size of an overflow page", overflow + 20, 0xffff0000},
        Case{"type of an overflow page", overflow + 24, 0}}) {
    CAPTURE(test.name);
    std::string bad = good;
    put(bad, test.offset, test.value);
    const auto done = visit_bdb(bad, [](core::ByteView) { return true; });
    REQUIRE_FALSE(done);
    CHECK(done.error().reason == "rpm-database-malformed");
  }
}

TEST_CASE("an overflow page that refers to itself ends the reading") {
  std::string bad = fixture("bdb/Packages");
  for (std::size_t page = 4096; page < bad.size(); page += 4096)
    if (bad[page + 25] == 7) put(bad, page + 16, static_cast<std::uint32_t>(page / 4096));
  CHECK_FALSE(visit_bdb(bad, [](core::ByteView) { return true; }));
}

TEST_CASE("an ndb file with one field changed is malformed") {
  const std::string good = fixture("ndb/Packages.db");
  struct Case {
    const char* name;
    std::size_t offset;
    std::uint32_t value;
  };
  for (const Case& test :
       {Case{"magic", 0, 1}, Case{"version", 4, 1}, Case{"pages of slots", 12, 0x7fffffff},
        Case{"no pages of slots", 12, 0}, Case{"magic of a slot", 32, 1},
        Case{"package of a slot", 36, 99}, Case{"place", 40, 0xffffffff},
        Case{"blocks", 44, 0xffffffff}, Case{"few blocks", 44, 1}, Case{"blob", 4096, 1},
        Case{"size of a blob", 4096 + 12, 0x7fffffff}}) {
    CAPTURE(test.name);
    std::string bad = good;
    put(bad, test.offset, test.value);
    const auto done = visit_ndb(bad, [](core::ByteView) { return true; });
    REQUIRE_FALSE(done);
    CHECK(done.error().reason == "rpm-database-malformed");
  }
}

TEST_CASE("a header tells its package and its files") {
  const auto header = parse(named()
                                .text(1001, "1")
                                .text(1002, "2")
                                .text(1022, "noarch")
                                .text(1011, "V")
                                .numbers(1003, {7})
                                .texts(1117, {"a", "b", "../../c"})
                                .texts(1118, {"/usr/bin/", "/"})
                                .numbers(1116, {0, 1, 1})
                                .build());
  REQUIRE(header);
  CHECK(*header == packages::RpmHeader{"p", "1", "2", "7", "noarch", "V", {"usr/bin/a", "b", "c"}});
}

TEST_CASE("headers of old name whole paths") {
  const auto header = parse(named().texts(1027, {"/bin/a", "/bin/b"}).build());
  REQUIRE(header);
  CHECK(header->paths == Texts{"bin/a", "bin/b"});
}

TEST_CASE("a file that is another package's or was not installed is not the package's") {
  const auto header = parse(named()
                                .texts(1117, {"normal", "replaced", "absent", "shared", "color"})
                                .texts(1118, {"/"})
                                .numbers(1116, {0, 0, 0, 0, 0})
                                .bytes(1029, std::string("\0\1\2\3\4", 5))
                                .build());
  REQUIRE(header);
  CHECK(header->paths == Texts{"normal"});
}

TEST_CASE("a malformed header is an error") {
  struct Case {
    const char* name;
    std::string header;
  };
  std::string many = named().build();
  put(many, 0, core::limits::kMaxRpmTags + 1, true);
  std::string cut = named().build();
  cut.pop_back();
  std::string offset = named().build();
  put(offset, 16, 1000, true);
  std::string type = named().build();
  put(type, 12, 4, true);
  const auto files = [] { return named().texts(1117, {"a"}); };
  for (const Case& test :
       {Case{"empty", ""}, Case{"tags", many}, Case{"cut", cut}, Case{"offset", offset},
        Case{"type", type}, Case{"no name", HeaderBuilder().text(1001, "1").build()},
        Case{"no folders", files().build()},
        Case{"folder not listed", files().texts(1118, {"/"}).numbers(1116, {1}).build()},
        Case{"too few numbers", files().texts(1118, {"/"}).numbers(1116, {}).build()},
        Case{"states of the wrong type", named().numbers(1029, {1}).build()}}) {
    CAPTURE(test.name);
    const auto header = parse(test.header);
    REQUIRE_FALSE(header);
    CHECK(header.error().reason == "rpm-header-malformed");
  }
}

TEST_CASE("the files of a header have limits") {
  const std::string files =
      named().texts(1117, {"a", "b"}).texts(1118, {"/usr/"}).numbers(1116, {0, 0}).build();
  CHECK(parse(files, 12));
  const auto bytes = parse(files, 11);
  REQUIRE_FALSE(bytes);
  CHECK(bytes.error().reason == "too-many-package-files");
  const auto count = parse(named().texts(1117, Texts(core::limits::kMaxPackageFiles + 1)).build());
  REQUIRE_FALSE(count);
  CHECK(count.error().reason == "too-many-package-files");
  const auto path = parse(named()
                              .texts(1117, {std::string(core::limits::kMaxPathLength, 'x'), "y"})
                              .texts(1118, {"/"})
                              .numbers(1116, {0, 0})
                              .build());
  REQUIRE(path);
  CHECK(path->paths == Texts{"y"});
}

TEST_CASE("a database that was not kept is a problem, an empty one is none") {
  model::LayerFacts layer;
  layer.entries.push_back({.path = "var/lib/rpm/Packages", .size = 0});
  CHECK(identify_packages(filesystem::FileTree({layer})).problems.empty());
  layer.entries[0].size = core::limits::kMaxRpmDatabase + 1;
  const PackageIndex index = identify_packages(filesystem::FileTree({layer}));
  REQUIRE(index.problems.size() == 1);
  CHECK(index.problems[0].code == "rpm-database-unreadable");
}

TEST_CASE("the packages of a database have limits") {
  // Many slots that refer to one and the same package.
  const auto problem_of = [](std::size_t slots, const std::string& header) {
    const std::size_t pages = (slots + 2 + 255) / 256;
    std::string file(pages * 4096, '\0');
    file.replace(0, 4, "RpmP");
    put(file, 12, static_cast<std::uint32_t>(pages));
    const std::size_t blocks = (16 + header.size() + 12 + 15) / 16;
    for (std::size_t at = 32; at < file.size(); at += 16) {
      file.replace(at, 4, "Slot");
      if (at >= 32 + slots * 16) continue;
      put(file, at + 4, 1);
      put(file, at + 8, static_cast<std::uint32_t>(file.size() / 16));
      put(file, at + 12, static_cast<std::uint32_t>(blocks));
    }
    std::string blob(blocks * 16, '\0');
    blob.replace(0, 4, "BlbS");
    put(blob, 4, 1);
    put(blob, 12, static_cast<std::uint32_t>(header.size()));
    blob.replace(16, header.size(), header);
    blob.replace(blob.size() - 4, 4, "BlbE");
    const PackageIndex index =
        identify_packages(rhel().metadata("var/lib/rpm/Packages.db", file + blob).build());
    return index.problems.empty() ? std::string() : index.problems.at(0).code;
  };
  const std::string small = named().build();
  CHECK(problem_of(10, small).empty());
  CHECK(problem_of(core::limits::kMaxPackages, small).empty());
  CHECK(problem_of(core::limits::kMaxPackages + 1, small) == "too-many-packages");
  const std::string paths = named()
                                .texts(1117, Texts(1000, "x"))
                                .texts(1118, {"/" + std::string(4000, 'f') + "/"})
                                .numbers(1116, std::vector<std::uint32_t>(1000, 0))
                                .build();
  CHECK(problem_of(60, paths).empty());
  CHECK(problem_of(70, paths) == "too-many-package-files");
  const auto padded = [](std::uint64_t size) {
    return named().bytes(5000, std::string(size, '\0')).build();
  };
  CHECK(problem_of(1, padded(core::limits::kMaxRpmHeader)) == "rpm-header-malformed");
  CHECK(problem_of(5, padded(core::limits::kMaxRpmHeader * 9 / 10)) == "too-many-packages");
}
