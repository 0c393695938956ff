#pragma once

#include "adapters/doctest_listing.hpp"
#include "adapters/doctest_passed.hpp"
#include "adapters/doctest_registry.hpp"
#include "adapters/doctest_selection.hpp"
#include "os/process_tree.hpp"
#include "suites/runs_of_process.hpp"
#include "suites/suite_fixtures.hpp"

#include <atomic>
#include <csignal>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace isolite::doc_test {

/// One run of doctest: in a worker it lets doctest run the cases that it claims, in their parent it
/// lets doctest say what the workers said. Threads: those of tests may assert.
class doctest_run final : public suites::adapter {
  public:
    /// Returns the run that is going on, null if there is none.
    [[nodiscard]] static doctest_run* current();

    /// Begins a run. What is wrong with it ends the process.
    static void begin(doctest::IReporter& listener);

    /// Ends the run, the process of a worker too.
    static void end(doctest::TestRunStats& stats);

    explicit doctest_run(doctest::IReporter& listener);

    void case_started(const doctest::TestCaseData& test);
    void case_skipped(const doctest::TestCaseData& test);
    void case_reentered();
    void case_ended(doctest::CurrentTestCaseStats& stats);
    void asserted(const doctest::AssertData& assertion);
    void said(const doctest::MessageData& message);
    void threw(const doctest::TestCaseException& exception);
    void subcase_started(const doctest::SubcaseSignature& subcase);
    void subcase_ended();

    [[nodiscard]] suites::suite_fixtures& fixtures() { return fixtures_; }
    [[nodiscard]] const suites::suite_fixtures& fixtures() const { return fixtures_; }

    /// Says whether an assertion of the running pass through a case has failed.
    [[nodiscard]] bool has_failed_assertions() const { return failed_assertions_ > 0; }

    /// Fails the running case, which a mark of doctest's forgives, all the same.
    void fail_unforgiven(const doctest::TestCaseData& test, const std::string& why);

    std::vector<suites::case_to_cut> all_cases(const shard& shard) override;
    void leave_out_others(const std::vector<bool>& is_own) override;
    result<std::optional<std::vector<results::test_case>>> list() override;
    void become_worker(run::forked_worker& worker) override;
    void become_parent(results::outcome& outcome) override;
    [[nodiscard]] std::vector<std::string> filters() const override {
        return filters_in(os::this_process().arguments);
    }
    [[nodiscard]] std::vector<std::string>
    selection(const std::vector<const results::test_case*>& cases) const override;

  private:
    using test_case = doctest::detail::TestCase;
    using meanwhile = run::forked_worker::meanwhile;

    /// What a run changes of a case.
    struct registration {
        test_case* test;
        doctest::detail::funcType body;
        bool skip;
    };

    static void run_body();
    static void run_claimed();
    static void say_case();

    [[nodiscard]] result<void> start();
    void show(const results::outside_failure& failure);
    void end_files(bool throws);
    void place_cases();
    void run_again();
    void begin_next_pass(const doctest::IReporter& listener);
    void claim_next(std::size_t from, meanwhile ran);
    void add(const results::event& event);
    void record(const results::event& event);
    [[nodiscard]] std::vector<results::event> take_passed();
    void correct(doctest::CurrentTestCaseStats& stats);
    void finish(doctest::TestRunStats& stats);

    doctest::IReporter& listener_;
    suites::running_suite& suite_;
    suites::suite_fixtures fixtures_;
    listing listing_;
    std::vector<registration> registered_; ///< as it was before the run
    std::vector<test_case*> cases_;        ///< by position; in a worker, doctest's places
    std::mutex events_;                    ///< of threads: what follows, and the worker's journal
    unsigned long passed_ = 0;
    std::atomic<int> failed_assertions_{0};
    unsigned failures_of_suites_ = 0;
    doctest::detail::funcType body_ = nullptr; ///< of the running case

    // In a worker.
    std::vector<test_case> originals_; ///< by position
    std::vector<std::size_t> order_;   ///< which case stands in for which
    std::size_t current_ = 0;
    bool is_new_pass_ = false;                                ///< of which no case has run
    std::optional<doctest::ContextOptions> before_next_pass_; ///< if there is more than one
    std::map<int, struct sigaction> handlers_;                ///< before doctest replaced them

    // In the parent.
    std::map<const doctest::TestCaseData*, std::size_t> positions_;
    silent_cases silent_;
    std::size_t next_event_ = 0; ///< with which the next pass begins
    int failures_unheard_ = 0;   ///< cases that failed in a worker, more than doctest here counted
};

} // namespace isolite::doc_test
