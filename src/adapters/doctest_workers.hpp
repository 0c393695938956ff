#pragma once

#include "adapters/doctest_events.hpp"
#include "adapters/doctest_listing.hpp"
#include "adapters/doctest_registry.hpp"
#include "run/in_process_run.hpp"
#include "run/parallel_run.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace isolite::doc_test {

/// What the decorators `uses` and `serial` say: of test cases by their place, of suites by name.
struct marks {
    using place = std::pair<std::string, unsigned>;

    std::map<place, std::vector<std::string>> resources_of_tests;
    std::map<std::string, std::vector<std::string>> resources_of_suites;
    std::set<place> serial_tests;
    std::set<std::string> serial_suites;

    static marks& made();
};

/// A run of doctest's cases in forked workers: in a worker it lets doctest run those that it
/// claims, in the parent it lets doctest say what the workers said.
class workers {
  public:
    static workers& of_process();

    /// Forks, if the options say so, and prepares doctest for what this process then is. Cases of
    /// the suites in `together` stay together.
    /// Errors: those of `run::start`; errc::system when the cases cannot be listed.
    [[nodiscard]] result<void> start(const run::options& options,
                                     const std::set<std::string>& together);

    [[nodiscard]] bool is_worker() const { return worker_.has_value(); }
    [[nodiscard]] bool is_parent() const { return outcome_.has_value(); }
    /// Says whether this process only lists the cases that doctest would run.
    [[nodiscard]] bool is_lister() const { return listing_.is_lister(); }

    void case_started();
    void case_skipped(const doctest::TestCaseData& test);
    void case_ended(const doctest::CurrentTestCaseStats& stats);
    void asserted(const doctest::AssertData& assertion);
    void said(const doctest::MessageData& message);
    void threw(const doctest::TestCaseException& exception);
    /// Records an event of the running case.
    void add(const run::event& event);
    /// Records that the fixture of a suite failed where no case was running.
    void suite_failed(const run::outside_failure& failure);
    /// Notes for the reports what failed outside of any case, where that is known.
    void failed_outside(const run::outside_failure& failure);

    /// Records that a test has failed with the failure of its suite's fixture.
    void heard_failure(const std::string& message);

    /// Returns the different failures of suites that workers recorded, but for those that tests
    /// have failed with.
    [[nodiscard]] std::vector<run::outside_failure> failed_suites() const;

    /// Ends the run of doctest: a worker's process, or in the parent what doctest counted.
    void run_ended(doctest::TestRunStats& stats);

  private:
    using test_case = doctest::detail::TestCase;

    static void conclude_at_exit(int (*conclude)());

    void become_worker(run::forked_worker worker, const std::set<std::string>& together);
    void become_parent(run::outcome outcome);
    void claim_next(std::size_t from);
    [[nodiscard]] std::vector<run::event> take_passed();
    /// Keeps what people should read about a failure.
    void explain(const std::string& text);

    run::options options_;
    listing listing_;
    std::vector<test_case*> cases_; ///< by position
    std::vector<run::test_case> described_;

    std::optional<run::forked_worker> worker_;
    std::vector<std::size_t> order_; ///< which case stands in for which
    std::vector<test_case> originals_;
    std::size_t current_ = 0;
    unsigned long passed_ = 0;
    std::string explanation_;

    std::optional<run::outcome> outcome_;
    std::optional<run::in_process_run> here_;
    int failures_unheard_ = 0; ///< cases that failed in a worker, more than doctest here counted
};

} // namespace isolite::doc_test
