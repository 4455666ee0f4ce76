#include <elf.h>

#include <string>

#include "muslcheck/model/module.hpp"
#include "support/catch.hpp"

using namespace muslcheck::model;

namespace {

/// A shared object that needs nothing.
ElfFacts object() {
  ElfFacts facts;
  facts.machine = EM_X86_64;
  return facts;
}

ElfFacts needing(std::vector<std::string_view> names) {
  ElfFacts facts = object();
  facts.needed = std::move(names);
  return facts;
}

ElfFacts with_version(std::string_view library, std::string_view version) {
  ElfFacts facts = needing({library});
  facts.version_needs.push_back({.library = library, .version = version});
  return facts;
}

ElfFacts program(std::string_view interpreter) {
  ElfFacts facts = object();
  facts.interpreter = interpreter;
  return facts;
}

std::string classify(const ElfFacts& facts) {
  const LibcEvidence evidence = classify_libc(facts);
  return std::string(name_of(evidence.libc)) + ": " + evidence.evidence;
}

}  // namespace

TEST_CASE("glibc shows in version needs, interpreter, or names of libraries") {
  CHECK(classify(with_version("libc.so.6", "GLIBC_2.34")) ==
        "glibc: version need GLIBC_2.34 of libc.so.6");
  CHECK(classify(program("/lib64/ld-linux-x86-64.so.2")) ==
        "glibc: interpreter /lib64/ld-linux-x86-64.so.2");
  CHECK(classify(program("/lib/ld.so.1")) == "glibc: interpreter /lib/ld.so.1");
  CHECK(classify(program("/lib64/ld64.so.2")) == "glibc: interpreter /lib64/ld64.so.2");
  CHECK(classify(needing({"libfoo.so", "libm.so.6"})) == "glibc: needs libm.so.6");
  CHECK(classify(needing({"ld-linux-aarch64.so.1"})) == "glibc: needs ld-linux-aarch64.so.1");
  ElfFacts libc = object();
  libc.version_definitions = {"GLIBC_2.2.5"};
  CHECK(classify(libc) == "glibc: version definition GLIBC_2.2.5");
}

TEST_CASE("musl shows in interpreter or libc name") {
  CHECK(classify(program("/lib/ld-musl-x86_64.so.1")) ==
        "musl: interpreter /lib/ld-musl-x86_64.so.1");
  CHECK(classify(needing({"libc.musl-aarch64.so.1"})) == "musl: needs libc.musl-aarch64.so.1");
  CHECK(classify(needing({"libstdc++.so.6", "libc.so"})) == "musl: needs libc.so");
}

TEST_CASE("a file that needs no library has no libc") {
  CHECK(classify(object()) == "none: needs no library");
}

TEST_CASE("static programs are told by what they lack") {
  ElfFacts fixed = object();
  fixed.type = ElfType::executable;
  fixed.has_dynamic = false;
  CHECK(classify(fixed) == "static: no interpreter, no dynamic section");
  ElfFacts pie = object();
  pie.dt_flags_1 = DF_1_PIE;
  CHECK(classify(pie) == "static: static-pie: no interpreter, needs nothing");
  pie.interpreter = "/lib/ld-musl-x86_64.so.1";
  CHECK(classify_libc(pie).libc == Libc::musl);
}

TEST_CASE("Android shows in its note, linker, versions or libraries, before libc.so counts") {
  ElfFacts noted = needing({"libc.so"});
  noted.abi_note = "Android";
  CHECK(classify(noted) == "android: Android ABI note");
  CHECK(classify(program("/system/bin/linker64")) == "android: interpreter /system/bin/linker64");
  CHECK(classify(with_version("libc.so", "LIBC")) == "android: version need LIBC");
  CHECK(classify(with_version("libc.so", "LIBC_N")) == "android: version need LIBC_N");
  CHECK(classify_libc(needing({"libc.so", "liblog.so"})).libc == Libc::android);
  CHECK(classify(needing({"libdl.so", "libc.so"})) == "android: needs libc.so and libdl.so");
}

TEST_CASE("BSD files show in OS ABI or note") {
  ElfFacts freebsd = needing({"libc.so.7"});
  freebsd.os_abi = ELFOSABI_FREEBSD;
  CHECK(classify(freebsd) == "bsd: FreeBSD ABI");
  ElfFacts netbsd = object();
  netbsd.abi_note = "NetBSD";
  CHECK(classify_libc(netbsd).libc == Libc::bsd);
  ElfFacts openbsd = object();
  openbsd.abi_note = "OpenBSD";
  CHECK(classify_libc(openbsd).libc == Libc::bsd);
}

TEST_CASE("GNU's OS ABI does not hide the libc") {
  ElfFacts facts = with_version("libc.so.6", "GLIBC_2.17");
  facts.os_abi = ELFOSABI_GNU;
  facts.abi_note = "GNU";
  CHECK(classify_libc(facts).libc == Libc::glibc);
}

TEST_CASE("what does not tell is unknown, and so is what could not be read") {
  CHECK(classify_libc(needing({"libfoo.so"})).libc == Libc::unknown);
  ElfFacts unread = object();
  unread.completeness = Completeness::header_only;
  CHECK(classify_libc(unread).libc == Libc::unknown);
  unread.interpreter = "/lib/ld-musl-x86_64.so.1";
  CHECK(classify_libc(unread).libc == Libc::musl);
}

TEST_CASE("machines have the names that Alpine and Debian use") {
  const auto name = [](std::uint16_t machine, ElfClass elf_class, ElfByteOrder order) {
    ElfFacts facts;
    facts.machine = machine;
    facts.elf_class = elf_class;
    facts.byte_order = order;
    return machine_name(facts);
  };
  CHECK(name(EM_X86_64, ElfClass::elf64, ElfByteOrder::little) == "x86_64");
  CHECK(name(EM_X86_64, ElfClass::elf32, ElfByteOrder::little) == "x32");
  CHECK(name(EM_386, ElfClass::elf32, ElfByteOrder::little) == "x86");
  CHECK(name(EM_AARCH64, ElfClass::elf64, ElfByteOrder::little) == "aarch64");
  CHECK(name(EM_ARM, ElfClass::elf32, ElfByteOrder::big) == "armeb");
  CHECK(name(EM_RISCV, ElfClass::elf64, ElfByteOrder::little) == "riscv64");
  CHECK(name(EM_PPC64, ElfClass::elf64, ElfByteOrder::little) == "ppc64le");
  CHECK(name(EM_PPC64, ElfClass::elf64, ElfByteOrder::big) == "ppc64");
  CHECK(name(EM_S390, ElfClass::elf64, ElfByteOrder::big) == "s390x");
  CHECK(name(258, ElfClass::elf64, ElfByteOrder::little) == "loongarch64");
  CHECK(name(9999, ElfClass::elf64, ElfByteOrder::little) == "machine 9999");
}
