#include <isolite/ledger.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <mutex>
#include <vector>

namespace isolite {

namespace {

constexpr std::size_t slowest_shown = 10;

struct timed_test {
    std::string name;
    ledger::duration time;
};

/// Orders a heap so that its front is the fastest of the slowest.
bool slower(const timed_test& left, const timed_test& right) {
    return left.time > right.time;
}

std::string text_of(ledger::duration time) {
    const double ms = std::chrono::duration<double, std::milli>(time).count();
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), ms < 10 ? "%.2f ms" : "%.0f ms", ms);
    return text.data();
}

const char* text_of(image_origin origin) {
    switch (origin) {
    case image_origin::built:
        return " built in ";
    case image_origin::mapped:
        return " mapped in ";
    case image_origin::built_alone:
        return " built for this worker alone in ";
    }
    return "";
}

std::string text_of(std::size_t count, const char* noun) {
    return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

} // namespace

struct ledger::state {
    mutable std::mutex mutex;
    std::map<image_origin, fixture_cost> images;
    std::map<std::string, std::string> alone; // seeds that are not shared, and why
    fixture_cost engine_opening;
    fixture_cost session_opening;
    fixture_cost session_closing;
    fixture_cost tests;
    std::vector<timed_test> slowest; // a heap

    [[nodiscard]] duration time_in_fixtures() const {
        duration time = engine_opening.total + session_opening.total + session_closing.total;
        for (const auto& [origin, cost] : images) {
            time += cost.total;
        }
        return time;
    }
};

ledger& ledger::of_process() {
    // Never destroyed: sessions in static variables may be closed after any destructor of ours.
    static auto* const instance = new ledger;
    return *instance;
}

ledger::ledger() : state_(new state) {
    state_->slowest.reserve(slowest_shown);
}

ledger::~ledger() {
    delete state_;
}

void ledger::add_image(std::string_view seed, image_origin origin, std::string_view why_alone,
                       duration obtaining) {
    const std::lock_guard guard(state_->mutex);
    state_->images[origin].add(obtaining);
    if (!why_alone.empty()) {
        state_->alone[std::string(seed)] = why_alone;
    }
}

void ledger::add_engine(duration opening) {
    const std::lock_guard guard(state_->mutex);
    state_->engine_opening.add(opening);
}

void ledger::add_session(std::string_view test, duration opening, duration test_time,
                         duration closing) {
    const std::lock_guard guard(state_->mutex);
    state_->session_opening.add(opening);
    state_->session_closing.add(closing);
    state_->tests.add(test_time);
    auto& slowest = state_->slowest;
    if (slowest.size() == slowest_shown) {
        if (test_time <= slowest.front().time) {
            return;
        }
        std::pop_heap(slowest.begin(), slowest.end(), slower);
        slowest.pop_back();
    }
    slowest.push_back({std::string(test), test_time});
    std::push_heap(slowest.begin(), slowest.end(), slower);
}

ledger::duration ledger::time_in_fixtures() const {
    const std::lock_guard guard(state_->mutex);
    return state_->time_in_fixtures();
}

std::string ledger::summary(std::string_view worker) const {
    const std::lock_guard guard(state_->mutex);
    const state& s = *state_;
    if (s.engine_opening.count == 0 && s.session_opening.count == 0) {
        return {};
    }
    std::string images;
    for (const auto& [origin, cost] : s.images) {
        images += ", " + text_of(cost.count, "image") + text_of(origin) + text_of(cost.total);
    }
    std::string text =
        "isolite: worker " + std::string(worker) + ": " +
        text_of(s.session_opening.count, "session") + ", " + text_of(s.time_in_fixtures()) +
        " in fixtures (" + text_of(s.engine_opening.count, "engine") + " opened in " +
        text_of(s.engine_opening.total) + images + ", sessions opened in " +
        text_of(s.session_opening.total) + " and closed in " + text_of(s.session_closing.total) +
        "), " + text_of(s.tests.total) + " in tests";
    auto slowest = s.slowest;
    std::sort_heap(slowest.begin(), slowest.end(), slower);
    const char* separator = ".\n  slowest: ";
    for (const timed_test& test : slowest) {
        text += separator + test.name + " " + text_of(test.time);
        separator = ", ";
    }
    for (const auto& [seed, why] : s.alone) {
        text += ".\n  every worker seeds '" + seed + "' for itself: " + why;
    }
    return text + ".";
}

} // namespace isolite
