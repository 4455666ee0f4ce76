// Relocation without the arithmetic: which symbols are looked up, in which order, and which of
// musl's complaints follow. Only symbols that a relocation names are ever looked up.
// Spec: do_relocs, reloc_all, do_relr_relocs and prepare_lazy of musl's ldso/dynlink.c.

#include "loader/relocator.hpp"

#include <string>

#include "loader/machine.hpp"
#include "loader/messages.hpp"
#include "loader/symbol_lookup.hpp"

namespace muslcheck::loader {
namespace {

using model::LoadErrorKind;
using model::RelocationGroup;
using model::RelocationTable;
using target::RelocationClass;

/// Where a relocation's value comes from.
struct Provider {
  const Dso* object = nullptr;
  bool missing = false;  ///< neither found nor allowed to be absent
};

class Relocator {
 public:
  Relocator(Process& process, const Dso& object);
  void run();

 private:
  void run_table(RelocationTable table);
  void run_foreign_relatives();
  void apply(const RelocationGroup& group);
  Provider find_provider(const model::Symbol& symbol, std::uint32_t index,
                         std::optional<RelocationClass> kind);
  bool may_be_deferred(std::optional<RelocationClass> kind) const;
  void report_missing_symbol(const model::Symbol& symbol, const RelocationGroup& group,
                             std::optional<RelocationClass> kind);
  void report_initial_exec(const Dso& provider, const RelocationGroup& group);
  void report_crash(const model::Symbol& symbol, std::uint64_t count);
  void report_unsupported(std::uint32_t type, std::uint64_t count);
  void check_relr();

