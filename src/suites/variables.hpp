#pragma once

#include "worker/environment.hpp"

#include <array>
#include <map>
#include <string>
#include <string_view>

namespace isolite::suites {

/// A variable of the environment that isolite reads and nobody else. A parent may set those of the
/// place of a worker for its workers.
struct known_variable {
    std::string_view name;
    std::string_view value;     ///< What it may be. Shape: Markdown, as in docs/parallel.md.
    std::string_view otherwise; ///< What counts where it is not set. Likewise.
    /// Reads it, as whoever needs it does, which may read others beside it. Errors: those of a
    /// malformed value, in the words in which they are told anywhere.
    result<void> (*check)(const workers::environment& variables);
};

/// In the order of the documentation, which a test compares. Each is read in one place, on the
/// floor that knows what it means; here all are known.
extern const std::array<known_variable, 24> known_variables;

using variable_map = std::map<std::string, std::string>;

/// Returns those of `all` that isolite reads, and all that begin with ISOLITE_.
[[nodiscard]] variable_map relevant_variables(const variable_map& all);

/// Says whether isolite reads a variable, or its own tests do: ISOLITE_TEST_ and more.
[[nodiscard]] bool is_read(const std::string& name);

/// Returns the variable of isolite that is spelled most like `name`, "" if none is like it.
[[nodiscard]] std::string similar_variable(const std::string& name);

/// Writes a line and a hint to stderr for each variable of this process that begins with ISOLITE_
/// and that nobody reads: a typing error would be a silent default.
void warn_about_unread_variables();

} // namespace isolite::suites
