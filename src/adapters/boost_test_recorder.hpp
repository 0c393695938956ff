#pragma once

#include "suites/running_suite.hpp"

#include <boost/test/tree/observer.hpp>
#include <boost/test/unit_test_log_formatter.hpp>

#include <string>
#include <vector>

namespace isolite::boost_test {

/// What a worker records of Boost.Test. The first field of each is the id of the unit, the second
/// says whether the unit is a suite whose tests have begun: the event belongs to its end.
enum event_kind : std::uint8_t {
    assertions_event = 16, ///< the numbers of those that passed, failed and warned
    entry_event,           ///< level, file, line, text, and each frame of the context
    exception_event,       ///< code, what, file, line, function, file and line and text of the
                           ///< checkpoint, and each frame of the context
    aborted_event,
    timed_out_event,
    skipped_event, ///< the reason
};

/// Returns the lowest level of which any log of the user writes something.
[[nodiscard]] boost::unit_test::log_level level_of_the_logs();

/// Writes down what Boost.Test says in a worker: as an observer the counts, as the only log the
/// texts.
class recorder final : public boost::unit_test::test_observer {
  public:
    /// Records in a worker; tells what explains failures elsewhere.
    explicit recorder(suites::running_suite& suite) : suite_(suite) {}

    /// Replaces all logs of this process. Requires: the log is configured.
    void take_over_the_log();

    /// Listens to failures beside the logs of this process.
    void join_the_log();

    /// Returns the event of what was counted since the last one, if anything was.
    [[nodiscard]] std::vector<run::event> take_counts();

    /// Records what was counted, before whatever comes next.
    void flush();

    /// Says that the set-up of the suite that was started last is over.
    void end_set_up();

    /// Records an event of the current unit.
    void add(event_kind kind, std::vector<std::string> fields);

    /// Tells what people should read about a failure: of the running case, or of a suite.
    void explain(const std::string& text);

    void test_unit_start(const boost::unit_test::test_unit& unit) override;
    void test_unit_aborted(const boost::unit_test::test_unit& unit) override;
    void test_unit_timed_out(const boost::unit_test::test_unit& unit) override;
    void assertion_result(boost::unit_test::assertion_result result) override;

    /// After the others at the start, before them at the end.
    int priority() override { return 100; }

  private:
    [[nodiscard]] run::event made(event_kind kind, boost::unit_test::test_unit_id unit,
                                  std::vector<std::string> fields) const;

    suites::running_suite& suite_;
    boost::unit_test::test_unit_id setting_up_ = boost::unit_test::INV_TEST_UNIT_ID;
    boost::unit_test::test_unit_id counted_in_ = boost::unit_test::INV_TEST_UNIT_ID;
    unsigned long passed_ = 0;
    unsigned long failed_ = 0;
    unsigned long warned_ = 0;
};

} // namespace isolite::boost_test
