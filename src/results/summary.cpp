#include "results/summary.hpp"

#include "ledger/account_text.hpp"
#include "os/signal_name.hpp"
#include "text/long_text.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace isolite::results {

namespace {

using std::chrono::nanoseconds;
using text::printable;
using text::text_of;
using positions = std::vector<std::size_t>;

constexpr std::size_t not_run_shown = 10;

std::string speed_up(nanoseconds sum, nanoseconds wall) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "x%.2f",
                  static_cast<double>(sum.count()) / static_cast<double>(wall.count()));
    return text.data();
}

/// Returns somebody's sentence as the end of a line of ours; what continues it is indented.
std::string sentence(std::string text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '.')) {
        text.pop_back();
    }
    std::string all;
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t end = std::min(text.find('\n', start), text.size());
        all += (start == 0 ? "" : "\n    ") + printable(text.substr(start, end - start));
        start = end + 1;
    }
    return all + ".";
}

std::string joined(const std::vector<std::string>& parts) {
    std::string all;
    for (const std::string& part : parts) {
        all += (all.empty() ? "" : ", ") + part;
    }
    return all;
}

/// Writes the summary of one run.
class summary {
  public:
    summary(const outcome& run, const std::vector<test_case>& cases) : run_(run), cases_(cases) {}

    std::string text(unsigned durations) {
        add_counts();
        add_times();
        add_slowest(durations);
        add_fixtures();
        add_workers();
        add_repeated_cases();
        add_deaths();
        add_left_processes();
        for (const fixture_death& death : run_.deaths_in_fixtures) {
            add(sentence(death.text()));
        }
        for (const std::string& trouble : run_.troubles) {
            add(sentence(trouble));
        }
        add_end();
        return text_;
    }

  private:
    void add(const std::string& line) { text_ += (text_.empty() ? "isolite: " : "\n  ") + line; }

    [[nodiscard]] std::string name(std::size_t position) const {
        return printable(cases_[position].name);
    }

    [[nodiscard]] std::size_t count(verdict wanted) const {
        return static_cast<std::size_t>(
            std::count_if(run_.results.begin(), run_.results.end(),
                          [&](const case_result& result) { return result.verdict == wanted; }));
    }

    void add_counts() {
        const auto flaky = std::count_if(run_.results.begin(), run_.results.end(),
                                         [](const case_result& result) { return result.flaky(); });
        std::string line = text::counted(cases_.size(), "case") + " in " + text_of(run_.wall);
        if (!run_.workers.empty()) {
            line += " by " + text::counted(run_.workers.size(), "worker");
        }
        line += ": " + std::to_string(count(verdict::passed)) + " passed";
        line += flaky > 0 ? " (" + std::to_string(flaky) + " flaky)" : "";
        line += ", " + std::to_string(count(verdict::failed)) + " failed";
        if (const std::size_t skipped = count(verdict::skipped); skipped > 0) {
            line += ", " + std::to_string(skipped) + " skipped";
        }
        if (const std::size_t missing = count(verdict::not_run); missing > 0) {
            line += ", " + std::to_string(missing) + " not run";
        }
        if (const std::size_t left_out = count(verdict::left_out); left_out > 0) {
            line += ", " + std::to_string(left_out) + " left out (--failed)";
        }
        add(line + ".");
    }

    /// The workers know the time of all attempts, the results only that of the last ones.
    void add_times() {
        nanoseconds sum{0};
        for (const records::worker_account& worker : run_.workers) {
            sum += worker.tests + worker.fixtures;
        }
        if (sum.count() > 0 && run_.wall.count() > 0) {
            add("tests and fixtures took " + text_of(sum) + " together, " +
                speed_up(sum, run_.wall) + " the time of the run.");
        }
        if (run_.preparing.count() > 0) {
            add("before that, the images of their databases were made ready in " +
                text_of(run_.preparing) + ".");
        }
        if (run_.seed) {
            add("their order was shuffled: --shuffle=" + std::to_string(*run_.seed) +
                " repeats this order.");
        }
    }

