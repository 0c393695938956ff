#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

namespace isolite::sandbox {

class live_database;

/// What is told of what sessions do to their databases, as of cases that pass.
enum class telling : std::uint8_t {
    untold,
    printed,  ///< on stdout
    kept,     ///< until they are taken
    digested, ///< so, but by digest only, which takes a hundredth of the time
};

/// How a test had changed a database when its session closed.
struct changed_database {
    std::string name;
    std::vector<std::string> lines; ///< as leaks are told, with the rows of new tables
    std::uint64_t digest = 0;       ///< of all rows that differ; without lines, of pages

    template <typename Self>
    static auto fields(Self& self) {
        return std::tie(self.name, self.lines, self.digest);
    }
};

/// Says what becomes of the changes of sessions that close from now on, in this process.
void tell_changes(telling become) noexcept;

/// Says whether they are told at all.
[[nodiscard]] bool are_changes_told() noexcept;

/// Looks at the databases of a session that is about to close, if anything is told. Those of more
/// than 16 MiB it leaves out: to compare them takes longer than most tests.
void note_changes(live_database& live, const std::string& test);

/// Returns those that were kept, in the order in which sessions closed, and forgets them.
[[nodiscard]] std::vector<changed_database> take_changes();

} // namespace isolite::sandbox
