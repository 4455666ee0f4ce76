#pragma once
/// The three forms of rpm's database, each a file of headers.

#include <functional>
#include <string>
#include <string_view>

#include "muslcheck/core/bytes.hpp"
#include "muslcheck/core/result.hpp"

namespace muslcheck::packages {

/// Gets the header of one package; the bytes live as long as the call. False: no more, please.
using VisitHeader = std::function<bool(core::ByteView header)>;

/// Call `visit` for each header of a database, in its order. Error (rpm-database-malformed) if it
/// cannot be read, or not further: what was visited before counts. `pages` comes from
/// apply_sqlite_log.
[[nodiscard]] core::Result<void> visit_rpm_sqlite(std::string pages, const VisitHeader& visit);
[[nodiscard]] core::Result<void> visit_rpm_ndb(std::string_view database, const VisitHeader& visit);
[[nodiscard]] core::Result<void> visit_rpm_bdb(std::string_view database, const VisitHeader& visit);

/// A SQLite database with what is in its write-ahead log put into its pages, and marked as one
/// without a log, so that SQLite opens it without files. The log may be empty.
[[nodiscard]] core::Result<std::string> apply_sqlite_log(std::string_view database,
                                                         std::string_view log);

}  // namespace muslcheck::packages
