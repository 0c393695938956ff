#include <isolite/fixture.hpp>

#include "os/process_timers.hpp"
#include "sandbox/engine_state.hpp"

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

fixture::fixture(framework& framework, worker_database& database, mode mode)
    : fixture(framework, *taken(engine::of_worker(database)), mode) {}

fixture::fixture(framework& framework, engine& engine, mode mode)
    : framework_(framework), engine_(engine), sessions_(engine_.state_->sessions),
      session_(taken(sessions_.open(framework.current_test(),
                                    framework.chosen_mode().value_or(mode), &framework))),
      timers_(os::read_timers()), exceptions_(std::uncaught_exceptions()), is_test_(true) {}

fixture::fixture(framework& framework, worker_database& database, const std::string& suite)
    : framework_(framework), engine_(*taken(engine::of_worker(database))),
      sessions_(engine_.state_->sessions),
      session_(taken(sessions_.open(suite, mode::copy_on_write, &framework))),
      exceptions_(std::uncaught_exceptions()), is_test_(false) {}

fixture::~fixture() {
    try {
        const bool thrown = std::uncaught_exceptions() > exceptions_;
        if (is_test_ && (thrown || framework_.failing())) {
            if (const std::string kept = sessions_.keep_evidence(session_); !kept.empty()) {
                framework_.note(kept);
            }
        }
        if (const auto closed = sessions_.close(session_); !closed) {
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

SQLite::Database& fixture::db() noexcept {
    return engine_.db();
}

sqlite3* fixture::handle() noexcept {
    return engine_.handle();
}

std::string fixture::uri() const {
    return engine_.uri();
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

SQLite::Statement& fixture::statement(std::string_view sql) {
    return engine_.statement(sql);
}

void* fixture::keep(const std::type_info& type, const object_kind& kind) {
    return engine_.keep(type, kind);
}

} // namespace isolite
