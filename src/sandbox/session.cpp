#include <isolite/session.hpp>

#include "ledger/ledger.hpp"
#include "sandbox/explanation.hpp"
#include "sandbox/sandbox.hpp"
#include "sandbox/unheard_leak.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace isolite {

namespace {

/// Enters the end of the innermost session in the ledger.
void enter_end(const engine::state& engine, const fixture_clock& closing, const departure& left,
               std::string_view sentence) {
    const open_session& session = engine.sessions.back();
    session_end end;
    end.details = {engine.databases.front().name, session.test, left.pages};
    if (!left.leaks.empty()) {
        end.details.rows = left.leaks.rows();
        end.details.text = sentence;
    }
    end.work = left.work;
    end.opened = session.opened;
    end.is_outermost = engine.sessions.size() == 1;
    closing.enter(end);
}

/// Undoes what the innermost session's test did. Returns whether it left nothing behind.
result<void> close_innermost(engine::state& engine) {
    const fixture_clock closing;
    const open_session& leaving = engine.sessions.back();
    const departure left =
        leaving.mode == mode::none ? departure() : leave_sandbox(engine, leaving);
    result<void> verdict;
    if (!left.leaks.empty()) {
        verdict = tl::unexpected(left.leaks.to_error(leaving.test));
    }
    enter_end(engine, closing, left, verdict ? std::string() : "cannot " + verdict.error().message);
    engine.spare_name = std::move(engine.sessions.back().test);
    engine.sessions.pop_back();
    return verdict;
}

} // namespace

session::session(engine::state& engine) noexcept : engine_(&engine) {}

session::session(session&& other) noexcept
    : engine_(std::exchange(other.engine_, nullptr)), number_(other.number_) {}

session::~session() {
    try {
        if (const auto closed = close(); !closed) {
            report_unheard(closed.error().text());
        }
    } catch (const std::exception& problem) {
        report_unheard(std::string("cannot close the session: ") + problem.what());
    }
}

result<session> session::open(engine& engine, std::string_view test, mode mode) {
    const fixture_clock opening;
    session opened(*engine.state_);
    if (engine.state_->lost_session != 0) {
        return tl::unexpected(error{errc::usage,
                                    "open a session for '" + std::string(test) +
                                        "': what the session around it held was lost when '" +
                                        engine.state_->lost_in + "' was cut off",
                                    "nothing can be saved of a database in the middle of a call: "
                                    "run the tests again without '" +
                                        engine.state_->lost_in + "'"});
    }
    open_session entering{0, std::move(engine.state_->spare_name), mode, {}};
    entering.test.assign(test);
    if (mode != mode::none) {
        if (auto entered = enter_sandbox(*opened.engine_, entering); !entered) {
            return tl::unexpected(std::move(entered.error()));
        }
    }
    opened.number_ = entering.number = ++opened.engine_->opened_sessions;
    entering.opened = opening.enter(fixture_kind::session_opened, {engine.name(), entering.test});
    opened.engine_->sessions.push_back(std::move(entering));
    return opened;
}

result<void> session::close() {
    if (!engine_ || number_ == 0) {
        return {};
    }
    auto& sessions = engine_->sessions;
    const auto own = std::find_if(sessions.begin(), sessions.end(),
                                  [this](const auto& each) { return each.number == number_; });
    if (own == sessions.end()) {
        if (engine_->lost_session == number_) {
            engine_->lost_session = 0;
        }
        return {};
    }
    if (own + 1 != sessions.end()) {
        return close_early();
    }
    return close_innermost(*engine_);
}

result<void> session::close_early() {
    auto& sessions = engine_->sessions;
    const std::string inner = sessions.back().test;
    const auto is_open = [&] {
        return std::any_of(sessions.begin(), sessions.end(),
                           [this](const auto& each) { return each.number == number_; });
    };
    std::string test;
    while (is_open()) {
        test = sessions.back().test;
        static_cast<void>(close_innermost(*engine_));
    }
    return tl::unexpected(error{errc::usage,
                                "close the session of '" + test + "': the session of '" + inner +
                                    "' inside it is still open",
                                "close sessions in the reverse order of their opening"});
}

std::string session::keep_evidence() {
    if (!engine_ || number_ == 0 || engine_->sessions.empty() ||
        engine_->sessions.back().number != number_ || !evidence_wanted()) {
        return {};
    }
    const fixture_clock keeping;
    open_session& failed = engine_->sessions.back();
    const std::vector<exhibit> shown = exhibits_of(*engine_);
    std::string text = "the database of '" + failed.test +
                       "' when it failed:" + write_evidence(failed.test, shown);
    for (const exhibit& each : shown) {
        const auto lines = explain(*engine_, each).lines;
        text += "\n  " + (shown.size() == 1 ? "" : "in '" + each.database + "' ") +
                (lines.empty() ? "nothing differs from what the test found"
                               : "it differs from what the test found:");
        for (const std::string& line : lines) {
            text += "\n    " + line;
        }
    }
    failed.evidence_kept = true;
    keeping.enter(fixture_kind::evidence_written, {engine_->databases.front().name});
    return text;
}

result<void> session::abandon(engine& engine, std::string_view test) {
    engine::state& state = *engine.state_;
    if (state.sessions.empty() || state.sessions.back().test != test) {
        return {};
    }
    const fixture_clock closing;
    const open_session cut_off = state.sessions.back();
    if (state.sessions.size() > 1) {
        state.lost_session = state.sessions.front().number;
        state.lost_in = cut_off.test;
    }
    auto started = state.start();
    closing.enter(fixture_kind::session_closed, {engine.name(), cut_off.test});
    return started;
}

} // namespace isolite
