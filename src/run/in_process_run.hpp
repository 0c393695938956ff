#pragma once

#include "run/options.hpp"
#include "run/outcome.hpp"
#include "run/test_case.hpp"

#include <isolite/visibility.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace isolite::run {

/// Writes down what becomes of the cases where they all run in this process, for the reports and
/// for later runs. The framework shows the rest.
class ISOLITE_API in_process_run {
  public:
    in_process_run();

    /// A case begins.
    void begin(test_case begun);

    /// The case ends.
    void end(verdict became, const std::string& why);

    /// Writes the report for JUnit, and remembers how long the cases took. Returns the exit status
    /// that the run must have if the framework has nothing to complain about: 0 when all is well.
    [[nodiscard]] int conclude(const options& options);

  private:
    using clock = std::chrono::steady_clock;

    clock::time_point begun_;
    clock::time_point case_begun_;
    std::vector<test_case> cases_;
    outcome outcome_;
};

} // namespace isolite::run
