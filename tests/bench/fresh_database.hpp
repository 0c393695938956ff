#pragma once

#include "workload.hpp"

#include <string>
#include <vector>

namespace bench {

/// What a test costs that gets its database in another way than from isolite.
struct fresh_database {
    std::string name;
    double nanoseconds; ///< Of making the database and running the body, committed.
};

/// Measures the ways in which suites without isolite give each test a database of its own, from
/// the same content. Needs a scratch directory in TMPDIR or /tmp.
[[nodiscard]] std::vector<fresh_database> fresh_databases(const connection& content, int rows);

} // namespace bench
