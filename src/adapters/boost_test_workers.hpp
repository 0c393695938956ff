#pragma once

#include "adapters/boost_test_recorder.hpp"
#include "run/in_process_run.hpp"
#include "run/parallel_run.hpp"

#include <boost/test/tree/test_unit.hpp>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace isolite::boost_test {

/// What the decorators `uses` and `serial` say, by the id of the unit they decorate.
struct marks {
    std::map<boost::unit_test::test_unit_id, std::vector<std::string>> resources;
    std::set<boost::unit_test::test_unit_id> serial;

    static marks& made();
};

/// A run of Boost.Test's tree in forked workers: in a worker it grants or refuses each case, in the
/// parent it says what the workers said.
class workers {
  public:
    explicit workers(boost::unit_test::test_unit_id root) : root_(root) {}

    /// Forks, if the options say so, and prepares the tree for what this process then is.
    /// Errors: those of `run::start`.
    [[nodiscard]] result<void> start(const run::options& options);

    /// Says whether this process is a worker.
    [[nodiscard]] bool is_worker() const { return worker_.has_value(); }

    /// Takes part in the beginning and in the end of a unit, after the framework.
    void unit_started(const boost::unit_test::test_unit& unit);
    void unit_finished(const boost::unit_test::test_unit& unit);
    void unit_skipped(const boost::unit_test::test_unit& unit, const std::string& reason);

    /// Ends the run: in a worker the process, in the parent with the status that the process must
    /// have even if the framework is content. Returns 0 if there were no workers.
    [[nodiscard]] int finish();

  private:
    using unit_id = boost::unit_test::test_unit_id;

    void list_cases();
    void watch_this_process(bool reports);
    void become_worker(run::forked_worker worker);
    void order_children(const std::vector<std::size_t>& order);
    void guard_case(unit_id id, std::size_t position);
    void guard_suite(unit_id id);
    void give_up(const boost::unit_test::test_unit& suite);
    void deny_success();
    void skip_here(const boost::unit_test::test_unit& unit, const std::string& why);
    [[nodiscard]] std::string unmet_dependency(const std::vector<unit_id>& dependencies);

    unit_id root_;
    run::options options_;
    std::vector<unit_id> ids_; ///< by position
    std::map<unit_id, std::size_t> positions_;
    std::vector<run::test_case> cases_;
    std::optional<run::forked_worker> worker_;
    std::unique_ptr<recorder> recorder_;
    std::optional<run::outcome> outcome_;
    bool denies_success_ = false; ///< where the framework is content
    std::optional<run::in_process_run> here_;
    std::set<unit_id> visited_; ///< the cases that this process ran or skipped
};

} // namespace isolite::boost_test
