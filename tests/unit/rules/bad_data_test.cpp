// Wrong rule files are refused with the file and the place. Each case changes one thing in the
// embedded rules and expects the exact message.

#include "rules_fixture.hpp"
#include "support/catch.hpp"

namespace muslcheck::rules {
namespace {

struct Case {
  std::string name;
  std::string file;
  std::string from;
  std::string to;
  std::string message;
};

const std::vector<Case> kCases{
    // JSON in general
    {"no JSON", "hosts.json", "\"hosts\": [", "\"hosts\": [,",
     "hosts.json: line 2: not valid JSON"},
    {"no provenance", "hosts.json", "{\"provenance\"", "{\"comment\"",
     "hosts.json: line 1: must begin with {\"provenance\": \"...\" (where the data is from)"},
    {"unknown field at the top", "hosts.json", "\"hosts\": [", "\"host\": [], \"hosts\": [",
     "hosts.json: /host: unknown field"},
    // checks
    {"unknown severity", "checks/mc1xx.json", "\"severity\": \"error\"", "\"severity\": \"fatal\"",
     "checks/mc1xx.json: /checks/0/severity: must be error, warning or note"},
    {"id of another shape", "checks/mc1xx.json", "\"MC102\"", "\"MC1O2\"",
     "checks/mc1xx.json: /checks/1/id: must be MC and three digits"},
    {"id used twice", "checks/mc1xx.json", "\"MC102\"", "\"MC101\"",
     "checks/mc1xx.json: /checks/1/id: MC101 is used twice"},
    {"id used in another file", "checks/mc2xx.json", "\"MC201\"", "\"MC101\"",
     "checks/mc2xx.json: /checks/0/id: MC101 is used twice"},
    {"word name used twice", "checks/mc1xx.json", "\"loader-as-library\"", "\"missing-loader\"",
     "checks/mc1xx.json: /checks/1/name: missing-loader is used twice"},
    {"misspelt field", "checks/mc1xx.json", "\"cause\"", "\"couse\"",
     "checks/mc1xx.json: /checks/0/couse: unknown field"},
    {"unknown placeholder", "checks/mc1xx.json", "cannot start on {target}", "cannot start on {os}",
     "checks/mc1xx.json: /checks/0/message: unknown placeholder {os}"},
    {"unknown kind of remedy", "checks/mc1xx.json", "\"kind\": \"rebuild\"", "\"kind\": \"pray\"",
     "checks/mc1xx.json: /checks/0/remedy/kind: unknown kind of remedy"},
    {"remedy for an unknown ecosystem", "checks/mc1xx.json", "\"references\": [\"npm/cli#4828\"]",
     "\"references\": [], \"remedies\": {\"cpan\": {\"kind\": \"stay\", \"text\": \"x\"}}",
     "checks/mc1xx.json: /checks/13/remedies: unknown ecosystem cpan"},
    {"symbols out of order", "checks/mc2xx.json", "\"__*_chk\", ", "\"__open_3\", \"__*_chk\", ",
     "checks/mc2xx.json: /checks/0/symbols/1: \"__*_chk\" is out of order"},
    {"empty message", "checks/mc9xx.json", "\"message\": \"{path} could not be examined",
     "\"message\": \"\", \"was\": \"{path} could not be examined",
     "checks/mc9xx.json: /checks/0/was: unknown field"},
    // conditions of checks
    {"check over traits without a condition", "checks/mc3xx.json", "\"when\": {", "\"paths\": {",
     "checks/mc3xx.json: /checks/0/paths: has no meaning for this kind of check"},
    {"condition of another kind of check", "checks/mc9xx.json", "\"references\"",
     "\"when\": {\"bits\": 64}, \"references\"",
     "checks/mc9xx.json: /checks/0/when: has no meaning for this kind of check"},
    {"confidence of another kind of check", "checks/mc9xx.json", "\"references\"",
     "\"confidence\": \"hint\", \"references\"",
     "checks/mc9xx.json: /checks/0/confidence: has no meaning for this kind of check"},
    {"condition that asks for nothing", "checks/mc3xx.json",
     "\"imports\": [\"regexec\"],\n      \"libc\": \"glibc\",\n      \"bits\": 64", "",
     "checks/mc3xx.json: /checks/0/when: must ask for something"},
    {"misspelt condition", "checks/mc3xx.json", "\"imports\": [\"regexec\"]",
     "\"import\": [\"regexec\"]", "checks/mc3xx.json: /checks/0/when/import: unknown field"},
    {"condition out of order", "checks/mc3xx.json", "\"imports\": [\"regexec\"]",
     "\"imports\": [\"regexec\", \"regcomp\"]",
     "checks/mc3xx.json: /checks/0/when/imports/1: \"regcomp\" is out of order"},
    {"condition of 16 bits", "checks/mc3xx.json", "\"bits\": 64", "\"bits\": 16",
     "checks/mc3xx.json: /checks/0/when/bits: must be 32 or 64"},
    {"condition over an unknown libc", "checks/mc3xx.json", "\"libc\": \"glibc\"",
     "\"libc\": \"uclibc\"", "checks/mc3xx.json: /checks/0/when/libc: must be glibc or musl"},
    {"condition over an unknown host", "checks/mc3xx.json", "\"libc\": \"glibc\"",
     "\"hosts\": [\"nodejs\"]", "checks/mc3xx.json: /checks/0/when/hosts: unknown name nodejs"},
    {"condition over an unknown role", "checks/mc3xx.json", "\"libc\": \"glibc\"",
     "\"roles\": [\"program\"]", "checks/mc3xx.json: /checks/0/when/roles: unknown name program"},
    {"condition over an unknown runtime", "checks/mc4xx.json", "\"runtimes\": [\"postgres\"]",
     "\"runtimes\": [\"mysql\"]", "checks/mc4xx.json: /checks/6/when/runtimes: unknown name mysql"},
    {"condition over an unknown base", "checks/mc4xx.json", "\"bases\": [\"dotnet\"]",
     "\"bases\": [\"mono\"]", "checks/mc4xx.json: /checks/15/when/bases: unknown name mono"},
    {"condition over an unknown release", "checks/mc4xx.json", "\"releases\": [\"3.12\"",
     "\"releases\": [\"3.1\"", "checks/mc4xx.json: /checks/4/when/releases: unknown name 3.1"},
    {"condition over a musl without a table", "checks/mc4xx.json", "\"musl_since\": \"1.2.4\"",
     "\"musl_since\": \"1.3\"",
     "checks/mc4xx.json: /checks/17/when/musl_since: there is no symbol table of musl 1.3"},
    {"confidence that is none", "checks/mc3xx.json", "\"confidence\": \"likely\"",
     "\"confidence\": \"sure\"",
     "checks/mc3xx.json: /checks/0/confidence: must be certain, likely or hint"},
    {"packages of a check that advises none", "checks/mc4xx.json", "\"when\": {",
     "\"apk\": [\"musl\"], \"when\": {",
     "checks/mc4xx.json: /checks/0/apk: has no meaning for this kind of check"},
    {"advice of packages without packages", "checks/mc4xx.json", "\"apk\": [\"tzdata\"],\n", "",
     "checks/mc4xx.json: /checks/8/apk: is missing"},
    // hosts
    {"empty glob", "hosts.json", "\"paths\": [\"*.node\"]", "\"paths\": [\"\"]",
     "hosts.json: /hosts/4/paths/0: must be a text that is not empty"},
    {"unknown dlopen mode", "hosts.json", "\"mode\": \"lazy\"", "\"mode\": \"sometimes\"",
     "hosts.json: /hosts/4/mode: must be now (RTLD_NOW), lazy (RTLD_LAZY) or preload"},
    {"host used twice", "hosts.json", "\"id\": \"python\"", "\"id\": \"node\"",
     "hosts.json: /hosts/5/id: node is used twice"},
    {"global is no boolean", "hosts.json", "\"global\": false", "\"global\": \"no\"",
     "hosts.json: /hosts/1/global: must be true or false"},
    // Java libraries
    {"image of a Dockerfile with two tags", "dockerfile.json", "\"latest\": \"alpine\"",
     "\"tag\": \"x\"", "dockerfile.json: /images/0/tag: an image has a suffix or a tag"},
    {"image that cannot move and does not say why", "dockerfile.json", "\"suffix\": \"-alpine\", ",
     "", "dockerfile.json: /images/0/note: an image that cannot move needs a note that says why"},
    {"unknown action of a command", "dockerfile.json", "\"action\": \"remove\"",
     "\"action\": \"drop\"", "dockerfile.json: /commands/0/action: must be remove or keep"},
    {"unknown artifact", "dockerfile.json", "\"artifact\": \"workdir\"", "\"artifact\": \"all\"",
     "dockerfile.json: /shapes/0/artifact: must be workdir, start-folder, start-file or "
     "start-program"},
    {"Java library out of order", "java-natives.json", "\"id\": \"duckdb-jdbc\"", "\"id\": \"a\"",
     "java-natives.json: /libraries/1/id: a is out of order"},
    {"Java library of unknown confidence", "java-natives.json", "\"confidence\": \"likely\"",
     "\"confidence\": \"maybe\"",
     "java-natives.json: /libraries/0/confidence: must be certain, likely or hint"},
    {"file for musl that is a glob", "java-natives.json",
     "librocksdbjni-linux{arch}-musl.so\", \"since", "librocksdbjni-*.so\", \"since",
     "java-natives.json: /libraries/8/musl/0/file: must be one file, no glob"},
    {"musl on a machine that the library has no word for", "java-natives.json",
     "\"arches\": [\"x86_64\"]", "\"arches\": [\"mips\"]",
     "java-natives.json: /libraries/9/musl/0/arches: mips is no arch of the library"},
    // bases
    {"base before its parent", "bases.json", "\"parents\": [{\"id\": \"debian\"}",
     "\"parents\": [{\"id\": \"node\"}",
     "bases.json: /bases/4/parents/0/id: node is no base before this one"},
    {"base used twice", "bases.json", "\"id\": \"debian-added\"", "\"id\": \"debian\"",
     "bases.json: /bases/1/id: debian is used twice"},
    {"a step that fits any line", "bases.json", "[\"# debian.sh --arch *\"]", "[\"*\"]",
     "bases.json: /bases/0/steps/0/layer: must begin with an instruction"},
    {"a step of no kind", "bases.json", "{\"layer\": [\"# debian", "{\"line\": [\"# debian",
     "bases.json: /bases/0/steps/0/line: unknown field"},
    {"a base without a layer", "bases.json", "{\"layer\": [\"# debian", "{\"mark\": [\"# debian",
     "bases.json: /bases/0/steps: no layer must be there"},
    {"a brace that is not closed", "bases.json", "debian:{VERSION_CODENAME}", "debian:{VERSION",
     "bases.json: /bases/0/name: a brace is not closed"},
    // releases, relocations, LFS64
    {"releases out of order", "targets/releases.json", "\"release\": \"3.13\"",
     "\"release\": \"3.11\"", "targets/releases.json: /releases: 3.11 must come before 3.12"},
    {"release of an unknown table", "targets/releases.json", "\"symbol_table\": \"1.1.24\"",
     "\"symbol_table\": \"1.1.99\"",
     "targets/releases.json: /releases/0/symbol_table: there is no table of musl 1.1.99"},
    {"unknown word for lfs64", "targets/releases.json", "\"lfs64\": \"exported\"",
     "\"lfs64\": \"maybe\"", "targets/releases.json: /releases/0/lfs64: must be exported or remap"},
    {"relr neither true, false nor null", "targets/releases.json", "\"relr\": false",
     "\"relr\": \"unknown\"",
     "targets/releases.json: /releases/0/relr: must be true, false or null (unknown)"},
    {"unknown architecture", "targets/releases.json", "\"arches\": [\"x86_64\"",
     "\"arches\": [\"vax\"",
     "targets/releases.json: 3.12 on vax: there is no symbol table of that architecture"},
    {"architecture before its first table", "targets/releases.json",
     "\"ppc64le\", \"s390x\"], \"base_sonames\"", "\"ppc64le\", \"loongarch64\"], \"base_sonames\"",
     "targets/releases.json: 3.12 on loongarch64: its table has no musl 1.1.24"},
    {"added symbol that is there", "targets/releases.json",
     "[\"posix_getdents\", \"pthread_mutexattr_setprioceiling\"]", "[\"malloc\"]",
     "targets/releases.json: 3.23 on x86_64: malloc is added but the table has it already"},
    {"base library without a package", "targets/releases.json", "\"base_sonames\": [\"libcrypto",
     "\"base_sonames\": [\"liba.so.1\", \"libcrypto",
     "targets/sonames.tsv: liba.so.1 is in the base image of 3.12 but has no package there"},
    {"relocations out of order", "targets/relocations.json", "\"number\": 1,", "\"number\": 99,",
     "targets/relocations.json: /relocations/x86_64/2/number: must be greater than the one "
     "before"},
    {"unknown role", "targets/relocations.json", "\"role\": \"copy\"", "\"role\": \"kopie\"",
     "targets/relocations.json: /relocations/x86_64/3/role: unknown role"},
    {"full name as LFS64 base", "targets/lfs64.json", "\"open\"", "\"open64\"",
     "targets/lfs64.json: open64 is no base name: it ends in 64"},
    // symbol histories
    {"symbols out of order", "targets/musl-symbols-x86_64.tsv", "\n_Fork\t", "\n_A\t",
     "targets/musl-symbols-x86_64.tsv: line 4: \"_A\" is out of order"},
    {"unknown symbol type", "targets/musl-symbols-x86_64.tsv", "_Fork\tfunction", "_Fork\tFUNC",
     "targets/musl-symbols-x86_64.tsv: line 4: unknown symbol type \"FUNC\""},
    {"unknown binding", "targets/musl-symbols-x86_64.tsv", "_Fork\tfunction\tglobal",
     "_Fork\tfunction\tlocal",
     "targets/musl-symbols-x86_64.tsv: line 4: unknown binding \"local\""},
    {"unknown musl version", "targets/musl-symbols-x86_64.tsv", "global\t1.2.2\t1.2.6",
     "global\t1.2.9\t1.2.6",
     "targets/musl-symbols-x86_64.tsv: line 4: \"1.2.9\" to \"1.2.6\" is no range of musl "
     "versions"},
    {"symbol that vanishes", "targets/musl-symbols-x86_64.tsv", "global\t1.2.2\t1.2.6",
     "global\t1.2.2\t1.2.5",
     "targets/musl-symbols-x86_64.tsv: line 4: \"_Fork\" ends with musl 1.2.5 and does not say "
     "why"},
    {"symbol that is gone and is not", "targets/musl-symbols-x86_64.tsv", "global\t1.2.2\t1.2.6\t",
     "global\t1.2.2\t1.2.6\tlfs64",
     "targets/musl-symbols-x86_64.tsv: line 4: \"_Fork\" says why it is gone but is not"},
    {"two histories for a version", "targets/musl-symbols-x86_64.tsv", "\n_Fork\tfunction",
     "\n_Exit\tfunction",
     "targets/musl-symbols-x86_64.tsv: line 4: \"_Exit\" has two entries for musl 1.2.2"},
    {"gcompat for an unknown release", "targets/gcompat.json", "\"releases\": [\"3.12\"",
     "\"releases\": [\"3.2\"",
     "targets/gcompat.json: /versions/0/releases: unknown release \"3.2\""},
    {"two versions of gcompat for a release", "targets/gcompat.json", "\"releases\": [\"3.13\"",
     "\"releases\": [\"3.12\"",
     "targets/gcompat.json: /versions/1/releases: release 3.12 has another version, too"},
    // tables
    {"size that is no number", "targets/image-sizes.tsv", "\t8300000\t", "\t8.3 MB\t",
     "targets/image-sizes.tsv: line 3: \"8.3 MB\" is no number of bytes"},
    {"other columns", "targets/sonames.tsv", "#soname\tapk", "#apk\tsoname",
     "targets/sonames.tsv: line 2: has other columns than this program knows"},
    {"too few cells", "targets/npm-siblings.tsv", "@alberteinshutoin/lazy-image-linux-x64-gnu\t",
     "@alberteinshutoin/lazy-image-linux-x64-gnu",
     "targets/npm-siblings.tsv: line 3: has 1 columns instead of 2"},
    {"sonames out of order", "targets/sonames.tsv", "\nlib++dfb-1.7.so.7\t", "\na.so.1\t",
     "targets/sonames.tsv: line 4: \"a.so.1\" is out of order"},
    {"soname of an unknown release", "targets/sonames.tsv", "gcompat\t3.17,", "gcompat\t2.17,",
     "targets/sonames.tsv: line 3: unknown release \"2.17\""},
    {"unknown near-miss kind", "targets/sonames-near-miss.tsv", "\tglibc\tgcompat on",
     "\tlibc\tgcompat on", "targets/sonames-near-miss.tsv: line 3: unknown kind \"libc\""},
    {"unknown answer for Python", "python-packages.tsv", "aiohttp\tyes\t", "aiohttp\tja\t",
     "python-packages.tsv: line 3: unknown answer \"ja\""},
    {"Python package without a basis", "python-packages.tsv", "aiohttp\tyes\t\tgeneral knowledge",
     "aiohttp\tyes\t\t", "python-packages.tsv: line 3: has no basis \"\""},
    {"other word for pure Python", "python-packages.tsv", "\tpure\t", "\tmostly\t",
     "python-packages.tsv: line 3: must be pure or empty, not \"mostly\""},
    {"unknown placeholder for NuGet", "remedies/nuget.json", "{rid}", "{parent}",
     "remedies/nuget.json: /remedies/0/remedy/text: unknown placeholder {parent}"},
    {"unknown placeholder for Python", "remedies/pypi.json", "{python_apk}", "{parent}",
     "remedies/pypi.json: /remedies/1/remedy/text: unknown placeholder {parent}"},
    {"unknown npm answer", "targets/npm-packages.tsv", "7zip-bin\tbundled-glibc-only\tno\t",
     "7zip-bin\tbundled-glibc-only\tnein\t",
     "targets/npm-packages.tsv: line 3: unknown answer \"nein\""},
    {"commands out of order", "targets/commands.tsv", "\n7za\tno", "\n.\tno",
     "targets/commands.tsv: line 4: \".\" is out of order"},
    {"command that is perhaps in busybox", "targets/commands.tsv", "\n7za\tno", "\n7za\tperhaps",
     "targets/commands.tsv: line 4: must be yes or no, not \"perhaps\""},
    {"command in a package that is none", "targets/commands.tsv", "7zip,p7zip", "7zip; rm -rf",
     "targets/commands.tsv: line 3: \"7zip; rm -rf\" is no package name"},
    {"Debian package twice", "targets/debian-packages.tsv", "\nadduser\t", "\nacl\t",
     "targets/debian-packages.tsv: line 4: \"acl\" is there twice"},
    {"unknown kind of a Debian package", "targets/debian-packages.tsv", "acl\tacl\ttool",
     "acl\tacl\tthing", "targets/debian-packages.tsv: line 3: unknown kind \"thing\""},
    {"unknown confidence in a Debian package", "targets/debian-packages.tsv",
     "acl\tacl\ttool\thigh", "acl\tacl\ttool\thi",
     "targets/debian-packages.tsv: line 3: unknown confidence \"hi\""},
    {"Debian package with a counterpart that is none", "targets/debian-packages.tsv",
     "acl\tacl\ttool", "acl\tacl\tnone",
     "targets/debian-packages.tsv: line 3: \"acl\" is of kind none but has one"},
    {"busybox applets out of order", "busybox.json", "\"acpid\", \"add-shell\"",
     "\"add-shell\", \"acpid\"", "busybox.json: /applets/3: \"acpid\" is out of order"},
    {"options of something that is no applet", "busybox.json", "{\"command\": \"basename\"",
     "{\"command\": \"basenames\"", "busybox.json: /options/4/command: basenames is no applet"},
    {"an option without a dash", "busybox.json", "\"--suffix\"", "\"suffix\"",
     "busybox.json: /options/4/options: \"suffix\" is no option"},
    {"option without a remedy", "busybox.json", "\"basename\", \"apk\": \"coreutils\"",
     "\"basename\"", "busybox.json: /options/4/advice: must not be empty"},
    {"commands of Debian out of order", "debian-commands.json", "\"a2dismod\"", "\"zz\"",
     "debian-commands.json: /commands/2/name: a2dissite is out of order"},
    {"unknown kind of a command", "debian-commands.json", "\"services\"", "\"daemons\"",
     "debian-commands.json: /commands/0/kind: unknown kind \"daemons\""},
    {"no word on the bare image", "target-images.json", "\"alpine\"", "\"alpina\"",
     "target-images.json: /images: must say what the image alpine has"},
    {"exports without header", "targets/exports/libfts.so.0.txt", "#soname=", "#name=",
     "targets/exports/libfts.so.0.txt: line 2: field 1 must be \"soname=...\""},
    {"exports out of order", "targets/exports/libfts.so.0.txt", "fts_close", "fts_a",
     "targets/exports/libfts.so.0.txt: line 4: \"fts_a\" is empty or out of order"},
};

}  // namespace

TEST_CASE("a wrong rule file is refused with file and place") {
  for (const Case& item : kCases) {
    INFO(item.name);
    test::EditedRules rules;
    REQUIRE(rules.replace(item.file, item.from, item.to));
    CHECK(rules.parse() == item.message);
  }
}

TEST_CASE("a missing rule file is named") {
  test::EditedRules rules;
  rules.remove("targets/lfs64.json");
  CHECK(rules.parse() == "targets/lfs64.json: the rule file is missing");
}

TEST_CASE("a file with a misspelt name is no silent rule") {
  test::EditedRules rules;
  rules.set("targets/soname.tsv", "# x\n");
  CHECK(rules.parse() == "targets/soname.tsv: is no known rule file");
}

TEST_CASE("a truncated table is noticed") {
  test::EditedRules rules;
  rules.set("targets/npm-siblings.tsv", "# made by hand\n#glibc\tmusl\na-gnu\ta-mu");
  CHECK(rules.parse() == "targets/npm-siblings.tsv: line 3: ends without a newline");
}

TEST_CASE("an empty table is an error, not an empty list") {
  test::EditedRules rules;
  rules.set("targets/sonames.tsv", "");
  CHECK(rules.parse() == "targets/sonames.tsv: line 1: the file is empty");
}

TEST_CASE("all wrong rules are bad data") {
  RuleFiles files = embedded_files();
  files["hosts.json"] = "[]";
  const core::Result<RuleSet> rules = parse_rules(files);
  REQUIRE_FALSE(rules);
  CHECK(rules.error().code == core::ErrorCode::bad_data);
  CHECK(rules.error().path == "hosts.json");
}

}  // namespace muslcheck::rules
