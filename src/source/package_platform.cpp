// For which machine a package is, by what it says itself: Debian's Architecture, rpm's ARCH, the
// "arch" of .PKGINFO, the last tag in a wheel's name (PEP 427). Other packages do not say it in one
// place; their files do.

#include <array>

#include "muslcheck/core/paths.hpp"
#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"
#include "package_readers.hpp"

namespace muslcheck::source {
namespace {

using core::ByteView;

struct Machine {
  std::string_view word;
  std::string_view platform;
};
/// Words of dpkg, rpm, apk and Python for the machines that Alpine has.
constexpr std::array kMachines{
    Machine{"aarch64", "linux/arm64"},   Machine{"amd64", "linux/amd64"},
    Machine{"arm64", "linux/arm64"},     Machine{"armhf", "linux/arm/v7"},
    Machine{"armv7", "linux/arm/v7"},    Machine{"armv7hl", "linux/arm/v7"},
    Machine{"armv7l", "linux/arm/v7"},   Machine{"i386", "linux/386"},
    Machine{"i586", "linux/386"},        Machine{"i686", "linux/386"},
    Machine{"loong64", "linux/loong64"}, Machine{"loongarch64", "linux/loong64"},
    Machine{"ppc64el", "linux/ppc64le"}, Machine{"ppc64le", "linux/ppc64le"},
    Machine{"riscv64", "linux/riscv64"}, Machine{"s390x", "linux/s390x"},
    Machine{"x86", "linux/386"},         Machine{"x86_64", "linux/amd64"},
};

std::string platform_of(std::string_view word) {
  const Machine* machine =
      core::find_where(kMachines, [&](const Machine& entry) { return entry.word == word; });
  return machine == nullptr ? std::string() : std::string(machine->platform);
}

/// "arch = x86_64" of a .PKGINFO among the first members: apk and pacman put it there.
std::string find_apk_architecture(ByteView package) {
  constexpr int kFirstMembers = 8;
  constexpr std::string_view kField = "arch = ";
  constexpr std::size_t kEnough = 64U << 10U;
  core::InlineTasks tasks;
  auto tar = open_package_tar({.bytes = package}, {}, tasks);
  if (!tar) return {};
  for (int i = 0; i < kFirstMembers; ++i) {
    const auto member = tar->next();
    if (!member || !*member || !(*member)->name.starts_with('.')) return {};
    if (core::normalize_path((*member)->name) != ".PKGINFO") continue;
    const auto head = tar->content().head(kEnough);
    std::string architecture;
    core::for_each_part(head ? core::as_text(*head) : "", '\n', [&](std::string_view line) {
      if (line.starts_with(kField)) architecture = core::trim(line.substr(kField.size()));
    });
    return architecture;
  }
  return {};
}

/// Of "numpy-2.1.0-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl".
std::string find_wheel_platform(std::string_view name) {
  constexpr std::string_view kEnding = ".whl";
  if (!name.ends_with(kEnding) || name.find("linux") == std::string_view::npos) return {};
  name.remove_suffix(kEnding.size());
  const Machine* machine = core::find_where(kMachines, [&](const Machine& entry) {
    return name.ends_with("_" + std::string(entry.word));
  });
  return machine == nullptr ? std::string() : std::string(machine->platform);
}

}  // namespace

std::string find_package_platform(PackageFormat format, ByteView package, std::string_view name) {
  switch (format) {
    case PackageFormat::deb: return platform_of(find_deb_architecture(package));
    case PackageFormat::rpm: return platform_of(find_rpm_architecture(package));
    case PackageFormat::tar: return platform_of(find_apk_architecture(package));
    case PackageFormat::zip: return find_wheel_platform(name);
    case PackageFormat::gem:
    case PackageFormat::jar: break;
  }
  return {};
}

}  // namespace muslcheck::source
