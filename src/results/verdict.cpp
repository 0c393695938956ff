#include "results/verdict.hpp"

#include "os/signal_name.hpp"
#include "results/told_failure.hpp"
#include "results/work_share.hpp"
#include "text/colours.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

#include <algorithm>
#include <optional>

namespace isolite::results {

namespace {

using text::printable;
using text::text_of;

constexpr std::size_t not_run_shown = 10;

/// Says whether a case failed by itself, and was not cut off with the run.
bool has_failed(const case_result& result) {
    return result.verdict == verdict::failed && !result.interrupted;
}

/// Writes the verdict of one run.
class written_verdict {
  public:
    written_verdict(const outcome& run, const std::vector<test_case>& cases, bool in_colours)
        : run_(run), cases_(cases), in_colours_(in_colours) {}

    std::string text(const next_commands& commands) {
        add_verdict();
        add_share(commands);
        add_left_processes();
        add_end();
        add_cases([](const case_result& result) { return result.flaky(); });
        if (run_.fails_flaky && run_.has_flaky()) {
            add("a flaky case fails the run (--fail-flaky)");
        }
        add_cases(has_failed);
        add_failures_outside();
        add_commands(commands);
        return text_;
    }

  private:
    void add(const std::string& line) { text_ += (text_.empty() ? "isolite: " : "\n  ") + line; }

    [[nodiscard]] std::string painted(const std::string& text, text::colour chosen) const {
        return in_colours_ ? text::coloured(text, chosen) : text;
    }

    /// Adds a line whose first word says what became of a case.
    void add_labelled(const std::string& line, text::colour chosen) {
        const std::size_t colon = line.find(':');
        add(painted(line.substr(0, colon), chosen) + line.substr(colon));
    }

    [[nodiscard]] std::string name(std::size_t position) const {
        return printable(cases_[position].name);
    }

    [[nodiscard]] std::size_t count(verdict wanted) const {
        return static_cast<std::size_t>(
            std::count_if(run_.results.begin(), run_.results.end(),
                          [&](const case_result& result) { return result.verdict == wanted; }));
    }

    void add_verdict() {
        const std::size_t left_out = count(verdict::left_out);
        if (cases_.empty()) {
            add("nothing was run: no case was chosen");
        } else if (left_out == cases_.size()) {
            add("nothing was run: of " + text::counted(left_out, "case") +
                " none failed the last time (--failed)");
        } else {
            std::string line = counts() + " in " + text_of(run_.wall);
            if (run_.is_forked) {
                line += " by " + text::counted(run_.workers.size(), "worker");
            }
            add(line + (run_.seed ? ", in the order of --shuffle=" + std::to_string(*run_.seed)
                                  : std::string()));
        }
    }

    [[nodiscard]] std::string counts() const {
        const auto flaky = std::count_if(run_.results.begin(), run_.results.end(),
                                         [](const case_result& result) { return result.flaky(); });
        const std::size_t outside = run_.failures_outside.size() + run_.deaths_in_fixtures.size();
        std::vector<std::string> parts;
        const auto list = [&](std::size_t number, const std::string& what,
                              std::optional<text::colour> chosen = std::nullopt) {
            if (number > 0) {
                const std::string part = std::to_string(number) + " " + what;
                parts.push_back(chosen ? painted(part, *chosen) : part);
            }
        };
        const bool is_good = !has_something_to_tell(run_);
        list(count(verdict::passed),
             flaky > 0 ? "passed (" + std::to_string(flaky) + " flaky)" : "passed",
             is_good ? std::optional(text::colour::green) : std::nullopt);
        list(count(verdict::failed), "failed", text::colour::red);
        list(outside, "failed outside of cases", text::colour::red);
        list(count(verdict::skipped), "skipped");
        list(count(verdict::not_run), "not run");
        list(count(verdict::left_out), std::string("left out (") + run_.left_out_by + ")");
        return text::listed(parts);
    }

