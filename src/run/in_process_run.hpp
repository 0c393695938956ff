#pragma once

#include "run/options.hpp"
#include "run/outcome.hpp"
#include "run/test_case.hpp"

#include <isolite/visibility.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace isolite::run {

/// Writes down what becomes of the cases where they all run in this process: in the ledger, and, if
/// they are wanted, for the reports and for later runs. The framework shows the rest.
class ISOLITE_API in_process_run {
  public:
    explicit in_process_run(bool reports);

    /// A case begins.
    void begin(test_case begun);

    /// The case ends.
    void end(verdict became, const std::string& why);

    /// Something fails outside of any case.
    void fail_outside(outside_failure failure);

    /// Writes the report for JUnit if it is wanted, and remembers how long the cases took. Returns
    /// the exit status that the run must have if the framework has nothing to complain about: 0
    /// when all is well.
    [[nodiscard]] int conclude(const options& options);

  private:
    using clock = std::chrono::steady_clock;

    bool reports_;
    std::size_t begun_cases_ = 0;
    clock::time_point begun_;
    clock::time_point case_begun_;
    std::vector<test_case> cases_;
    outcome outcome_;
};

} // namespace isolite::run
