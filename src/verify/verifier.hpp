#pragma once

#include "verify/experiment.hpp"
#include "verify/finding.hpp"
#include "verify/trials.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace isolite::verify {

/// Runs cases in several orders, alone and in parallel, and finds the cause of each difference
/// between their verdicts. It knows no processes.
class verifier {
  public:
    verifier(experimenter run, bounds bounds);

    [[nodiscard]] verification verify();

  private:
    [[nodiscard]] bool has_time_for(std::chrono::nanoseconds estimate) const;
    void explore();
    void run_order(std::vector<std::size_t> order, unsigned workers, const std::string& name);
    void run_twice();
    void look_for_brief_overlaps(std::chrono::nanoseconds whole);
    void run_alone();
    [[nodiscard]] std::set<std::size_t> suspects() const;
    void find_causes();
    [[nodiscard]] bool is_by_addresses(std::size_t victim);
    void find_causes_early();
    void run_in_conditions();
    void find_conditions();
    void sum_up();

    bounds bounds_;
    trials trials_;
    std::vector<std::size_t> declared_;
    /// By case, the conditions in which it was another one.
    std::map<std::size_t, std::vector<run::condition>> differing_;
    bool has_searched_early_ = false;
    verification result_;
};

} // namespace isolite::verify
