#include "files/other_sqlites.hpp"

#include "error/warning.hpp"
#include "os/loaded_file.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <string>
#include <vector>

namespace isolite::paths {

namespace {

/// Returns the files with a SQLite that only they themselves can call, but for the system's. One
/// that others see is not called: the loader takes all to the first one of the process.
std::vector<os::loaded_file> hidden_sqlites() {
    constexpr std::size_t least_code = 150'000; // bytes; SQLite has more, however it is built
    // Every version describes the table of the schema so. Put together here: isolite's own
    // constants are looked through as well.
    const std::string schema = std::string("rootpage") + " int";
    const std::string magic = std::string("SQLite") + " format 3";
    const char* const called = sqlite3_sourceid();
    auto found = os::find_loaded_files([&](const os::loaded_file& file) {
        return file.code_size >= least_code && !os::is_of_the_system(file.path) &&
               !file.has(static_cast<const void*>(called)) && file.has(schema) && file.has(magic);
    });
    found.erase(std::remove_if(found.begin(), found.end(),
                               [](const os::loaded_file& file) {
                                   return os::function_beside(file.read_only.front().data(),
                                                              "sqlite3_sourceid") != nullptr;
                               }),
                found.end());
    return found;
}

} // namespace

void warn_of_other_sqlites() {
    static std::atomic<unsigned long long> known{0};
    const unsigned long long loaded = os::count_loaded();
    if (known.exchange(loaded) == loaded) {
        return;
    }
    for (const os::loaded_file& each : hidden_sqlites()) {
        warnings::warn_once(
            {errc::usage,
             "isolate what '" + each.path +
                 "' opens by path: it has a SQLite of its own, whose files are on the disk",
             "let it call the same SQLite as isolite in the build for tests; if it opens no files "
             "of the tests, all is well"});
    }
}

} // namespace isolite::paths
