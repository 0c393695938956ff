#pragma once

#include "adapters/catch2_versions.hpp"
#include "results/outcome.hpp"
#include "results/test_case.hpp"
#include "suites/shard_cut.hpp"

#include <isolite/case_marks.hpp>

#include <csignal>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace isolite::catch2 {

/// Returns what the tags of a case say.
[[nodiscard]] case_marks marks_of(const Catch::TestCaseInfo& test);

/// Returns what the run must know of a case.
[[nodiscard]] results::test_case described(const Catch::TestCaseInfo& test);

/// Returns what Catch2 is going to run, in its order.
[[nodiscard]] std::vector<test_case*> chosen_cases(const Catch::IConfig& config);

/// Returns the cases with one fixture for all passes, TEST_CASE_PERSISTENT_FIXTURE of version 3:
/// Catch2 ends it when it has counted the case.
[[nodiscard]] std::set<const Catch::TestCaseInfo*>
cases_with_lasting_fixtures(const Catch::IConfig& config);

/// Returns what became of a case that Catch2 has counted.
[[nodiscard]] results::verdict verdict_of(const Catch::Counts& cases);

/// Returns the word by which Catch2 runs these cases: their names, which it compares without case.
[[nodiscard]] std::vector<std::string>
selection_of(const std::vector<const results::test_case*>& cases);

/// Returns what Catch2 knows a case by.
[[nodiscard]] std::string id_of(const Catch::TestCaseInfo& test);

/// Returns the positions of all cases in the order in which they were registered, by their ids.
[[nodiscard]] std::map<std::string, std::size_t> positions_in_sources();

/// Returns all cases in that order.
[[nodiscard]] std::vector<suites::case_to_cut> cases_to_cut(const Catch::IConfig& config);

/// Runs a case in a worker. A crash is to be a crash, which the parent names: Catch2's handlers
/// would report it from inside of a signal, where nearly nothing may be called.
class claimed_body final : public Catch::ITestInvoker {
  public:
    using actions = std::vector<std::pair<int, struct sigaction>>;

    claimed_body(const test_case& original, const actions& before)
        : original_(original), before_(before) {}

#if ISOLITE_CATCH2_VERSION == 3
    void prepareTestCase() override {
        original_.prepareTestCase();
    }
    void tearDownTestCase() override {
        original_.tearDownTestCase();
    }
#endif
    void invoke() const override {
        for (const auto& [signal, action] : before_) {
            ::sigaction(signal, &action, nullptr);
        }
        original_.invoke();
    }

    /// Returns what was to be done about signals before Catch2 handled them.
    static actions actions_now() {
        actions found;
        for (const int signal : {SIGINT, SIGILL, SIGFPE, SIGSEGV, SIGTERM, SIGABRT}) {
            ::sigaction(signal, nullptr, &found.emplace_back(signal, action()).second);
        }
        return found;
    }

  private:
    using action = struct sigaction;

    const test_case& original_;
    const actions& before_;
};

} // namespace isolite::catch2
