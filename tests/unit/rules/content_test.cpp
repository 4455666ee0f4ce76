// What the rules say: which check a symbol belongs to, which hosts load how, and lookups by name.

#include <algorithm>
#include <array>

#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"
#include "muslcheck/rules/rules.hpp"
#include "support/catch.hpp"
#include "support/embedded_rules.hpp"

namespace muslcheck::rules {
namespace {

const RuleSet& rules() { return muslcheck::test::embedded_rules(); }

/// The first check over symbols, in order of id, one of whose globs matches.
std::string family_of(std::string_view symbol) {
  for (const Check& check : rules().checks)
    for (const std::string& glob : check.symbols)
      if (check.kind == "symbols" && core::matches_glob(glob, symbol)) return check.name;
  return "";
}

const model::Host& host(std::string_view id) {
  const model::Host* found = rules().find_host(id);
  REQUIRE(found != nullptr);
  return *found;
}

bool provides(std::string_view id, std::string_view symbol) {
  return core::matches_any(host(id).provides, symbol);
}

}  // namespace

TEST_CASE("checks keep their ids, names and kinds") {
  const std::vector<std::array<std::string, 3>> expected{
      {"MC101", "missing-loader", "interpreter-missing"},
      {"MC102", "loader-as-library", "loader-as-library"},
      {"MC103", "library-absent", "library-absent"},
      {"MC104", "library-other-soname", "library-other-soname"},
      {"MC105", "library-installable", "library-installable"},
      {"MC106", "library-unusable", "library-unusable"},
      {"MC107", "wrong-architecture", "wrong-architecture"},
      {"MC108", "relr", "relr-ignored"},
      {"MC109", "initial-exec-tls", "tls-initial-exec"},
      {"MC110", "unsupported-relocation", "relocation-unsupported"},
      {"MC111", "ifunc", "relocation-ifunc"},
      {"MC112", "hash-missing", "hash-missing"},
      {"MC113", "tls-descriptor", "tls-descriptor"},
      {"MC201", "fortify", "symbols"},
      {"MC202", "c23", "symbols"},
      {"MC203", "lfs64", "symbols"},
      {"MC204", "gnu-extension", "symbols"},
      {"MC205", "missing-facility", "symbols"},
      {"MC206", "missing-lazy", "symbols-lazy"},
      {"MC207", "libstdcxx-too-old", "symbols-of-library"},
      {"MC208", "library-symbol", "symbols-of-other-library"},
      {"MC209", "symbol-missing", "symbols-any"},
      {"MC301", "regex-offsets", "module-trait"},
      {"MC302", "strerror-r", "module-trait"},
      {"MC303", "file-name-of-path", "module-trait"},
      {"MC304", "own-libstdcxx", "module-trait"},
      {"MC305", "ctype-mask", "module-trait"},
      {"MC306", "off-t", "module-trait"},
      {"MC401", "thread-stack", "image-trait"},
      {"MC402", "allocator", "image-trait"},
      {"MC403", "name-service-modules", "image-trait"},
      {"MC404", "resolver-environment", "image-trait"},
      {"MC405", "dns-over-tcp", "image-trait"},
      {"MC406", "language-rules", "image-trait"},
      {"MC407", "database-collation", "image-trait"},
      {"MC408", "iconv-translit", "module-trait"},
      {"MC410", "time-zone-variable", "image-trait"},
      {"MC411", "time-zone-file", "image-trait"},
      {"MC412", "time-zone-names", "image-trait"},
      {"MC415", "own-certificates", "image-trait"},
      {"MC416", "certificate-path", "image-trait"},
      {"MC420", "icu", "image-trait"},
      {"MC421", "icu-of-application", "image-trait"},
      {"MC422", "invariant-globalization", "image-trait"},
      {"MC423", "invariant-sql-client", "image-trait"},
      {"MC430", "dlsym-of-64-bit-names", "module-trait"},
      {"MC431", "option-order", "image-trait"},
      {"MC432", "login-records", "image-trait"},
      {"MC433", "thread-cancellation", "image-trait"},
      {"MC434", "executable-stack", "image-trait"},
      {"MC435", "time-t", "image-trait"},
      {"MC436", "password-hashes", "image-trait"},
      {"MC501", "missing-interpreter", "interpreter-at-start"},
      {"MC502", "missing-interpreter-elsewhere", "interpreter-elsewhere"},
      {"MC503", "missing-program", "command-at-start"},
      {"MC504", "missing-health-command", "command-in-health-check"},
      {"MC505", "missing-command", "command-in-script"},
      {"MC506", "missing-command-elsewhere", "command-elsewhere"},
      {"MC507", "busybox-option", "busybox-option"},
      {"MC508", "busybox-option-elsewhere", "busybox-option-elsewhere"},
      {"MC509", "user-management", "user-management"},
      {"MC510", "debian-command", "debian-command"},
      {"MC511", "command-without-package", "command-without-package"},
      {"MC512", "missing-build-command", "build-command"},
      {"MC513", "absent-user", "absent-user"},
      {"MC514", "other-user-id", "other-user-id"},
      {"MC515", "preload-left-behind", "preload-left-behind"},
      {"MC516", "installed-packages", "installed-packages"},
      {"MC901", "unreadable-elf", "problem-elf"},
      {"MC902", "unreadable-layer", "problem-source"},
      {"MC903", "undecided", "undecided"},
      {"MC904", "ownership-unknown", "problem-packages"},
  };
  std::vector<std::array<std::string, 3>> actual;
  for (const Check& check : rules().checks) actual.push_back({check.id, check.name, check.kind});
  for (const auto& entry : expected) {
    INFO(entry[0]);
    CHECK(std::find(actual.begin(), actual.end(), entry) != actual.end());
  }
}

TEST_CASE("no remedy sells gcompat as a fix for a module") {
  for (const Check& check : rules().checks)
    CHECK(check.remedy.command.find("gcompat") == std::string::npos);
}

TEST_CASE("missing symbols fall into their families") {
  struct Row {
    std::string symbol;
    std::string family;
  };
  const std::vector<Row> rows{
      {"__memcpy_chk", "fortify"},
      {"__vfprintf_chk", "fortify"},
      {"__explicit_bzero_chk", "fortify"},
      {"__open64_2", "fortify"},
      {"__stack_chk_fail", ""},
      {"__isoc23_strtol", "c23"},
      {"__isoc23_sscanf", "c23"},
      {"fcntl64", "lfs64"},
      {"posix_fallocate64", "lfs64"},
      {"pwritev64v2", "lfs64"},
      {"__register_atfork", "gnu-extension"},
      {"gnu_get_libc_version", "gnu-extension"},
      {"__res_init", "gnu-extension"},
      {"mallinfo", "gnu-extension"},
      {"error", "gnu-extension"},
      {"dlvsym", "gnu-extension"},
      {"strtoll_l", "gnu-extension"},
      {"arc4random_buf", "gnu-extension"},
      {"__exp_finite", "gnu-extension"},
      {"makecontext", "missing-facility"},
      {"fts_open", "missing-facility"},
      {"argp_parse", "missing-facility"},
      {"obstack_free", "missing-facility"},
      {"_obstack_newchunk", "missing-facility"},
      {"backtrace", "missing-facility"},
      {"bindresvport", "missing-facility"},
      {"malloc_info", "missing-facility"},
      {"pthread_mutex_consistent_np", "missing-facility"},
      {"_ZGVdN4v_sin", "missing-facility"},
      {"_ZNSt7__cxx1112basic_stringIcE", ""},
      {"SSL_new", ""},
      {"napi_create_function", ""},
      {"my_step", ""},
  };
  for (const Row& row : rows) {
    INFO(row.symbol);
    CHECK(family_of(row.symbol) == row.family);
  }
}

TEST_CASE("hosts call dlopen as they are known to") {
  using model::DlopenMode;
  for (const std::string id : {"node", "java", "dotnet", "ruby", "php", "perl", "bare"})
    CHECK(host(id).mode == DlopenMode::lazy);
  for (const std::string id : {"python", "nginx", "apache", "lua", "postgres"})
    CHECK(host(id).mode == DlopenMode::now);
  CHECK(host("php").global);
  CHECK(host("nginx").global);
  CHECK_FALSE(host("node").global);
  CHECK_FALSE(host("python").global);
}

TEST_CASE("hosts provide their own symbols and no libc function") {
  CHECK(provides("node", "napi_create_function"));
  CHECK(provides("node", "_ZN2v87Isolate10GetCurrentEv"));
  CHECK(provides("node", "uv_queue_work"));
  CHECK(provides("node", "EVP_DigestInit_ex"));
  CHECK(provides("node", "deflateInit2_"));
  CHECK(provides("python", "PyObject_Call"));
  CHECK(provides("php", "zend_register_functions"));
  CHECK(provides("nginx", "ngx_palloc"));
  const std::vector<std::string> libc{
      "__memcpy_chk", "fcntl64",     "__isoc23_strtol", "makecontext",   "fts_open",
      "backtrace",    "malloc_trim", "__res_init",      "error",         "mallinfo",
      "obstack_free", "argp_parse",  "dlvsym",          "pthread_yield", "arc4random"};
  for (const model::Host& entry : rules().hosts)
    for (const std::string& symbol : libc) {
      INFO(entry.id << " " << symbol);
      CHECK_FALSE(provides(entry.id, symbol));
    }
}

TEST_CASE("lookups find by id, name and kind, and nothing else") {
  REQUIRE(rules().find_check("MC201") != nullptr);
  CHECK(rules().find_check("fortify") == rules().find_check("MC201"));
  CHECK(rules().find_check_of_kind("tls-descriptor")->id == "MC113");
  CHECK(rules().find_check("MC999") == nullptr);
  CHECK(rules().find_check_of_kind("") == nullptr);
  CHECK(rules().find_release("3.22")->musl_package == "1.2.5-r10");
  CHECK(rules().find_release("3.2") == nullptr);
  CHECK(rules().find_npm_package("esbuild")->musl == "yes");
  CHECK(rules().find_npm_package("") == nullptr);
  CHECK(rules().find_npm_package("zzzz") == nullptr);
  CHECK(rules().find_near_miss("libabsl_bad_any_cast_impl.so.20220623")->kind == "other-soname");
  CHECK(rules().find_near_miss("libnone.so.1") == nullptr);
  CHECK(rules().find_host("node")->name == "Node.js");
  CHECK(rules().find_host("unknown") == nullptr);
  CHECK(rules().names_an_architecture("app/prebuilds/linux-arm64/x.node"));
  CHECK_FALSE(rules().names_an_architecture("app/build/Release/x.node"));
}

TEST_CASE("Python packages say how they serve musl") {
  CHECK(rules().find_python_package("numpy")->first_musl_version == "1.25.0");
  CHECK(rules().find_python_package("psycopg2")->musl == "build");
  CHECK(rules().find_python_package("markupsafe")->has_pure_python);
  CHECK(rules().find_python_package("zzzz") == nullptr);
  for (const model::PythonPackage& package : rules().python_packages) {
    INFO(package.name);
    CHECK((package.musl == "yes" || package.first_musl_version.empty()));
    // The command that builds it names what to install.
    CHECK((package.musl != "build" || !package.build.empty()));
  }
}

TEST_CASE("NuGet packages say how they serve musl") {
  CHECK(rules().find_nuget_package("Grpc.Core")->musl == "no");
  CHECK(rules().find_nuget_package("librdkafka.redist")->own_file == "alpine-librdkafka.so");
  CHECK(rules().find_nuget_package("zzzz") == nullptr);
  // The last entry is for all that nothing is known about.
  CHECK(rules().nuget_remedies.back().musl == "*");
}

TEST_CASE("npm's glibc packages have their musl siblings") {
  const auto& siblings = rules().npm_musl_siblings;
  CHECK(siblings.at("@img/sharp-linux-x64") == "@img/sharp-linuxmusl-x64");
  CHECK(siblings.at("@rollup/rollup-linux-x64-gnu") == "@rollup/rollup-linux-x64-musl");
  CHECK(siblings.count("-") == 0);
}

TEST_CASE("versions are ordered by number") {
  CHECK(compare_versions("3.9", "3.12") < 0);
  CHECK(compare_versions("1.2.10", "1.2.9") > 0);
  CHECK(compare_versions("1.2", "1.2.0") == 0);
  CHECK(compare_versions("1.2.5-r10", "1.2.5") == 0);
  CHECK(compare_versions("", "1.1.24") < 0);
  CHECK(compare_versions("", "") == 0);
}

TEST_CASE("commands and packages of Debian have their names on Alpine") {
  const Command* curl = rules().find_command("curl");
  REQUIRE(curl != nullptr);
  CHECK_FALSE(curl->in_busybox);
  CHECK(curl->apk == std::vector<std::string>{"curl"});
  CHECK(rules().find_command("grep")->in_busybox);
  CHECK(rules().find_command("ldconfig")->apk.empty());
  CHECK(rules().find_command("no-such-command") == nullptr);
  CHECK(rules().find_debian_package("gcc")->apk == std::vector<std::string>{"gcc", "musl-dev"});
  CHECK(rules().find_debian_package("apt-utils")->apk.empty());
  CHECK(rules().find_debian_command("useradd")->kind == "users");
  CHECK(rules().find_target_image("node")->users.front().uid == 1000);
}

TEST_CASE("what the tables say about busybox fits the list of its applets") {
  for (const Command& command : rules().commands) {
    INFO(command.name);
    CHECK(command.in_busybox == core::contains(rules().busybox_applets, command.name));
  }
  for (const DebianCommand& command : rules().debian_commands) {
    INFO(command.name);
    CHECK_FALSE(core::contains(rules().busybox_applets, command.name));
  }
}

}  // namespace muslcheck::rules
