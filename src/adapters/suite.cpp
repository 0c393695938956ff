#include <isolite/suite.hpp>

#include "error/warning.hpp"
#include "run/command_line.hpp"
#include "suites/running_suite.hpp"

#include <isolite/command_line.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <fnmatch.h>

namespace isolite {

namespace {

/// Returns the exit status of a command line with which nothing can be run.
int malformed_by(const error& problem) {
    constexpr int malformed = 2;
    warnings::complain(problem.text());
    return malformed;
}

struct plain_case {
    std::string name;
    std::function<void()> body;
    case_marks marks;
};

results::test_case described(const plain_case& plain) {
    results::test_case made;
    made.name = plain.name;
    const std::size_t slash = plain.name.rfind('/');
    made.suite = slash == std::string::npos ? "" : plain.name.substr(0, slash);
    suites::apply(plain.marks, made);
    return made;
}

} // namespace

/// The adapter of plain functions: all that a framework must have to run under isolite.
class suite::state final : public framework, public suites::adapter {
  public:
    [[nodiscard]] std::string current_test() const override {
        return running_ ? running_->name : "a fixture outside of any test case";
    }
    [[nodiscard]] std::optional<mode> chosen_mode() const override {
        return running_ ? running_->marks.mode : std::nullopt;
    }
    [[nodiscard]] bool failing() const override { return has_failed_; }
    void fail(const std::string& message) noexcept override {
        has_failed_ = true;
        why_ += (why_.empty() ? "" : "\n") + message;
    }
    void skip(const std::string& why) { skipped_for_ = why; }
    void note(const std::string& message) noexcept override {
        std::fprintf(stderr, "%s\n", message.c_str());
    }
    [[nodiscard]] std::string way_to_commit() const override {
        return "add the case with the mark {isolite::mode::copy_on_write}, or open its fixture in "
               "that mode";
    }

    std::vector<suites::case_to_cut> all_cases(const shard& /*shard*/) override {
        std::vector<suites::case_to_cut> all;
        for (const plain_case& each : cases) {
            all.push_back({each.name, all.size()});
        }
        return all;
    }

    void leave_out_others(const std::vector<bool>& is_own) override {
        const auto is_others = [&](const plain_case* each) {
            return !is_own[static_cast<std::size_t>(each - cases.data())];
        };
        chosen_.erase(std::remove_if(chosen_.begin(), chosen_.end(), is_others), chosen_.end());
    }

    result<std::optional<std::vector<results::test_case>>> list() override {
        std::vector<results::test_case> all;
        for (const plain_case* const each : chosen_) {
            all.push_back(described(*each));
        }
        return std::optional(std::move(all));
    }

    [[nodiscard]] std::vector<std::string> filters() const override { return patterns_; }

    [[nodiscard]] std::vector<std::string>
    selection(const std::vector<const results::test_case*>& wanted) const override {
        std::vector<std::string> patterns;
        for (const results::test_case* const each : wanted) {
            std::string& pattern = patterns.emplace_back();
            for (const char letter : each->name) {
                const bool is_special = std::string_view("*?[\\").find(letter) != std::string::npos;
                pattern += (is_special ? std::string("\\") : std::string()) + letter;
            }
            if (pattern.front() == '-') { // which begins options
                pattern.replace(0, 1, "[-]");
            }
        }
        return patterns;
    }

    void become_worker(run::forked_worker& worker) override {
        do {
            for (const std::size_t position : worker.order()) {
                if (worker.claim(position, run::forked_worker::meanwhile::nothing)) {
                    run_case(*chosen_[position]);
                }
            }
        } while (worker.begin_next_pass());
    }

    void become_parent(results::outcome& outcome) override {
        for (std::size_t position = 0; position < chosen_.size(); ++position) {
            suites::say_result(chosen_[position]->name, outcome.results[position]);
        }
    }

    /// Chooses the cases that match one of the patterns, all if there are none. Returns them.
    const std::vector<const plain_case*>& choose(const std::vector<std::string>& patterns) {
        patterns_ = patterns;
        chosen_.clear();
        for (const plain_case& each : cases) {
            const auto matches = [&each](const std::string& pattern) {
                return ::fnmatch(pattern.c_str(), each.name.c_str(), 0) == 0;
            };
            if (patterns.empty() || std::any_of(patterns.begin(), patterns.end(), matches)) {
                chosen_.push_back(&each);
            }
        }
        return chosen_;
    }

