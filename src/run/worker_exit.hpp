#pragma once

#include "worker/environment.hpp"

#include <cstdint>
#include <functional>

namespace isolite::run {

/// What a worker that ends calls of what a process calls at its exit: destructors of static objects
/// and functions that were given to `atexit`.
enum class exit_scope : std::uint8_t {
    own, ///< What was registered in the worker. The rest is its parent's to call.
    all, ///< Everything, as if no fork had been.
    none,
};

/// Returns what the variable ISOLITE_WORKER_EXIT says: `own`, `all`, or `quick` for `none`.
/// Errors: errc::environment.
[[nodiscard]] result<exit_scope> chosen_exit_scope(const workers::environment& variables);

/// Lets this process, which was just forked, call nothing at its exit that its parent registered.
/// `last` is called when all else was, unless a child of this process exits.
void keep_exit_to_own(std::function<void()> last);

/// Ends this process with the status 0, if nothing that it calls or that watches it finds another.
/// Requires: `keep_exit_to_own` was called.
[[noreturn]] void exit_worker(exit_scope scope);

} // namespace isolite::run
