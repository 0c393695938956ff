#pragma once

#include "suites/running_suite.hpp"

#include <boost/test/execution_monitor.hpp>
#include <boost/test/tree/observer.hpp>
#include <boost/test/unit_test_log_formatter.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace isolite::boost_test {

/// What a worker records of Boost.Test.
enum event_kind : std::uint8_t {
    assertions_event = 16,
    entry_event,
    exception_event,
    aborted_event,   ///< said_nothing
    timed_out_event, ///< said_nothing
    skipped_event,
};

/// What the value of each event begins with.
struct said_in {
    boost::unit_test::test_unit_id unit;
    bool at_its_end; ///< It is a suite, whose tests have begun.
};

struct said_nothing {
    said_in place;
};

struct said_assertions {
    said_in place;
    unsigned long passed;
    unsigned long failed;
    unsigned long warned;
};

/// An entry of the log.
struct said_entry {
    said_in place;
    boost::unit_test::log_level level;
    std::string file;
    std::size_t line;
    std::string text;
    std::vector<std::string> frames; ///< of the context
};

struct said_exception {
    said_in place;
    boost::execution_exception::error_code code;
    std::string what;
    std::string file;
    std::size_t line;
    std::string function;
    std::string checkpoint_file;
    std::size_t checkpoint_line;
    std::string checkpoint;
    std::vector<std::string> frames; ///< of the context
};

struct said_skipped {
    said_in place;
    std::string why;
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
    [[nodiscard]] std::vector<results::event> take_counts();

    /// Records what was counted, before whatever comes next.
    void flush();

    /// Says that the set-up of the suite that was started last is over.
    void end_set_up();

    /// Records an event of the current unit, whose value says where it is.
    template <typename Value>
    void add(event_kind kind, Value value) {
        flush();
        if (run::forked_worker* const worker = suite_.worker()) {
            value.place = here();
            worker->record(results::event::of(kind, value));
        }
    }

    /// Tells what people should read about a failure: of the running case, or of a suite.
    void explain(const std::string& text);

    void test_unit_start(const boost::unit_test::test_unit& unit) override;
    void test_unit_aborted(const boost::unit_test::test_unit& unit) override;
    void test_unit_timed_out(const boost::unit_test::test_unit& unit) override;
    void assertion_result(boost::unit_test::assertion_result result) override;

    /// After the others at the start, before them at the end.
    int priority() override { return 100; }

  private:
    [[nodiscard]] said_in here() const;

    suites::running_suite& suite_;
    boost::unit_test::test_unit_id setting_up_ = boost::unit_test::INV_TEST_UNIT_ID;
    said_assertions counts_{};
};

} // namespace isolite::boost_test
