#include "run/worker_exit.hpp"

#include "os/own_process.hpp"
#include "sandbox/unheard_leak.hpp"
#include "worker/process_exit.hpp"

#include <cstdlib>
#include <utility>

extern "C" {
// Of the ABI of C++. With null, __cxa_finalize calls all that was given to `atexit`.
void __cxa_finalize(void* library);
int __cxa_thread_atexit(void (*destroy)(void*), void* object, void* library) noexcept;
extern void* __dso_handle;
}

namespace isolite::run {

namespace {

enum class phase : std::uint8_t { running, ending, ending_as_a_whole };

struct own_exit {
    std::int64_t process;
    std::function<void()> last;
    run::phase phase = phase::running;
};

/// Null in a process that is no worker. Never destroyed.
own_exit* current = nullptr;

/// Comes after all that was registered since the fork, and before all of the parent's.
[[noreturn]] void leave(int status) {
    if (current->process == os::own_number()) {
        current->last();
    }
    const bool failed = status != 0 || sandbox::unheard_failures() > 0;
    workers::leave_process(failed && status == 0 ? EXIT_FAILURE : status);
}

void end_own_handlers() {
    if (current->phase == phase::ending) {
        leave(EXIT_SUCCESS);
    }
}

/// Called at the exit, before the handlers of it, when the objects are gone that this thread has
/// made for itself since the fork. Those from before are next, unless nobody returns from here.
void end_own_thread(void* /*object*/) {
    if (current->phase == phase::ending) {
        ::__cxa_finalize(nullptr); // all down to `end_own_handlers`
    }
}

} // namespace

result<exit_scope> chosen_exit_scope(const workers::environment& variables) {
    const char* const variable = "ISOLITE_WORKER_EXIT";
    const auto chosen = variables.find(variable);
    if (!chosen || *chosen == "own") {
        return exit_scope::own;
    }
    if (*chosen == "all") {
        return exit_scope::all;
    }
    if (*chosen == "quick") {
        return exit_scope::none;
    }
    return tl::unexpected(workers::variable_error(
        "choose how workers exit", variable, *chosen, "neither own nor all nor quick",
        "write own, which destroys what the worker made; all, which also destroys what was made "
        "before the fork; or quick, which destroys nothing"));
}

void keep_exit_to_own(std::function<void()> last) {
    delete current; // of a worker that forks workers
    current = new own_exit{os::own_number(), std::move(last)};
    ::__cxa_thread_atexit(end_own_thread, nullptr, &__dso_handle);
    // `exit` calls the one that was registered last first: an exit of a test's has a status.
    static_cast<void>(std::atexit(end_own_handlers));
    ::on_exit(
        [](int status, void* /*unused*/) {
            if (current->phase != phase::ending_as_a_whole) {
                leave(status);
            }
        },
        nullptr);
}

void exit_worker(exit_scope scope) {
    switch (scope) {
    case exit_scope::own:
        current->phase = phase::ending;
        break;
    case exit_scope::all:
        current->last();
        current->phase = phase::ending_as_a_whole;
        break;
    case exit_scope::none:
        leave(EXIT_SUCCESS);
    }
    std::exit(EXIT_SUCCESS);
}

} // namespace isolite::run
