// Which libraries a release can have, and whether they export what is asked for.

#include "muslcheck/target/target.hpp"

#include <algorithm>

#include "support/catch.hpp"
#include "support/embedded_rules.hpp"

namespace muslcheck::target {
namespace {

using test::embedded_rules;

Target alpine(std::string_view release, std::string_view arch = "x86_64") {
  return make_target(embedded_rules(), release, arch).value();
}

}  // namespace

TEST_CASE("sonames belong to packages per release") {
  using model::Confidence;
  struct Row {
    std::string release;
    std::string soname;
    std::string apk;  ///< empty: nobody has it
    Confidence confidence = Confidence::certain;
    bool in_base = false;
  };
  const std::vector<Row> rows{
      {"3.22", "libstdc++.so.6", "libstdc++"},
      {"3.22", "libgcc_s.so.1", "libgcc"},
      {"3.22", "libssl.so.3", "libssl3", Confidence::certain, true},
      {"3.22", "libcrypto.so.3", "libcrypto3", Confidence::certain, true},
      {"3.22", "libz.so.1", "zlib", Confidence::certain, true},
      {"3.16", "libssl.so.1.1", "libssl1.1", Confidence::certain, true},
      {"3.17", "libssl.so.1.1", "libssl1.1", Confidence::certain, false},
      {"3.22", "libssl.so.1.1", ""},
      {"3.12", "libssl.so.3", ""},
      // between two releases whose index was read
      {"3.21", "libstdc++.so.6", "libstdc++", Confidence::certain},
      // community was read for 3.18 and 3.24 only
      {"3.20", "libpulse.so.0", "libpulse", Confidence::likely},
      {"3.24", "libpulse.so.0", "libpulse", Confidence::certain},
      // later than the last index that has it
      {"3.24", "libvips.so.42", "vips", Confidence::likely},
      // the number follows upstream's releases
      {"3.17", "libicuuc.so.72", "icu-libs"},
      {"3.18", "libicuuc.so.72", ""},
      {"3.21", "libicuuc.so.74", ""},
      {"3.18", "libgdal.so.32", "gdal"},
      {"3.22", "libgdal.so.32", ""},
      {"3.18", "libabsl_crc32c.so.2301.0.0", "abseil-cpp-crc32c"},
      {"3.24", "libabsl_crc32c.so.2301.0.0", ""},
      // the package changed, the soname did not
      {"3.17", "libncursesw.so.6", "ncurses-libs"},
      {"3.18", "libncursesw.so.6", "libncursesw"},
      {"3.15", "libfts.so.0", "fts"},
      {"3.17", "libfts.so.0", "musl-fts"},
      // two packages have it: the one of main
      {"3.22", "libudev.so.1", "eudev-libs"},
      {"3.18", "libudev.so.1", "eudev-libs"},
      // gone after 3.16
      {"3.16", "libexecinfo.so.1", "libexecinfo"},
      {"3.17", "libexecinfo.so.1", ""},
      // glibc's own, and what gcompat has in their place
      {"3.22", "libcrypt.so.1", ""},
      {"3.22", "libresolv.so.2", ""},
      {"3.22", "ld-linux-x86-64.so.2", ""},
      {"3.22", "libgcompat.so.0", ""},
      {"3.22", "", ""},
  };
  for (const Row& row : rows) {
    INFO(row.release << " " << row.soname);
    const Target target = alpine(row.release);
    const TargetLibrary* library = target.find_library(row.soname);
    REQUIRE((library != nullptr) == !row.apk.empty());
    if (library == nullptr) continue;
    CHECK(library->soname == row.soname);
    CHECK(library->apk == row.apk);
    CHECK(library->confidence == row.confidence);
    CHECK(library->in_base == row.in_base);
  }
}

TEST_CASE("near misses name Alpine's own library") {
  const auto& list = embedded_rules().near_misses;
  const auto find = [&](std::string_view soname) {
    return *std::find_if(list.begin(), list.end(),
                         [&](const auto& entry) { return entry.debian == soname; });
  };
  CHECK(find("libjpeg.so.62").alpine == std::vector<std::string>{"libjpeg.so.8"});
  CHECK(find("libjpeg.so.62").kind == "other-soname");
  CHECK(find("libicuuc.so.60").apk == "icu-libs");
  CHECK(find("libcrypt.so.1").alpine.empty());
  CHECK(find("libcrypt.so.1").kind == "glibc");
}

TEST_CASE("libstdc++ is judged by version and by name") {
  const std::string old_name = "_ZNSt6localeC1Ev";              // GLIBCXX_3.4
  const std::string unheard = "_ZNSt9something_that_is_newEv";  // in no list
  struct Row {
    std::string what;
    std::string release;
    std::string arch;
    std::string name;
    std::string version;
    Presence presence;
  };
  const std::vector<Row> rows{
      {"old name", "3.22", "x86_64", old_name, "GLIBCXX_3.4", Presence::present},
      {"newest version of the release", "3.22", "x86_64", unheard, "GLIBCXX_3.4.33",
       Presence::present},
      {"newer than the release", "3.22", "x86_64", unheard, "GLIBCXX_3.4.34", Presence::absent},
      {"newer, though an older list has the name", "3.12", "x86_64", old_name, "GLIBCXX_3.4.29",
       Presence::absent},
      {"newest CXXABI of the release", "3.22", "x86_64", unheard, "CXXABI_1.3.15",
       Presence::present},
      {"CXXABI newer than the release", "3.22", "x86_64", unheard, "CXXABI_1.3.16",
       Presence::absent},
      {"version that was measured, name not in it", "3.22", "x86_64", unheard, "GLIBCXX_3.4.21",
       Presence::absent},
      {"measured release, name not in it", "3.18", "x86_64", unheard, "", Presence::absent},
      {"measured release, name in it", "3.18", "x86_64", old_name, "", Presence::present},
      {"newer release, no version", "3.22", "x86_64", unheard, "", Presence::unknown},
      {"newer release keeps the name", "3.22", "x86_64", old_name, "", Presence::present},
      {"older release, no version", "3.12", "x86_64", old_name, "", Presence::unknown},
      {"older release, version fits", "3.12", "x86_64", old_name, "GLIBCXX_3.4.11",
       Presence::present},
      {"other 64-bit machine, name in the list", "3.18", "aarch64", old_name, "",
       Presence::present},
      {"other 64-bit machine, name not in it", "3.18", "aarch64", unheard, "", Presence::unknown},
      {"other 64-bit machine, version fits", "3.18", "aarch64", unheard, "GLIBCXX_3.4.21",
       Presence::present},
      {"32-bit machine, no version", "3.18", "armhf", old_name, "", Presence::unknown},
      {"32-bit machine, version fits", "3.18", "armhf", unheard, "GLIBCXX_3.4.30",
       Presence::present},
      {"32-bit machine, version too new", "3.18", "armhf", unheard, "GLIBCXX_3.4.31",
       Presence::absent},
      {"version of no known row", "3.18", "x86_64", unheard, "CXXABI_FLOAT128", Presence::absent},
      {"version number that is none", "3.18", "x86_64", unheard, "GLIBCXX_3.4.x", Presence::absent},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    const Target target = alpine(row.release, row.arch);
    CHECK(target.find_library("libstdc++.so.6")->find_export(row.name, row.version) ==
          row.presence);
  }
}

TEST_CASE("libgcc_s is judged by GCC's version") {
  const Target target = alpine("3.22");  // GCC 14, measured with GCC 12
  const TargetLibrary& library = *target.find_library("libgcc_s.so.1");
  CHECK(library.find_export("_Unwind_Resume", "GCC_3.0") == Presence::present);
  CHECK(library.find_export("__not_there", "GCC_3.4.2") == Presence::absent);
  CHECK(library.find_export("__new_in_14", "GCC_14.0.0") == Presence::present);
  CHECK(library.find_export("__new_in_15", "GCC_15.0.0") == Presence::absent);
  CHECK(library.find_export("_Unwind_Resume", "") == Presence::present);
}

TEST_CASE("helper libraries are known by name") {
  const Target target = alpine("3.22");
  const TargetLibrary* contexts = target.find_library("libucontext.so.1");
  REQUIRE(contexts != nullptr);
  CHECK(contexts->apk == "libucontext");
  CHECK(contexts->find_export("makecontext", "") == Presence::present);
  CHECK(contexts->find_export("makecoffee", "") == Presence::absent);
  CHECK(target.find_library("libobstack.so.1")->find_export("obstack_free", "") ==
        Presence::present);
  CHECK(target.find_library("libobstack.so.1")->find_export("obstack_vprintf", "") ==
        Presence::absent);
  CHECK(alpine("3.22", "armhf").find_library("libfts.so.0")->find_export("fts_open", "") ==
        Presence::present);
}

TEST_CASE("nothing is known about exports that were not measured") {
  const Target target = alpine("3.22");
  CHECK(target.find_library("libz.so.1")->exports == nullptr);
  CHECK(target.find_library("libz.so.1")->find_export("deflate", "") == Presence::unknown);
  CHECK(target.find_library("libssl.so.3")->find_export("SSL_new", "OPENSSL_3.0.0") ==
        Presence::unknown);
}

TEST_CASE("a target outlives the rules it was made from") {
  std::optional<Target> target;
  {
    const rules::RuleSet set = rules::load_embedded_rules().value();
    target = make_target(set, "3.18", "x86_64").value();
  }
  CHECK(target->find_library("libfts.so.0")->find_export("fts_read", "") == Presence::present);
  CHECK(target->find_libc_symbol("malloc") != nullptr);
}

}  // namespace muslcheck::target
