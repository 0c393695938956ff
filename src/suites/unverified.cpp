#include "suites/unverified.hpp"

#include "error/warning.hpp"
#include "run/command_line.hpp"
#include "verify/verification_course.hpp"
#include "worker/environment.hpp"
#include "worker/process_exit.hpp"

namespace isolite::suites {

namespace {

/// Says whether the suite is to be verified, whatever is wrong with other options.
bool is_to_be_verified() {
    const auto variable = workers::environment::of_process().find("ISOLITE_VERIFY");
    return run::taken_of_process().values.verifies || variable == "on";
}

} // namespace

result<void> unless_to_be_verified(result<void> done) {
    if (!done && is_to_be_verified()) {
        warnings::complain(done.error().text());
        workers::leave_process(verify::nothing_verified);
    }
    return done;
}

} // namespace isolite::suites