    /// Returns the exit status.
    int run_all() {
        suites::running_suite running(*this);
        suite_ = &running;
        if (chosen_.empty()) {
            return malformed_by(
                {errc::usage, "run the suite: no case matches", "--list shows the names"});
        }
        if (const auto started = running.start(); !started) {
            warnings::complain(started.error().text());
            return EXIT_FAILURE;
        }
        std::size_t failed = 0;
        if (running.is_here()) {
            failed = run_here();
        } else if (const results::outcome* const outcome = running.outcome()) {
            failed = static_cast<std::size_t>(
                std::count_if(outcome->results.begin(), outcome->results.end(),
                              [](const results::case_result& each) {
                                  return each.verdict == results::verdict::failed;
                              }));
        }
        running.finish();
        const int status = running.conclude();
        suite_ = nullptr;
        return status != 0 ? status : failed > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
    }

    std::vector<plain_case> cases;

  private:
    /// Runs the chosen cases in this process. Returns how many failed.
    std::size_t run_here() {
        std::size_t failed = 0;
        for (const plain_case* const each : chosen_) {
            failed += run_case(*each) == results::verdict::failed ? 1 : 0;
        }
        return failed;
    }

    results::verdict run_case(const plain_case& plain) {
        running_ = &plain;
        has_failed_ = false;
        why_.clear();
        skipped_for_.reset();
        suite_->begin([&] { return described(plain); });
        try {
            plain.body();
        } catch (const std::exception& problem) {
            fail(problem.what());
        } catch (...) {
            fail("it threw something that is no exception");
        }
        if (const std::string found = suite_->end_pass(has_failed_); !found.empty()) {
            fail(found);
        }
        running_ = nullptr;
        const results::verdict became = has_failed_    ? results::verdict::failed
                                        : skipped_for_ ? results::verdict::skipped
                                                       : results::verdict::passed;
        suite_->end(became, has_failed_ ? why_ : skipped_for_.value_or(""));
        if (has_failed_ && suite_->is_here()) {
            suites::say_failure(plain.name, why_);
        }
        return became;
    }

    std::vector<const plain_case*> chosen_;
    std::vector<std::string> patterns_;
    suites::running_suite* suite_ = nullptr;
    const plain_case* running_ = nullptr;
    bool has_failed_ = false;
    std::string why_; ///< it failed
    std::optional<std::string> skipped_for_;
};

suite::suite() : state_(std::make_unique<state>()) {
    run::claim_files_of_variable();
}

suite::~suite() = default;

void suite::add(std::string name, std::function<void()> body, case_marks marks) {
    state_->cases.push_back({std::move(name), std::move(body), std::move(marks)});
}

void suite::fail(const std::string& message) {
    state_->fail(message);
}

void suite::skip(const std::string& why) {
    state_->skip(why);
}

int suite::run(int argc, char** argv) {
    if (const auto taken = take_options(argc, argv); !taken) {
        return malformed_by(taken.error());
    }
    const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
    const auto has = [&words](const char* word) {
        return std::find(words.begin(), words.end(), word) != words.end();
    };
    if (has("--help") || has("-h")) {
        std::printf("usage: %s [OPTION...] [PATTERN...]\n"
                    "Runs the cases whose names match a pattern as of shells, or all.\n"
                    "  --list                      print their names instead\n",
                    argv[0]);
        return EXIT_SUCCESS;
    }
    std::vector<std::string> patterns;
    for (const std::string& word : words) {
        if (word == "--list") {
            continue;
        }
        if (word.front() == '-') {
            return malformed_by({errc::usage, "run the suite: " + word + " is no option",
                                 "--help shows the options"});
        }
        patterns.push_back(word);
    }
    const std::vector<const plain_case*>& chosen = state_->choose(patterns);
    if (has("--list")) {
        for (const plain_case* const each : chosen) {
            std::printf("%s\n", each->name.c_str());
        }
        return EXIT_SUCCESS;
    }
    return state_->run_all();
}

framework& suite::adapter() noexcept {
    return *state_;
}

} // namespace isolite
