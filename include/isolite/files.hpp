#pragma once

#include <isolite/one_sqlite.hpp>
#include <isolite/visibility.hpp>

#include <initializer_list>
#include <string>
#include <vector>

namespace isolite {

/// Claims database files that code under test opens by path, without a seed: what SQLite finds
/// under such a name is a database in memory. It begins as the file is on the disk, or new and
/// empty where there is none, and what a test does to it goes with the test. The disk is only read.
/// The claim lasts as long as the process. Make it before the code opens the files, in `main` or as
/// a variable of a namespace: `static const isolite::files claimed("*.db");`
/// Shape: of a pattern: that of `seed::file`. Threads: any.
class ISOLITE_API files {
  public:
    explicit files(const std::string& pattern) : files(std::vector<std::string>{pattern}) {}
    explicit files(const std::vector<std::string>& patterns);
    /// Two literals in braces would be the two ends of one text to `std::string`.
    explicit files(std::initializer_list<std::string> patterns)
        : files(std::vector<std::string>(patterns)) {}

    /// Refuses all other database files from now on: who opens one gets SQLITE_CANTOPEN, and the
    /// test fails. Example: `isolite::files("*.db").only()`
    const files& only() const noexcept;
};

} // namespace isolite
