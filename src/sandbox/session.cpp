#include <isolite/session.hpp>

#include "sandbox/engine_state.hpp"
#include "sandbox/unheard_leak.hpp"

#include <string>
#include <utility>

namespace isolite {

session::session(session&& other) noexcept
    : sessions_(std::exchange(other.sessions_, nullptr)), number_(other.number_) {}

session::~session() {
    if (const auto closed = close(); !closed) {
        sandbox::report_unheard(
            closed.error().text(),
            "This was found by a destructor: call session::close() to hear of it.");
    }
}

result<session> session::open(engine& engine, std::string_view test, mode mode) {
    return engine.state_->sessions.open(test, mode).map([&engine](std::uint64_t number) {
        return session(engine.state_->sessions, number);
    });
}

result<void> session::close() {
    if (!sessions_) {
        return {};
    }
    auto closed = sessions_->close(number_);
    sessions_ = nullptr;
    return closed;
}

std::string session::keep_evidence() {
    return sessions_ ? sessions_->keep_evidence(number_) : std::string();
}

result<void> session::abandon(engine& engine, std::string_view test) {
    return engine.state_->sessions.abandon(test);
}

} // namespace isolite
