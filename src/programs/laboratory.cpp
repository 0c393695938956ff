#include "programs/laboratory.hpp"

#include "programs/variables.hpp"
#include "text/shell_words.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"
#include "verify/made_directory.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

namespace isolite::programs {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using verify::experiment;

namespace {

using positions = std::vector<std::size_t>;

/// Up to how many cases it is worth to look for a seed that runs them in just this order.
constexpr std::size_t most_exact = 4;

/// With as many doublings, cases stay together that stand next to each other in a large suite.
constexpr std::size_t most_doublings = 8;

/// How long a command that repeats something may take, where it never shows.
constexpr std::chrono::seconds long_repeated(5);

std::string directory_in(const std::string& place, const std::string& name) {
    std::error_code exists;
    std::filesystem::create_directory(place + "/" + name, exists);
    return place + "/" + name;
}

/// Deals cases out, `at_once` after each other to the same worker: those that one experiment keeps
/// together another one does not.
std::vector<positions> parts_of(const positions& order, unsigned workers, std::size_t at_once) {
    std::vector<positions> parts(std::min<std::size_t>(workers, order.size()));
    const std::size_t most = std::max<std::size_t>(order.size() / parts.size(), 1);
    for (std::size_t i = 0; i < order.size(); ++i) {
        parts[i / std::min(at_once, most) % parts.size()].push_back(order[i]);
    }
    return parts;
}

/// Says whether cases stand in an order as in another one that has all of them.
bool is_part_in_order(const positions& some, const positions& all) {
    auto next = some.begin();
    for (const std::size_t position : all) {
        next += next != some.end() && *next == position ? 1 : 0;
    }
    return next == some.end();
}

positions ascending(positions some) {
    std::sort(some.begin(), some.end());
    return some;
}

/// Returns how many cases there are, and the first of their names behind `what`.
std::string told(const std::set<std::string>& names, const std::string& what) {
    constexpr std::size_t most = 4;
    std::vector<std::string> printed;
    for (const std::string& each : names) {
        printed.push_back(text::printable(each));
    }
    return text::counted(names.size(), "case") + what + ": " + text::listed(printed, most);
}

/// Says whether the last case of a plan ran behind all others of it.
bool ran_last(const positions& planned, const positions& ran) {
    return !ran.empty() && ran.back() == planned.back();
}

} // namespace

laboratory::laboratory(test_program program, std::vector<listed_case> cases,
                       verify::workplace& place, const run::options& options)
    : program_(std::move(program)), cases_(std::move(cases)), place_(place),
      timeout_(options.timeout),
      budget_(options.budget), limits_{std::vector<milliseconds>(
                                           cases_.size(), timeout_.count() > 0
                                                              ? timeout_
                                                              : verify::first_limit(budget_)),
                                       {}},
      durations_(cases_.size()), shortest_(long_repeated),
      processes_(program_, cases_, limits_, directory_in(place_.own(), "reports")) {}

experiment laboratory::run(const verify::plan& plan) {
    processes_.set_variables(variables_for(plan.conditions));
    conditions_ = plan.conditions;
    experiment done = run_somehow(plan);
    done.conditions = plan.conditions;
    return done;
}

experiment laboratory::run_somehow(const verify::plan& plan) {
    if (plan.workers == 1) {
        return run_ordered(plan.order);
    }
    const bool is_listed = std::is_sorted(plan.order.begin(), plan.order.end());
    const std::size_t at_once = std::size_t(1) << (in_parallel_++ % most_doublings);
    return run_once(parts_of(plan.order, plan.workers, at_once),
                    is_listed || plan.order.size() <= plan.workers ? seed() : another_seed());
}

/// Runs cases in an order, as far as a seed is found for it: at least, the last one is to be the
/// last. Of all cases, which nobody needs in one order and no other, any order will do.
experiment laboratory::run_ordered(const positions& order) {
    std::vector<seed> seeds = known_seeds_for(order);
    std::optional<experiment> best;
    for (std::size_t i = 0; i < most_tries_for(order); ++i) {
        experiment done = run_once({order}, i < seeds.size() ? seeds[i] : another_seed());
        const bool is_exact = done.order == order;
        const bool is_good = ran_last(order, done.order);
        if (!best || is_exact || (is_good && !ran_last(order, best->order))) {
            best = std::move(done);
        }
        if (is_exact || (is_good && order.size() > most_exact) || is_over_() || failure_ ||
            interrupted_by() != 0) {
            break;
        }
    }
    return *std::move(best);
}

/// To frameworks 0 and 1 mean any, or none; GoogleTest has none from 100000 on.
laboratory::seed laboratory::another_seed() {
    constexpr unsigned first = 2;
    constexpr unsigned behind_last = 100000;
    return first + static_cast<unsigned>(dice_() % (behind_last - first));
}

std::size_t laboratory::most_tries_for(const positions& order) const {
    constexpr std::array<std::size_t, most_exact + 1> enough = {1, 2, 16, 48, 100};
    constexpr std::size_t to_be_last = 32;
    if (order.size() <= most_exact) {
        return order.size() == 1 ? 1 : enough[order.size()];
    }
    return order.size() < cases_.size() ? to_be_last : 1;
}

/// Returns in which orders of the framework these cases stand, as far as that was seen.
std::vector<laboratory::seed> laboratory::known_seeds_for(const positions& order) const {
    std::vector<seed> found;
    if (std::is_sorted(order.begin(), order.end())) {
        found.emplace_back(std::nullopt);
    }
    for (const auto& [number, seen] : orders_) {
        if (is_part_in_order(order, seen)) {
            found.emplace_back(number);
        }
    }
    return found;
}

void laboratory::remember(const positions& selected, seed seed, const experiment& done) {
    if (seed && done.order.size() >= orders_[*seed].size()) {
        orders_[*seed] = done.order;
    }
    if (done.begins.size() == 1 && !done.order.empty()) {
        runs_[ascending(selected)].push_back(
            {seed, done.order, done.verdict_of(done.order.back()), conditions_});
    }
}

/// Returns the seed with which just these cases have shown a finding: with that of an order of more
/// of them Boost.Test may run them in another order.
laboratory::seed laboratory::shown_by(const positions& order, const verify::finding& found) const {
    const auto known = runs_.find(ascending(order));
    const seen_run* best = nullptr;
    for (std::size_t i = 0; known != runs_.end() && i < known->second.size(); ++i) {
        const seen_run& each = known->second[i];
        const bool shows = each.order.back() == found.victim && each.last == found.otherwise &&
                           each.conditions == found.conditions;
        if (shows && (best == nullptr || (each.order == order && best->order != order))) {
            best = &each;
        }
    }
    if (best != nullptr) {
        return best->seed;
    }
    const std::vector<seed> seeds = known_seeds_for(order);
    return seeds.empty() ? seed() : seeds.front();
}

experiment laboratory::run_once(const std::vector<positions>& parts, seed seed) {
    if (failure_ || interrupted_by() != 0) {
        return {};
    }
    const bool listed_all = processes_.unlisted().empty();
    experiment done = in_directories(parts, seed);
    if (listed_all && !processes_.unlisted().empty()) {
        done = in_directories(parts, seed); // without those that nobody can choose
    }
    if (parts.size() == 1) {
        remember(parts.front(), seed, done);
        if (parts.front().size() == 1 && done.order != parts.front() && interrupted_by() == 0) {
            not_alone_.insert(cases_[parts.front().front()].known.name);
        }
    }
    return done;
}

experiment laboratory::in_directories(const std::vector<positions>& parts, seed seed) {
    const verify::directory_state before = verify::state_of_directory(place_.directory());
    const verify::temporary_directory temporary(place_.own(), experiments_);
    ++experiments_;
    const auto begun = std::chrono::steady_clock::now();
    auto ran = processes_.run(parts, seed);
    shortest_ = std::min(shortest_, nanoseconds(std::chrono::steady_clock::now() - begun));
    if (!ran) {
        failure_ = ran.error();
        return {};
    }
    experiment done = *std::move(ran);
    const verify::directory_state after = verify::state_of_directory(place_.directory());
    if (done.order.size() == 1) { // or they may be another one's
        auto& traces = done.became[done.order.front()].traces;
        traces = verify::traces_of_files(before, after, false);
        for (auto& each :
             verify::traces_of_files({}, verify::state_of_directory(temporary.path()), true)) {
            traces.push_back(std::move(each));
        }
    }
    clear_away(before, after, done);
    if (experiments_ == 1 && done.became.empty() && interrupted_by() == 0) {
        failure_ = error{errc::environment,
                         "verify " + text::printable(program_.words.front()) +
                             ": it ran none of its cases; " + processes_.last_end(),
                         "run it by hand: " + command(parts.front(), seed)};
    }
    return done;
}

void laboratory::clear_away(const verify::directory_state& before,
                            const verify::directory_state& after, const experiment& done) {
    std::set<std::string> made;
    for (const auto& [name, facts] : after) {
        if (before.count(name) == 0) {
            made.insert(name);
            place_.put_aside(name);
        }
    }
    made_.note(done, made);
}

void laboratory::remove_what_is_made_again() {
    for (const std::string& name : made_.names()) {
        if (made_.is_made_again(name)) {
            place_.remove(name);
        }
    }
}

void laboratory::limit_times(const experiment& usual) {
    for (const auto& [position, seen] : usual.became) {
        durations_[position] = seen.duration;
    }
    if (timeout_.count() > 0) {
        return;
    }
    verify::observation all;
    for (const auto& [position, seen] : usual.became) {
        limits_.cases[position] = verify::limit_by(seen, budget_);
        all.duration += seen.duration;
    }
    limits_.outside = verify::limit_by(all, budget_);
}

std::vector<std::string> laboratory::untried() const {
    std::vector<std::string> all;
    if (!processes_.unlisted().empty()) {
        all.push_back(told(processes_.unlisted(), " that the program runs, but does not list"));
    }
    if (!not_alone_.empty()) {
        all.push_back(
            told(not_alone_, " alone, as the program does not run just this case for its name"));
    }
    return all;
}

std::string laboratory::command(const positions& order, seed seed) const {
    std::vector<std::string> selectors;
    for (const std::size_t position : order) {
        selectors.push_back(cases_[position].selector);
    }
    return text::shell_command(program_.running(selectors, seed));
}

/// Returns what ends a command after the longest time that one of these cases may take.
std::string laboratory::limit(const positions& some) const {
    milliseconds longest(0);
    for (const std::size_t position : some) {
        longest = std::max(longest, limits_.cases[position]);
    }
    return "timeout -k 1 " + text::seconds_of(longest) + " ";
}

/// Returns how a loop begins that takes some seconds at most.
std::string laboratory::repeatedly(const positions& some) const {
    constexpr std::int64_t least = 20;
    constexpr std::int64_t most = 1000;
    nanoseconds once = shortest_;
    for (const std::size_t position : some) {
        once += durations_[position];
    }
    const nanoseconds all = long_repeated;
    return "for i in $(seq " + std::to_string(std::clamp(all / once, least, most)) + "); do ";
}

std::string laboratory::again(const verify::finding& found) const {
    positions order = found.culprits;
    if (found.kind == verify::finding::what::after && found.alone == results::verdict::failed) {
        order.clear();
    }
    const bool goes_first = found.kind == verify::finding::what::beside && !found.begins_last;
    order.insert(goes_first ? order.begin() : order.end(), found.victim);
    const std::string ended = found.timed_out ? limit(order) : "";
    if (found.kind == verify::finding::what::beside) {
        std::string all;
        for (const positions& part : parts_of(order, found.workers, 1)) {
            const bool has_victim = std::find(part.begin(), part.end(), found.victim) != part.end();
            all += ended + command(part, std::nullopt) + (has_victim ? " & v=$!; " : " & ");
        }
        return repeatedly(order) + all + "wait $v || break; wait; done";
    }
    if (found.kind == verify::finding::what::unsure) {
        return repeatedly(order) + ended + command(order, std::nullopt) + " || break; done";
    }
    return in_front(variables_for(found.conditions)) + ended +
           command(order, shown_by(order, found));
}

} // namespace isolite::programs
