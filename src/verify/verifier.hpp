#pragma once

#include "verify/experiment.hpp"
#include "verify/finding.hpp"
#include "verify/trials.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
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
    /// Returns false, and does nothing, where there is no time for it.
    using step = std::function<bool()>;

    [[nodiscard]] bool has_time_for(std::chrono::nanoseconds estimate) const;
    [[nodiscard]] std::vector<step> steps();
    void explore(std::vector<step>& steps);
    void run_order(std::vector<std::size_t> order, unsigned workers, const std::string& name);
    [[nodiscard]] bool run_twice();
    void shuffle_more(std::chrono::nanoseconds whole);
    void look_for_brief_overlaps(std::chrono::nanoseconds whole);
    [[nodiscard]] bool run_alone();
    [[nodiscard]] std::set<std::size_t> suspects() const;
    void find_causes();
    [[nodiscard]] bool is_by_memory(std::size_t victim);
    void find_causes_early();
    [[nodiscard]] bool run_in_conditions(const std::vector<run::condition>& held);
    void find_conditions();
    void sum_up();

    bounds bounds_;
    trials trials_;
    std::vector<std::size_t> declared_;
    /// By case, the conditions in which it was another one.
    std::map<std::size_t, std::vector<run::condition>> differing_;
    std::set<std::size_t> waiting_; ///< cases that ended too late in other conditions
    std::chrono::nanoseconds kept_for_causes_{0};
    bool has_searched_early_ = false;
    verification result_;
};

} // namespace isolite::verify
