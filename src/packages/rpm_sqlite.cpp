// rpm's database in SQLite (since rpm 4.16; lib/backend/sqlite.c): a table Packages with one header
// per row. All that SQLite gets is a copy in memory; it may not write, and runs no statement but
// one. A hostile database can hold a view instead of the table, with functions or endless
// recursion: only reading that table is allowed, and steps are counted.

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/text.hpp"
#include "rpm_databases.hpp"

namespace muslcheck::packages {
namespace {

constexpr std::string_view kTable = "Packages";
constexpr const char* kQuery = "SELECT blob FROM Packages";
// A row takes about ten steps of SQLite's machine.
constexpr int kStepsPerCall = 10'000;
constexpr int kMaxCalls = 1'000;

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};
struct FinishStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;
using Statement = std::unique_ptr<sqlite3_stmt, FinishStatement>;

tl::unexpected<core::Error> malformed(sqlite3* database) {
  const char* message = database == nullptr ? "out of memory" : sqlite3_errmsg(database);
  return core::fail(core::ErrorCode::malformed, "rpm-database-malformed",
                    "SQLite says: " + core::shortened(message, core::limits::kMaxForeignMessage));
}

/// Lets through one SELECT of columns of the table; no views, functions, pragmas.
int authorize(void*, int action, const char* first, const char*, const char*, const char* inside) {
  const bool allowed =
      inside == nullptr &&
      (action == SQLITE_SELECT || (action == SQLITE_READ && first != nullptr && first == kTable));
  return allowed ? SQLITE_OK : SQLITE_DENY;
}

int count_steps(void* calls) { return ++*static_cast<int*>(calls) > kMaxCalls ? 1 : 0; }

Database open_in_memory(std::string& pages) {
  sqlite3* raw = nullptr;
  const int opened = sqlite3_open_v2(":memory:", &raw, SQLITE_OPEN_READWRITE, nullptr);
  Database database(raw);
  if (opened != SQLITE_OK) return nullptr;
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  sqlite3_limit(raw, SQLITE_LIMIT_LENGTH, static_cast<int>(core::limits::kMaxRpmHeader));
  const auto size = static_cast<sqlite3_int64>(pages.size());
  const int taken = sqlite3_deserialize(raw, "main", reinterpret_cast<unsigned char*>(pages.data()),
                                        size, size, SQLITE_DESERIALIZE_READONLY);
  return taken == SQLITE_OK ? std::move(database) : nullptr;
}

core::Result<void> visit_rows(sqlite3* database, const VisitHeader& visit) {
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v2(database, kQuery, -1, &raw, nullptr) != SQLITE_OK)
    return malformed(database);
  const Statement statement(raw);
  for (;;) {
    const int step = sqlite3_step(raw);
    if (step == SQLITE_DONE) return {};
    if (step != SQLITE_ROW) return malformed(database);
    const auto* blob = static_cast<const std::uint8_t*>(sqlite3_column_blob(raw, 0));
    const int size = sqlite3_column_bytes(raw, 0);
    if (blob == nullptr || size <= 0) continue;
    if (!visit(core::ByteView(blob, static_cast<std::size_t>(size)))) return {};
  }
}

}  // namespace

core::Result<void> visit_rpm_sqlite(std::string pages, const VisitHeader& visit) {
  const Database database = open_in_memory(pages);
  if (database == nullptr) return malformed(nullptr);
  int calls = 0;
  sqlite3_progress_handler(database.get(), kStepsPerCall, count_steps, &calls);
  sqlite3_set_authorizer(database.get(), authorize, nullptr);
  return visit_rows(database.get(), visit);
}

}  // namespace muslcheck::packages
