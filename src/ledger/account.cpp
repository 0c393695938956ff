#include "ledger/account.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace isolite::records {

namespace {

using std::chrono::nanoseconds;

constexpr std::size_t most_kept = 65'536;

/// Returns the value that a part of all values do not exceed. Reorders them. Source: the nearest
/// rank.
nanoseconds quantile(std::vector<nanoseconds>& values, double part) {
    if (values.empty()) {
        return nanoseconds(0);
    }
    const double rank = std::ceil(part * static_cast<double>(values.size()));
    const auto wanted =
        values.begin() + std::max(static_cast<std::ptrdiff_t>(rank) - 1, std::ptrdiff_t(0));
    std::nth_element(values.begin(), wanted, values.end());
    return *wanted;
}

duration_sample& sample_of(std::map<std::string, duration_sample, std::less<>>& samples,
                           std::string_view name) {
    // Most programs have one database.
    if (const auto first = samples.begin(); first != samples.end() && first->first == name) {
        return first->second;
    }
    const auto known = samples.lower_bound(name);
    if (known != samples.end() && known->first == name) {
        return known->second;
    }
    return samples.try_emplace(known, std::string(name))->second;
}

bool slower(const slow_thing& one, const slow_thing& other) {
    return one.time > other.time;
}

} // namespace

void duration_sample::add(nanoseconds duration) {
    if ((figures_.count++ & (stride_ - 1)) == 0) { // a power of 2
        if (kept_.size() == most_kept) {
            for (std::size_t i = 0; 2 * i < most_kept; ++i) {
                kept_[i] = kept_[2 * i];
            }
            kept_.resize(most_kept / 2);
            stride_ *= 2;
        }
        kept_.push_back(duration);
    }
    figures_.total += duration;
    figures_.max = std::max(figures_.max, duration);
}

void duration_sample::add_several(std::size_t count, nanoseconds total, nanoseconds longest) {
    const auto each = total / static_cast<nanoseconds::rep>(count);
    for (std::size_t i = 0; i < count; ++i) {
        add(each);
    }
    figures_.total += total - each * static_cast<nanoseconds::rep>(count);
    figures_.max = std::max(figures_.max, longest);
}

fixture_figures duration_sample::figures() const {
    fixture_figures all = figures_;
    std::vector<nanoseconds> values = kept_;
    all.median = quantile(values, 0.5);
    all.percentile_95 = quantile(values, 0.95);
    return all;
}

bool slowest_list::takes(nanoseconds time) const {
    return heap_.size() < most || time > heap_.front().time;
}

void slowest_list::add(slow_thing thing) {
    if (!takes(thing.time)) {
        return;
    }
    if (heap_.size() == most) {
        std::pop_heap(heap_.begin(), heap_.end(), slower);
        heap_.pop_back();
    }
    heap_.push_back(std::move(thing));
    std::push_heap(heap_.begin(), heap_.end(), slower);
}

std::vector<slow_thing> slowest_list::sorted() const {
    auto all = heap_;
    std::sort_heap(all.begin(), all.end(), slower);
    return all;
}

void account::add(const fixture_note& note, std::string_view test) {
    notes_ += note.count;
    auto& sample = sample_of(fixtures_[static_cast<std::size_t>(note.kind)], note.name);
    const nanoseconds longest = note.count > 1 ? note.longest : note.duration;
    if (note.count > 1) {
        sample.add_several(note.count, note.duration, longest);
    } else {
        sample.add(note.duration);
    }
    if (note.depth > 0) {
        return;
    }
    time_in_fixtures_ += note.duration;
    if (slowest_fixtures_.takes(longest)) {
        std::string what = name_of(note.kind) + (" (" + std::string(note.name) + ")");
        slowest_fixtures_.add({test.empty() ? what : what + " in " + std::string(test), longest});
    }
}

void account::add_test(std::string_view test, nanoseconds duration) {
    ++tests_;
    time_in_tests_ += duration;
    if (slowest_tests_.takes(duration)) {
        slowest_tests_.add({std::string(test), duration});
    }
}

void account::add_seeding(const std::string& seed, nanoseconds duration) {
    nanoseconds& longest = seeding_[seed];
    longest = std::max(longest, duration);
}

void account::add_seeding_alone(std::string_view seed, std::string_view why) {
    seeds_alone_[std::string(seed)] = why;
}

const std::map<std::string, std::string>& account::seeds_alone() const {
    return seeds_alone_;
}

std::vector<billed_fixture> account::fixtures() const {
    std::vector<billed_fixture> all;
    for (std::size_t kind = 0; kind < fixture_kinds; ++kind) {
        for (const auto& [name, sample] : fixtures_[kind]) {
            all.push_back({static_cast<fixture_kind>(kind), name, sample.figures()});
        }
    }
    return all;
}

account::without_sharing account::cost_without_sharing() const {
    without_sharing cost;
    for (const auto& [seed, seeding] : seeding_) {
        cost.each_test += count(fixture_kind::session_opened, seed) * seeding;
        cost.each_worker += count(fixture_kind::engine_opened, seed) * seeding;
    }
    return cost;
}

std::size_t account::count(fixture_kind kind, const std::string& name) const {
    const named_samples& samples = fixtures_[static_cast<std::size_t>(kind)];
    const auto found = samples.find(name);
    return found == samples.end() ? 0 : found->second.count();
}

} // namespace isolite::records
