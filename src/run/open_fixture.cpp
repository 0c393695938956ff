#include "run/open_fixture.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace isolite::run {

namespace {

std::chrono::nanoseconds now() {
    return std::chrono::steady_clock::now().time_since_epoch();
}

} // namespace

std::string fixture_phase::text() const {
    const std::string of = suite.empty() ? "the program" : "the suite '" + suite + "'";
    return (ends ? "the end of " : "the set-up of ") + of;
}

bool fixture_phase::is_around(const std::string& inner) const {
    return suite.empty() || inner == suite || inner.rfind(suite + "/", 0) == 0;
}

void open_fixture::enter(const fixture_phase& phase) {
    since_.store(0);
    const std::size_t length = phase.suite.copy(suite_.data(), suite_.size() - 1);
    suite_.at(length) = '\0';
    ends_.store(phase.ends);
    since_.store(std::max<std::int64_t>(now().count(), 1));
}

std::optional<fixture_phase> open_fixture::phase() const {
    const std::int64_t since = since_.load();
    if (since == 0) {
        return std::nullopt;
    }
    fixture_phase phase{std::string(suite_.data(), ::strnlen(suite_.data(), suite_.size())),
                        ends_.load()};
    const bool still_there = since_.load() == since;
    return still_there ? std::optional<fixture_phase>(std::move(phase)) : std::nullopt;
}

bool open_fixture::is_overdue(std::chrono::milliseconds limit) const {
    const std::int64_t since = since_.load();
    return since != 0 && limit.count() > 0 && now() - std::chrono::nanoseconds(since) > limit;
}

} // namespace isolite::run
