#pragma once

#include <isolite/visibility.hpp>

#include <string>
#include <tl/expected.hpp>

namespace isolite {

/// Says what kind of failure an error is, for programs that react to it.
enum class errc {
    environment, ///< A variable of the environment is malformed or contradicts another one.
    system,      ///< The operating system refused something: a directory, a lock, a file.
    seed,        ///< A seed could not be applied: a missing file, a failing statement or step.
    database,    ///< SQLite refused something that isolite asked of it.
    usage,       ///< The caller broke a rule of the interface.
    leak,        ///< A test left something behind.
    internal,    ///< isolite broke a rule of its own: please report it.
};

/// Describes a failure: a code for programs, a sentence for people and a hint of what to do.
struct error {
    /// What went wrong, for programs.
    errc code = errc::internal;
    /// A lower-case fragment that reads after "cannot ", without a full stop.
    std::string message;
    /// The usual cause and what to write instead. May be empty.
    std::string hint;
    /// The extended result code of SQLite, 0 where SQLite had no part in it.
    int sqlite_code = 0;

    /// Returns what a person should see: "cannot MESSAGE", and the hint on a line of its own.
    [[nodiscard]] ISOLITE_API std::string text() const;
};

/// Holds a value or the error that prevented it.
template <typename Value>
using result = tl::expected<Value, error>;

} // namespace isolite
