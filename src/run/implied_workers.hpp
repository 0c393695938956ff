#pragma once

#include "run/command_line.hpp"

namespace isolite::run {

/// Gives the workers that the rest asks for, where nobody says how many: as many as pay off for an
/// option. A variable is set for programs that nobody has made fit for a parallel run: it gets one,
/// which can be killed. `chosen`: what the options and the variables say.
/// Errors: errc::usage for an option that needs forked workers where 0 were asked for.
[[nodiscard]] result<options> with_implied_workers(const taken_options& taken,
                                                   const workers::environment& variables,
                                                   options chosen);

} // namespace isolite::run
