#pragma once

#include "dice.hpp"
#include "twin_database.hpp"

#include <cstddef>
#include <functional>

namespace isolite::store::tests {

/// Does what the dice choose with both databases, for as long as `goes_on` says so. Returns how
/// many locks were revoked.
/// Requires: the working directory is one for scratch files. Throws `difference`, and writes to
/// stderr what was done.
std::size_t play(dice& choices, logs in_logs, const std::function<bool()>& goes_on);

/// Does so with a database that other dice have made, with more or fewer rows.
std::size_t play(dice& choices, logs in_logs, const std::function<bool()>& goes_on, dice& of_world,
                 std::size_t fillings);

} // namespace isolite::store::tests
