#pragma once

#include "adapters/catch2_reporters.hpp"
#include "suites/runs_of_process.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace isolite::catch2 {

/// One run of Catch2, and the only listener that Catch2 itself tells anything. Alone it hands on
/// what it hears. A worker records it, and runs the cases that it claims before Catch2 begins with
/// its first. Their parent says what workers recorded while Catch2 runs cases that only count.
class catch2_run final : public deaf_reporter, public suites::adapter {
  public:
    explicit catch2_run(const config_pointer& config);
    ~catch2_run() override;
    catch2_run(const catch2_run&) = delete;
    catch2_run& operator=(const catch2_run&) = delete;

    /// Returns the run that is going on, null if there is none.
    [[nodiscard]] static catch2_run* current();

    /// Returns the case that is running, null outside of any.
    [[nodiscard]] const Catch::TestCaseInfo* running_test() const { return test_; }

    /// Says whether an assertion of the running pass through a case has failed.
    [[nodiscard]] bool has_failed_assertions() const { return failed_assertions_ > 0; }

    /// Fails the running case, which may or should fail, all the same.
    void fail_unforgiven(const std::string& why);

    std::vector<suites::case_to_cut> all_cases(const shard& shard) override;
    void leave_out_others(const std::vector<bool>& is_own) override;
    result<std::optional<std::vector<results::test_case>>> list() override;
    void become_worker(run::forked_worker& worker) override;
    void become_parent(results::outcome& outcome) override;
    [[nodiscard]] std::vector<std::string> filters() const override {
        return config_->getTestsOrTags();
    }
    [[nodiscard]] std::vector<std::string>
    selection(const std::vector<const results::test_case*>& cases) const override;

    void testRunStarting(const Catch::TestRunInfo& run) override;
    void testCaseStarting(const Catch::TestCaseInfo& test) override;
    void sectionStarting(const Catch::SectionInfo& section) override;
    void assertionStarting(const Catch::AssertionInfo& assertion) override;
    heard_assertion assertionEnded(const Catch::AssertionStats& stats) override;
    void sectionEnded(const Catch::SectionStats& stats) override;
    void testCaseEnded(const Catch::TestCaseStats& stats) override;
    void testRunEnded(const Catch::TestRunStats& stats) override;
    void skipTest(const Catch::TestCaseInfo& test) override;
    void noMatchingTestCases(name_text spec) override;
    void fatalErrorEncountered(Catch::StringRef error) override;
#if ISOLITE_CATCH2_VERSION == 3
    void testCasePartialStarting(const Catch::TestCaseInfo& test, std::uint64_t number) override;
    void testCasePartialEnded(const Catch::TestCaseStats& stats, std::uint64_t number) override;
    void benchmarkPreparing(name_text name) override;
    void benchmarkStarting(const Catch::BenchmarkInfo& benchmark) override;
    void benchmarkEnded(const Catch::BenchmarkStats<>& stats) override;
    void benchmarkFailed(name_text name) override;
#else
    void reportInvalidArguments(const std::string& argument) override;
    void testGroupStarting(const Catch::GroupInfo& group) override;
    void testGroupEnded(const Catch::TestGroupStats& stats) override;
#endif

  private:
    class stand_in;

    template <typename Result, typename... Parameters, typename... Arguments>
    void hand_on(Result (reporter::*event)(Parameters...), const Arguments&... about);
    template <typename Make>
    void record(bool at_once, Make make);
    void record_end_of_body();
    static void say_last_words();
    void say_crash() noexcept;
    void end_files(Catch::SectionStats& section);
    void replace(test_case& test);
    void count();
    void say_case(const Catch::TestCaseInfo& test);

    config_pointer config_;
    audience others_;
    bool has_begun_ = false;                                 ///< with all who listen to it
    suites::running_suite* suite_ = nullptr;                 ///< while a run goes on
    std::vector<test_case*> cases_;                          ///< by position
    std::vector<std::pair<test_case*, test_case>> replaced_; ///< and what they were
    invokers stand_ins_;                                     ///< of these
    std::set<const Catch::TestCaseInfo*> left_out_;
    std::set<const Catch::TestCaseInfo*> have_lasting_fixtures_;
    const Catch::TestCaseInfo* test_ = nullptr;
    Catch::Totals not_told_;      ///< what Catch2 counted of cases that are left out
    unsigned depth_ = 0;          ///< of sections
    bool has_crashed_ = false;    ///< Catch2 tells of it in a handler of signals.
    bool has_begun_anew_ = false; ///< The next pass finds the files as the case did.
    unsigned failed_assertions_ = 0;

    // In a worker.
    std::vector<results::event> unrecorded_; ///< of the case: told with its end, at no extra cost
    bool records_starts_ = false;
    bool records_passed_ = false;
    std::streambuf* usual_output_ = nullptr; ///< if it matters when another one catches it
    bool is_in_body_ = false;

    // In the parent.
    std::map<const Catch::TestCaseInfo*, std::size_t> positions_;
    Catch::Totals totals_; ///< of the cases that were said
    Catch::Counts said_;   ///< assertions of the case
};

/// Returns what Catch2's runner is reached by, null if nobody knows.
[[nodiscard]] const runner* known_runner();

} // namespace isolite::catch2
