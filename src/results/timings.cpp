#include "results/timings.hpp"

#include "ledger/account_text.hpp"
#include "text/words.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace isolite::results {

namespace {

using std::chrono::nanoseconds;
using text::text_of;

std::string speed_up(nanoseconds sum, nanoseconds wall) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "x%.2f",
                  static_cast<double>(sum.count()) / static_cast<double>(wall.count()));
    return text.data();
}

/// The workers know the time of all attempts, the results only that of the last ones.
std::vector<std::string> sums_of(const outcome& run) {
    std::vector<std::string> lines;
    nanoseconds sum{0};
    for (const records::worker_account& worker : run.workers) {
        sum += worker.tests + worker.fixtures;
    }
    if (sum.count() > 0 && run.wall.count() > 0) {
        lines.push_back("tests and fixtures took " + text_of(sum) + " together, " +
                        speed_up(sum, run.wall) + " the time of the run.");
    }
    if (run.preparing.count() > 0) {
        lines.push_back("before that, the images of their databases were made ready in " +
                        text_of(run.preparing) + ".");
    }
    return lines;
}

std::vector<std::string> slowest_of(const outcome& run, const std::vector<test_case>& cases,
                                    std::size_t most) {
    std::vector<std::size_t> slowest;
    for (std::size_t i = 0; i < cases.size(); ++i) {
        if (run.results[i].attempts > 0) {
            slowest.push_back(i);
        }
    }
    const auto time = [&run](std::size_t i) {
        return run.results[i].duration - run.results[i].fixtures;
    };
    std::stable_sort(slowest.begin(), slowest.end(),
                     [&](std::size_t left, std::size_t right) { return time(left) > time(right); });
    slowest.resize(std::min(slowest.size(), most));
    std::vector<records::slow_thing> shown;
    for (const std::size_t i : slowest) {
        shown.push_back({cases[i].name, time(i)});
    }
    return records::slowest_lines("slowest tests", shown);
}

} // namespace

std::string timings_of(const outcome& run, const std::vector<test_case>& cases,
                       const wanted_timings& wanted) {
    std::vector<std::string> lines;
    const auto add = [&lines](const std::vector<std::string>& more) {
        lines.insert(lines.end(), more.begin(), more.end());
    };
    if (wanted.tables) {
        add(sums_of(run));
    }
    add(slowest_of(run, cases, wanted.slowest));
    if (wanted.tables) {
        add(records::lines_of(run.costs));
        for (const records::worker_account& worker : run.workers) {
            add({records::line_of(worker) + "."});
        }
        if (!run.is_forked) { // workers get what their parent seeds
            add(records::lines_of_seeds_alone(run.costs));
        }
        add({"isolite report shows this run again, and compares it with earlier ones"});
    }
    std::string text = lines.empty() ? "" : "isolite: timings";
    for (const std::string& line : lines) {
        text += "\n  " + line;
    }
    return text;
}

} // namespace isolite::results