  Process& process_;
  const Dso& object_;
  const model::ElfFacts& facts_;
  bool lazy_;
  /// The variable `name` of do_relocs: kept from the last relocation that had a symbol.
  std::string_view last_name_;
};

Relocator::Relocator(Process& process, const Dso& object)
    : process_(process),
      object_(object),
      facts_(*object.facts),
      lazy_(process.running && process.request.mode == Mode::dlopen_lazy && !facts_.bind_now) {}

void Relocator::run() {
  run_table(RelocationTable::jmprel);
  run_foreign_relatives();
  run_table(RelocationTable::rel);
  run_table(RelocationTable::rela);
  check_relr();
}

void Relocator::run_table(RelocationTable table) {
  last_name_ = {};
  for (const RelocationGroup& group : facts_.relocations)
    if (group.table == table) apply(group);
}

/// Relative relocations are counted, not listed, because every machine has them. On another
/// machine's loader their number means nothing.
void Relocator::run_foreign_relatives() {
  if (facts_.machine == process_.target.machine || facts_.relative_relocations == 0) return;
  const std::optional<std::uint32_t> type = relative_type(facts_.machine);
  if (type && !process_.target.relocations.contains(*type))
    report_unsupported(*type, facts_.relative_relocations);
}

bool is_dynamic_tls(const Dso& provider) {
  if (provider.at_startup) return false;
  switch (provider.kind) {
    case Dso::Kind::object: return provider.facts->has_tls;
    case Dso::Kind::target_library:
    case Dso::Kind::opaque: return true;
    case Dso::Kind::libc:
    case Dso::Kind::host: return false;
  }
  return false;
}

bool reads_tls_of_provider(RelocationClass kind) {
  return kind == RelocationClass::tpoff || kind == RelocationClass::dtpmod ||
         kind == RelocationClass::tlsdesc;
}

void Relocator::apply(const RelocationGroup& group) {
  const auto known = process_.target.relocations.find(group.type);
  std::optional<RelocationClass> kind;
  if (known != process_.target.relocations.end()) kind = known->second;
  if (group.type == 0 || kind == RelocationClass::none) return;  // REL_NONE is 0 everywhere
  Provider provider{&object_};
  const bool has_symbol = group.symbol < facts_.symbols.size();
  if (has_symbol) {
    const model::Symbol& symbol = facts_.symbols[group.symbol];
    last_name_ = symbol.name;
    provider = find_provider(symbol, group.symbol, kind);
    if (provider.missing) return report_missing_symbol(symbol, group, kind);
  }
  if (!kind) return report_unsupported(group.type, group.count);
  // A weak TLS symbol that nobody defines: musl reads through the null pointer of its provider.
  if (provider.object == nullptr && reads_tls_of_provider(*kind))
    return report_crash(facts_.symbols[group.symbol], group.count);
  if (kind == RelocationClass::tpoff && is_dynamic_tls(*provider.object))
    report_initial_exec(*provider.object, group);
}

Provider Relocator::find_provider(const model::Symbol& symbol, std::uint32_t index,
                                  std::optional<RelocationClass> kind) {
  if (symbol.binding == model::Binding::local) return {&object_};
  const SymbolQuery query{.name = symbol.name,
                          .hash = object_.index->hash_of(index),
                          .version = symbol.version,
                          .library = symbol.library,
                          .need_definition = kind == RelocationClass::plt,
                          .skip_main = kind == RelocationClass::copy};
  if (const Dso* found = find_definition(process_, query)) return {found};
  if (!symbol.defined && symbol.binding == model::Binding::weak) return {nullptr};
  // A name that the object defines and the search does not accept was never another library's.
  const Dso* presumed = symbol.defined ? nullptr : presumed_provider(process_, query, object_);
  if (presumed == nullptr) return {nullptr, true};
  process_.assumptions.assume_export(describe_library(process_, *presumed),
                                     std::string(symbol.name));
  return {presumed};
}

bool Relocator::may_be_deferred(std::optional<RelocationClass> kind) const {
  return lazy_ && (kind == RelocationClass::plt || kind == RelocationClass::got);
}

void Relocator::report_missing_symbol(const model::Symbol& symbol, const RelocationGroup& group,
                                      std::optional<RelocationClass> kind) {
  const bool deferred = may_be_deferred(kind);
  process_.errors.add({.kind = LoadErrorKind::symbol_missing,
                       .subject = std::string(symbol.name),
                       .needed_by = object_.name,
                       .version = std::string(symbol.version),
                       .library = std::string(symbol.library),
                       .binding = symbol.binding == model::Binding::weak ? "weak" : "global",
                       .lazy = deferred,
                       .fatal = !deferred,
                       .count = group.count,
                       .text = symbol_message(object_.name, symbol.name)});
}

void Relocator::report_initial_exec(const Dso& provider, const RelocationGroup& group) {
  // For a relocation without a symbol musl prints the name that it looked at before, if any.
  const bool has_symbol = group.symbol < facts_.symbols.size();
  const std::string_view subject = has_symbol ? facts_.symbols[group.symbol].name : "";
  process_.errors.add({.kind = LoadErrorKind::tls_initial_exec,
                       .subject = std::string(subject),
                       .needed_by = object_.name,
                       .count = group.count,
                       .text = initial_exec_message(object_.name, last_name_, provider.name)});
}

void Relocator::report_crash(const model::Symbol& symbol, std::uint64_t count) {
  process_.errors.add({.kind = LoadErrorKind::symbol_missing,
                       .subject = std::string(symbol.name),
                       .needed_by = object_.name,
                       .version = std::string(symbol.version),
                       .library = std::string(symbol.library),
                       .binding = "weak",
                       .count = count,
                       .text = crash_message()});
}

void Relocator::report_unsupported(std::uint32_t type, std::uint64_t count) {
  const bool is_descriptor =
      facts_.machine == process_.target.machine && tls_descriptor_type(facts_.machine) == type;
  process_.errors.add({.kind = is_descriptor ? LoadErrorKind::tls_descriptor
                                             : LoadErrorKind::relocation_unsupported,
                       .subject = std::to_string(type),
                       .needed_by = object_.name,
                       .count = count,
                       .text = relocation_message(object_.name, type)});
}

void Relocator::check_relr() {
  if (!facts_.has_relr || process_.target.relr == target::Support::yes) return;
  if (process_.target.relr == target::Support::unknown) {
    process_.assumptions.assume("musl of " + process_.target.info.name +
                                " applies DT_RELR, which " + object_.name + " has");
    return;
  }
  process_.errors.add({.kind = LoadErrorKind::relr_ignored,
                       .subject = "DT_RELR",
                       .needed_by = object_.name,
                       .text = crash_message()});
}

void relocate(Process& process, const Dso& object) {
  if (object.kind == Dso::Kind::object) Relocator(process, object).run();
}

}  // namespace

void relocate_from(Process& process, ObjectId first) {
  for (ObjectId id = first; id < process.objects.size(); ++id)
    relocate(process, process.objects[id]);
}

void relocate_main_program(Process& process) { relocate(process, process.objects[kMainProgram]); }

}  // namespace muslcheck::loader
