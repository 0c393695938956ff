#include <isolite/session.hpp>

#include "session/explanation.hpp"
#include "session/sandbox.hpp"
#include "session/unheard_leak.hpp"

#include <isolite/ledger.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace isolite {

namespace {

using clock = std::chrono::steady_clock;

void enter_in_ledger(const open_session& session, clock::time_point closing) {
    ledger::of_process().add_session(session.test, session.opened - session.opening,
                                     closing - session.opened, clock::now() - closing);
}

/// Undoes what the innermost session's test did. Returns whether it left nothing behind.
result<void> close_innermost(engine::state& engine) {
    const auto closing = clock::now();
    const open_session& leaving = engine.sessions.back();
    result<void> verdict;
    if (leaving.mode != mode::none) {
        const leak_report report = leave_sandbox(engine, leaving);
        if (!report.empty()) {
            verdict = tl::unexpected(report.to_error(leaving.test));
        }
    }
    enter_in_ledger(leaving, closing);
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
    open_session entering{0, std::move(engine.state_->spare_name), mode, clock::now(), {}};
    entering.test.assign(test);
    if (mode != mode::none) {
        if (auto entered = enter_sandbox(*opened.engine_, entering); !entered) {
            return tl::unexpected(std::move(entered.error()));
        }
    }
    opened.number_ = entering.number = ++opened.engine_->opened_sessions;
    entering.opened = clock::now();
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
    open_session& failed = engine_->sessions.back();
    const std::vector<exhibit> shown = exhibits_of(*engine_);
    std::string text = "the database of '" + failed.test +
                       "' when it failed:" + write_evidence(failed.test, shown);
    for (const exhibit& each : shown) {
        const auto lines = explain(*engine_, each);
        text += "\n  " + (shown.size() == 1 ? "" : "in '" + each.database + "' ") +
                (lines.empty() ? "nothing differs from what the test found"
                               : "it differs from what the test found:");
        for (const std::string& line : lines) {
            text += "\n    " + line;
        }
    }
    failed.evidence_kept = true;
    return text;
}

result<void> session::abandon(engine& engine, std::string_view test) {
    engine::state& state = *engine.state_;
    if (state.sessions.empty() || state.sessions.back().test != test) {
        return {};
    }
    const auto closing = clock::now();
    const open_session cut_off = state.sessions.back();
    if (state.sessions.size() > 1) {
        state.lost_session = state.sessions.front().number;
        state.lost_in = cut_off.test;
    }
    auto started = state.start();
    enter_in_ledger(cut_off, closing);
    return started;
}

} // namespace isolite
