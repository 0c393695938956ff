#pragma once

namespace isolite::run {

/// What of a case is shown as soon as it is there.
struct shown_at_once {
    bool failures = true;
    bool output = false;  ///< line by line, with the name of the worker
    bool nothing = false; ///< nor how far the run is
};

} // namespace isolite::run
