#pragma once

#include <isolite/error.hpp>

namespace isolite::suites {

/// Hands on what came of a start; but ends the process if that failed and the suite is to be
/// verified: with its own exit status a framework would say that it is not isolated.
[[nodiscard]] result<void> unless_to_be_verified(result<void> done);

} // namespace isolite::suites
