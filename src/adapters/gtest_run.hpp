#pragma once

#include "adapters/gtest_events.hpp"
#include "adapters/gtest_replay.hpp"
#include "adapters/gtest_tests.hpp"
#include "suites/runs_of_process.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace isolite::googletest {

/// Returns why a mark marks nothing.
[[nodiscard]] result<void> check_marks();

/// Returns the listeners that are to hear of tests in workers.
[[nodiscard]] std::vector<testing::TestEventListener*>& listeners_in_workers();

/// Runs of GoogleTest in this process: each iteration of `--gtest_repeat` is one. Stands between
/// GoogleTest and all listeners where tests are concerned, so that others hear what it has
/// corrected, and in workers nothing.
class gtest_run final : public testing::EmptyTestEventListener, public suites::adapter {
  public:
    gtest_run() = default;
    /// GoogleTest, which deletes this, has no tests any more that could be given back what they
    /// had.
    ~gtest_run() override { static_cast<void>(replay_.release()); }
    gtest_run(const gtest_run&) = delete;
    gtest_run& operator=(const gtest_run&) = delete;

    /// Returns the one of this process.
    static gtest_run& of_process();

    // What GoogleTest tells of the program.
    void begin();
    void iteration_started(int number);
    void iteration_ended(int number);
    void end();

    void OnTestSuiteStart(const testing::TestSuite& suite) override;
    void OnTestStart(const testing::TestInfo& test) override;
    void OnTestDisabled(const testing::TestInfo& test) override { others_->OnTestDisabled(test); }
    void OnTestPartResult(const testing::TestPartResult& part) override;
    void OnTestEnd(const testing::TestInfo& test) override;
    void OnTestSuiteEnd(const testing::TestSuite& suite) override;
#ifndef GTEST_REMOVE_LEGACY_TEST_CASEAPI_
    void OnTestCaseStart(const testing::TestSuite& suite) override {
        others_->OnTestCaseStart(suite);
    }
    void OnTestCaseEnd(const testing::TestSuite& suite) override {
        others_->OnTestCaseEnd(suite);
    }
#endif

    std::vector<suites::case_to_cut> all_cases(const shard& shard) override;
    [[nodiscard]] bool is_cut_by_framework() const override;
    void leave_out_others(const std::vector<bool>& is_own) override;
    result<std::optional<std::vector<results::test_case>>> list() override;
    void become_worker(run::forked_worker& worker) override;
    void become_parent(results::outcome& outcome) override;
    [[nodiscard]] std::vector<std::string> filters() const override {
        return filters_of_googletest();
    }
    [[nodiscard]] std::vector<std::string>
    selection(const std::vector<const results::test_case*>& cases) const override;

  private:
    void prepare();
    [[noreturn]] static void stop(int iteration);
    void start();
    void run_claimed();
    [[nodiscard]] bool claim_next(const testing::TestSuite* in);
    void hear(const testing::TestPartResult& part);
    void tell_outside(const testing::TestPartResult& part);
    void end_files(const testing::TestInfo& test);
    void end_case(const testing::TestInfo& test);

    /// Those of GoogleTest while it runs, which deletes this if the process ends in the middle.
    testing::TestEventListeners own_;
    testing::TestEventListener* others_ = nullptr;
    suites::running_suite* suite_ = nullptr; ///< of the iteration, until it is concluded
    std::vector<chosen_case> registered_;    ///< all, if this is one shard of several
    bool is_going_on_ = false;
    bool is_started_ = false;                       ///< the iteration, with its first suite
    std::vector<chosen_case> cases_;                ///< by position
    std::vector<results::outside_failure> pending_; ///< of environments, before the start

    std::mutex events_; ///< of threads: what follows, and the worker's journal
    const testing::TestInfo* running_ = nullptr;
    std::string suite_name_; ///< "" outside of suites
    bool suite_ends_ = false;

    // In a worker.
    std::vector<std::size_t> order_;
    std::size_t next_ = 0; ///< in that order

    // In the parent.
    std::unique_ptr<replay> replay_;
};

} // namespace isolite::googletest
