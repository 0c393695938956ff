#pragma once

#include "adapters/boost_test_recorder.hpp"
#include "adapters/boost_test_selection.hpp"
#include "suites/running_suite.hpp"

#include <boost/test/tree/test_unit.hpp>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace isolite::boost_test {

/// A run of Boost.Test's tree. In a worker it lets Boost.Test run the cases that it claims, in
/// their parent it lets Boost.Test say what the workers said.
class boost_run final : public suites::adapter {
  public:
    using unit_id = boost::unit_test::test_unit_id;

    /// Returns the run that was begun last, null before the first one.
    [[nodiscard]] static boost_run* current();

    /// `has_own_main`: isolite's `main` has taken options in front of Boost.Test.
    boost_run(unit_id root, bool has_own_main);
    ~boost_run();
    boost_run(const boost_run&) = delete;
    boost_run& operator=(const boost_run&) = delete;

    /// Begins the run, in every process. Errors: those of `running_suite::start`.
    [[nodiscard]] result<void> start();

    /// Says whether this process is a worker: when the framework begins once more, it is with the
    /// next pass of the same run.
    [[nodiscard]] bool is_in_worker() { return suite_.worker() != nullptr; }

    /// Takes part in the beginning of that.
    void begin_next_pass();

    /// Takes part in the beginning and in the end of a unit, after the framework.
    void unit_started(const boost::unit_test::test_unit& unit);
    void unit_finished(const boost::unit_test::test_unit& unit);
    void unit_skipped(const boost::unit_test::test_unit& unit, const std::string& reason);

    /// Ends the run: the process of a worker; elsewhere returns the status that the process must
    /// have even if the framework is content, else 0.
    [[nodiscard]] int finish();

    [[nodiscard]] suites::running_suite& suite() { return suite_; }

    /// Returns the suites whose fixture could not be made, and why.
    [[nodiscard]] std::map<unit_id, std::string>& failed_suites() { return failed_suites_; }

    /// Fails the running case, some of whose failures are expected, all the same.
    void fail_unforgiven(const boost::unit_test::test_unit& test, const std::string& why);

    std::vector<suites::case_to_cut> all_cases(const shard& shard) override;
    void leave_out_others(const std::vector<bool>& is_own) override;
    result<std::optional<std::vector<results::test_case>>> list() override;
    void become_worker(run::forked_worker& worker) override;
    void become_parent(results::outcome& outcome) override;
    [[nodiscard]] std::vector<std::string> filters() const override {
        return filters_of_boost_test();
    }
    [[nodiscard]] std::vector<std::string>
    selection(const std::vector<const results::test_case*>& cases) const override {
        return selection_of(cases, root_);
    }
    [[nodiscard]] bool takes_options_behind_dashes() const override { return !has_own_main_; }

  private:
    void go_in_order();
    void guard_case(unit_id id, std::size_t position);
    void guard_suite(unit_id id);
    void give_up(const boost::unit_test::test_unit& suite);
    void correct_time(const boost::unit_test::test_unit& test);
    void enter_fixture(const boost::unit_test::test_unit& suite, bool ends);
    void come_to_end_of_suite(const boost::unit_test::test_unit& unit);
    void deny_success();
    void skip_here(const boost::unit_test::test_unit& unit, const std::string& why);
    [[nodiscard]] std::string unmet_dependency(const std::vector<unit_id>& dependencies);

    unit_id root_;
    bool has_own_main_;
    suites::running_suite suite_;
    std::unique_ptr<recorder> recorder_;
    std::vector<unit_id> ids_; ///< by position
    std::map<unit_id, std::size_t> positions_;
    /// In a worker: which units run at all.
    std::map<unit_id, boost::unit_test::test_unit::run_status> statuses_;
    run::forked_worker::meanwhile meanwhile_ = run::forked_worker::meanwhile::fixtures;
    bool denies_success_ = false; ///< where the framework is content
    std::set<unit_id> visited_;   ///< the cases that this process ran or skipped
    std::map<unit_id, std::string> failed_suites_;
};

} // namespace isolite::boost_test