    void add_share(const next_commands& commands) {
        if (const std::string share = share_of_work(run_, cases_);
            !share.empty() && !commands.timings.empty()) {
            add(share + ": " + commands.timings + " or isolite report shows more");
        }
    }

    /// Those that failed, or failed sometimes, which a retry or `--repeat` brings to light.
    template <typename Is>
    void add_cases(Is is_meant) {
        for (std::size_t i = 0; i < cases_.size(); ++i) {
            if (is_meant(run_.results[i])) {
                const bool is_flaky = run_.results[i].flaky();
                add_labelled(told_failure(cases_[i], run_.results[i]),
                             is_flaky ? text::colour::yellow : text::colour::red);
            }
        }
    }

    void add_failures_outside() {
        for (const outside_failure& each : run_.failures_outside) {
            test_case place;
            place.file = each.file;
            place.line = each.line;
            add_labelled("failed outside of cases: " +
                             (each.suite.empty() ? "" : printable(each.suite) + "  ") +
                             sentence(place_and_reason(place, each.why)),
                         text::colour::red);
        }
        for (const fixture_death& death : run_.deaths_in_fixtures) {
            add(sentence(death.text()));
        }
        for (const std::string& trouble : run_.troubles) {
            add(sentence(trouble));
        }
    }

    void add_left_processes() {
        for (std::size_t i = 0; i < cases_.size(); ++i) {
            if (const auto& left = run_.results[i].left_processes; !left.empty()) {
                add("left running by " + name(i) + ": " + printable(text::listed(left)));
            }
        }
        if (!run_.left_processes.empty()) {
            add("left running by a test: " + printable(text::listed(run_.left_processes)));
        }
    }

    /// Says why not all cases were run, and which were not.
    void add_end() {
        const std::size_t missing = count(verdict::not_run);
        if (run_.interrupted_by != 0) {
            add("stopped by " + os::name_of_signal(run_.interrupted_by) + ": " +
                text::counted(missing, "case") + (missing == 1 ? " was" : " were") + " not run");
        }
        std::vector<std::string> running;
        for (std::size_t i = 0; i < cases_.size(); ++i) {
            if (run_.results[i].interrupted) {
                running.push_back(name(i));
            }
        }
        if (!running.empty()) {
            add("running when stopped: " + text::listed(running));
        }
        if (run_.too_many_failures) {
            add("stopped after " + text::counted(count(verdict::failed), "failure") +
                " (--maxfail)");
        }
        std::vector<std::string> names;
        for (std::size_t i = 0; i < cases_.size(); ++i) {
            if (run_.results[i].verdict == verdict::not_run) {
                names.push_back(name(i));
            }
        }
        if (!names.empty()) {
            add("not run: " + text::listed(names, not_run_shown));
        }
    }

    void add_commands(const next_commands& commands) {
        constexpr std::size_t most_letters = 120;
        if (!commands.alone.empty()) {
            add(sentence(commands.alone));
        }
        const std::string again = commands.again.empty() ? "" : "again: " + commands.again;
        const std::string debug = commands.debug.empty() ? "" : "debug: " + commands.debug;
        if (!again.empty() && !debug.empty() && again.size() + debug.size() <= most_letters) {
            add(again + "      " + debug);
            return;
        }
        for (const std::string& line : {again, debug}) {
            if (!line.empty()) {
                add(line);
            }
        }
    }

    const outcome& run_;
    const std::vector<test_case>& cases_;
    bool in_colours_;
    std::string text_;
};

} // namespace

std::string verdict_of(const outcome& run, const std::vector<test_case>& cases,
                       const next_commands& commands, bool in_colours) {
    return written_verdict(run, cases, in_colours).text(commands);
}

bool has_something_to_tell(const outcome& run) {
    return !run.all_is_well() || !run.failures_outside.empty() ||
           std::any_of(run.results.begin(), run.results.end(), [](const case_result& each) {
               return each.verdict == verdict::failed || each.flaky();
           });
}

} // namespace isolite::results
