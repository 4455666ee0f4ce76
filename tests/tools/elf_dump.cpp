// Prints the facts of ELF files, one JSON object per line: {"path", "facts", "problem"}. A tool
// for developers and for scripts/compare-readelf; the program itself has no such command.
//
//   elf_dump [--in-process] [--summary] FILE...    with "-" as FILE, paths are read from stdin

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "muslcheck/elf/reader.hpp"

namespace {

using muslcheck::core::ByteView;
using muslcheck::model::ElfFacts;
using nlohmann::json;
namespace model = muslcheck::model;

constexpr const char* kBindings[] = {"LOCAL", "GLOBAL", "WEAK", "UNIQUE", "OTHER"};
constexpr const char* kTypes[] = {"NOTYPE", "OBJECT", "FUNC",  "SECTION", "FILE",
                                  "COMMON", "TLS",    "IFUNC", "OTHER"};
constexpr const char* kTables[] = {"jmprel", "rel", "rela"};

/// A file's content for as long as the object lives.
class MappedFile {
 public:
  explicit MappedFile(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat status {};
    if (file >= 0 && ::fstat(file, &status) == 0 && status.st_size > 0) {
      size_ = static_cast<std::size_t>(status.st_size);
      memory_ = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0);
    }
    if (file >= 0) ::close(file);
  }
  ~MappedFile() {
    if (memory_ != MAP_FAILED) ::munmap(memory_, size_);
  }
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  [[nodiscard]] ByteView bytes() const {
    if (memory_ == MAP_FAILED) return {};
    return {static_cast<const std::uint8_t*>(memory_), size_};
  }

 private:
  void* memory_ = MAP_FAILED;
  std::size_t size_ = 0;
};

json to_json(const model::Symbol& symbol) {
  return {symbol.name,
          kBindings[static_cast<int>(symbol.binding)],
          kTypes[static_cast<int>(symbol.type)],
          symbol.defined,
          symbol.version,
          symbol.hidden,
          symbol.library,
          symbol.has_value};
}

json to_json(const ElfFacts& facts) {
  json symbols = json::array();
  for (const model::Symbol& symbol : facts.symbols) symbols.push_back(to_json(symbol));
  json needs = json::array();
  for (const model::VersionNeed& need : facts.version_needs)
    needs.push_back({need.library, need.version, need.weak});
  json relocations = json::array();
  for (const model::RelocationGroup& group : facts.relocations) {
    const std::int64_t symbol = group.symbol == model::kNoSymbol ? -1 : std::int64_t{group.symbol};
    relocations.push_back(
        {kTables[static_cast<int>(group.table)], group.type, symbol, group.count});
  }
  return {{"complete", facts.completeness == model::Completeness::complete},
          {"machine", facts.machine},
          {"is64", facts.elf_class == model::ElfClass::elf64},
          {"interpreter", facts.interpreter},
          {"has_dynamic", facts.has_dynamic},
          {"has_tls", facts.has_tls},
          {"has_gnu_stack", facts.has_gnu_stack},
          {"stack_flags", facts.stack_flags},
          {"stack_size", facts.stack_size},
          {"soname", facts.soname},
          {"needed", facts.needed},
          {"rpath", facts.rpath},
          {"runpath", facts.runpath},
          {"dt_flags", facts.dt_flags},
          {"dt_flags_1", facts.dt_flags_1},
          {"bind_now", facts.bind_now},
          {"text_relocations", facts.text_relocations},
          {"has_relr", facts.has_relr},
          {"has_sysv_hash", facts.has_sysv_hash},
          {"has_gnu_hash", facts.has_gnu_hash},
          {"version_needs", needs},
          {"version_definitions", facts.version_definitions},
          {"symbols", symbols},
          {"relocations", relocations},
          {"relative_relocations", facts.relative_relocations},
          {"build_id", facts.build_id},
          {"abi_note", facts.abi_note},
          {"go", facts.has_go_build_id}};
}

struct Totals {
  std::uint64_t elf_files = 0;
  std::uint64_t problems = 0;
  std::uint64_t symbols = 0;
};

void dump(muslcheck::elf::Reader& reader, const std::string& path, bool summary, Totals& totals) {
  const MappedFile file(path);
  if (!muslcheck::elf::has_elf_magic(file.bytes())) return;
  const auto result = reader.read(path, file.bytes());
  ++totals.elf_files;
  if (result.problem) ++totals.problems;
  if (result.facts) totals.symbols += result.facts->symbols.size();
  if (summary) {
    if (result.problem) std::cout << path << ": " << result.problem->reason << '\n';
    return;
  }
  json line{{"path", path}, {"facts", nullptr}, {"problem", nullptr}};
  if (result.facts) line["facts"] = to_json(*result.facts);
  if (result.problem) line["problem"] = result.problem->reason;
  std::cout << line.dump(-1, ' ', true, json::error_handler_t::replace) << '\n';
}

}  // namespace

int main(int count, char** arguments) {
  muslcheck::elf::ReaderOptions options;
  bool summary = false;
  std::vector<std::string> paths;
  const std::vector<std::string> words(arguments + 1, arguments + count);
  for (const std::string& argument : words) {
    if (argument == "--in-process")
      options.in_process = true;
    else if (argument == "--summary")
      summary = true;
    else if (argument == "-")
      for (std::string line; std::getline(std::cin, line);) paths.push_back(line);
    else
      paths.push_back(argument);
  }
  auto reader = muslcheck::elf::Reader::create(options);
  if (!reader) {
    std::cerr << muslcheck::core::describe(reader.error()) << '\n';
    return 2;
  }
  Totals totals;
  for (const std::string& path : paths) dump(*reader, path, summary, totals);
  if (summary)
    std::cout << totals.elf_files << " ELF files, " << totals.problems << " problems, "
              << totals.symbols << " symbols\n";
  return 0;
}