    void add_slowest(std::size_t durations) {
        positions slowest;
        for (std::size_t i = 0; i < cases_.size(); ++i) {
            if (run_.results[i].attempts > 0) {
                slowest.push_back(i);
            }
        }
        const auto time = [&](std::size_t i) {
            return run_.results[i].duration - run_.results[i].fixtures;
        };
        std::stable_sort(slowest.begin(), slowest.end(), [&](std::size_t left, std::size_t right) {
            return time(left) > time(right);
        });
        slowest.resize(std::min(slowest.size(), durations));
        std::vector<records::slow_thing> shown;
        for (const std::size_t i : slowest) {
            shown.push_back({cases_[i].name, time(i)});
        }
        for (const std::string& line : records::slowest_lines("slowest tests", shown)) {
            add(line);
        }
    }

    void add_fixtures() {
        for (const std::string& line : records::lines_of(run_.costs)) {
            add(line);
        }
    }

    void add_workers() {
        for (const records::worker_account& worker : run_.workers) {
            add(line_of(worker) + ".");
        }
    }

    /// Those that failed sometimes, which a retry or `--repeat` brings to light.
    void add_repeated_cases() {
        for (std::size_t i = 0; i < cases_.size(); ++i) {
            const case_result& result = run_.results[i];
            if (result.flaky() || (run_.repetitions > 1 && result.failures > 0)) {
                const std::string why = text::first_line(result.why);
                add((result.flaky() ? "flaky: " : "repeated: ") + name(i) + " failed " +
                    std::to_string(result.failures) + " of " +
                    text::counted(result.attempts, "time") +
                    (why.empty() ? "." : ": " + sentence(why)));
            }
        }
    }

    void add_deaths() {
        for (std::size_t i = 0; i < cases_.size(); ++i) {
            const case_result& result = run_.results[i];
            if (!result.death.empty() && !result.interrupted) {
                add((result.timed_out ? "timed out: " : "died: ") + name(i) + ": " +
                    sentence(result.death));
            }
        }
    }

    void add_left_processes() {
        for (std::size_t i = 0; i < cases_.size(); ++i) {
            if (const auto& left = run_.results[i].left_processes; !left.empty()) {
                add("left running by " + name(i) + ": " + printable(joined(left)) + ".");
            }
        }
        if (!run_.left_processes.empty()) {
            add("left running by a test: " + printable(joined(run_.left_processes)) + ".");
        }
    }

    /// Says why not all cases were run, and which were not.
    void add_end() {
        const std::size_t missing = count(verdict::not_run);
        if (run_.interrupted_by != 0) {
            add("stopped by " + os::name_of_signal(run_.interrupted_by) + ": " +
                text::counted(missing, "case") + (missing == 1 ? " was" : " were") + " not run.");
        }
        std::vector<std::string> running;
        for (std::size_t i = 0; i < cases_.size(); ++i) {
            if (run_.results[i].interrupted) {
                running.push_back(name(i));
            }
        }
        if (!running.empty()) {
            add("running then: " + joined(running) + ".");
        }
        if (run_.too_many_failures) {
            add("stopped after " + text::counted(count(verdict::failed), "failure") +
                " (--maxfail).");
        }
        std::vector<std::string> names;
        for (std::size_t i = 0; i < cases_.size() && names.size() < not_run_shown; ++i) {
            if (run_.results[i].verdict == verdict::not_run) {
                names.push_back(name(i));
            }
        }
        const std::size_t more = missing - names.size();
        if (!names.empty()) {
            add("not run: " + joined(names) +
                (more > 0 ? " and " + std::to_string(more) + " more." : "."));
        }
    }

    const outcome& run_;
    const std::vector<test_case>& cases_;
    std::string text_;
};

} // namespace

std::string summary_of(const outcome& run, const std::vector<test_case>& cases,
                       unsigned durations) {
    return summary(run, cases).text(durations);
}

} // namespace isolite::results
