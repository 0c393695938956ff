#include <isolite/fixture.hpp>

#include "os/process_timers.hpp"

#include <SQLiteCpp/Database.h>

#include <exception>

namespace isolite {

namespace {

/// Returns what a result holds; set-up that failed ends the test.
template <typename Value>
Value taken(result<Value> from) {
    if (!from) {
        throw setup_error(from.error().text());
    }
    return std::move(*from);
}

} // namespace

fixture::fixture(framework& framework, const result<engine*>& opened, mode mode)
    : framework_(framework), engine_(*taken(opened)),
      session_(taken(session::open_for(framework, engine_, framework.current_test(),
                                       framework.chosen_mode().value_or(mode)))),
      timers_(os::read_timers()), exceptions_(std::uncaught_exceptions()), is_test_(true) {}

fixture::fixture(framework& framework, const result<engine*>& opened, const std::string& suite)
    : framework_(framework), engine_(*taken(opened)),
      session_(taken(session::open_for(framework, engine_, suite, mode::copy_on_write))),
      exceptions_(std::uncaught_exceptions()), is_test_(false) {}

fixture::~fixture() {
    try {
        const bool thrown = std::uncaught_exceptions() > exceptions_;
        if (is_test_ && (thrown || framework_.failing())) {
            if (const std::string kept = session_.keep_evidence(); !kept.empty()) {
                framework_.note(kept);
            }
        }
        if (const auto closed = session_.close(); !closed) {
            framework_.fail(closed.error().text());
        }
        for (const std::string& clause :
             is_test_ ? os::restore_timers(timers_) : std::vector<std::string>()) {
            framework_.fail(error{errc::leak,
                                  "end '" + framework_.current_test() + "': it " + clause,
                                  "undo in the test what it does to its process"}
                                .text());
        }
    } catch (const std::exception& problem) {
        framework_.fail(std::string("cannot close the session: ") + problem.what());
    }
}

std::string fixture::uri(std::string_view schema) const {
    return taken(engine_.uri(schema));
}

std::string fixture::real_file(std::string_view schema) {
    return taken(engine_.real_file(schema));
}

SQLite::Database fixture::connect(std::chrono::milliseconds busy_timeout) const {
    return taken(engine_.connect(busy_timeout));
}

} // namespace isolite
