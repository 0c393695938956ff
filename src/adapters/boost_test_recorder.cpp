#include "adapters/boost_test_recorder.hpp"

#include "adapters/boost_test_tree.hpp"
#include "os/process_tree.hpp"

#include <boost/test/execution_monitor.hpp>
#include <boost/test/framework.hpp>
#include <boost/test/tree/test_unit.hpp>
#include <boost/test/unit_test_log.hpp>
#include <boost/test/unit_test_parameters.hpp>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace isolite::boost_test {

namespace {

namespace unit_test = boost::unit_test;
namespace runtime_config = unit_test::runtime_config;

std::string text_of(const unit_test::const_string& text) {
    return std::string(text.begin(), text.size());
}

std::string place(const std::string& file, std::size_t line) {
    return file + "(" + std::to_string(line) + "): ";
}

/// The log of a worker: hands every entry to the recorder.
class recording_log final : public unit_test::unit_test_log_formatter {
  public:
    explicit recording_log(recorder& recorder) : recorder_(recorder) {}

    void log_start(std::ostream& /*sink*/, unit_test::counter_t /*cases*/) override {}
    void log_finish(std::ostream& /*sink*/) override {}
    void log_build_info(std::ostream& /*sink*/, bool /*wanted*/) override {}
    void test_unit_start(std::ostream& /*sink*/, const unit_test::test_unit& /*unit*/) override {}
    void test_unit_finish(std::ostream& /*sink*/, const unit_test::test_unit& /*unit*/,
                          unsigned long /*elapsed*/) override {}

    void log_exception_start(std::ostream& /*sink*/,
                             const unit_test::log_checkpoint_data& checkpoint,
                             const boost::execution_exception& problem) override {
        const auto& where = problem.where();
        exception_ = {{},
                      problem.code(),
                      text_of(problem.what()),
                      text_of(where.m_file_name),
                      where.m_line_num,
                      text_of(where.m_function),
                      text_of(checkpoint.m_file_name),
                      checkpoint.m_line_num,
                      checkpoint.m_message,
                      {}};
    }
    void log_exception_finish(std::ostream& /*sink*/) override {
        explain(exception_.what);
        exception_.frames = std::exchange(frames_, {});
        recorder_.add(exception_event, exception_);
    }

    void log_entry_start(std::ostream& /*sink*/, const unit_test::log_entry_data& entry,
                         log_entry_types type) override {
        entry_ = {{}, entry.m_level, entry.m_file_name, entry.m_line_num, "", {}};
        is_failure_ = type == BOOST_UTL_ET_ERROR || type == BOOST_UTL_ET_FATAL_ERROR;
    }
    using unit_test::unit_test_log_formatter::log_entry_value;
    void log_entry_value(std::ostream& /*sink*/, unit_test::const_string value) override {
        entry_.text.append(value.begin(), value.size());
    }
    void log_entry_finish(std::ostream& /*sink*/) override {
        if (entry_.file == "boost.test framework") {
            return; // the framework in the parent comes to say it as well
        }
        if (is_failure_) {
            explain(place(entry_.file, entry_.line) + entry_.text);
        }
        entry_.frames = std::exchange(frames_, {});
        recorder_.add(entry_event, entry_);
    }

    void entry_context_start(std::ostream& /*sink*/, unit_test::log_level /*level*/) override {}
    void log_entry_context(std::ostream& /*sink*/, unit_test::log_level /*level*/,
                           unit_test::const_string frame) override {
        frames_.push_back(text_of(frame));
    }
    void entry_context_finish(std::ostream& /*sink*/, unit_test::log_level /*level*/) override {}

  private:
    void explain(std::string text) const {
        for (const std::string& frame : frames_) {
            text += "\n    " + frame;
        }
        recorder_.explain(text);
    }

    recorder& recorder_;
    said_exception exception_{};
    said_entry entry_{};
    std::vector<std::string> frames_; ///< of the context
    bool is_failure_ = false;
};

/// Says whether `--logger` was given, which Boost.Test takes from `--logg` on. Asking the framework
/// for a parameter of texts throws where it was built with gcc and this with clang: they disagree
/// about the name of a variable by which it tells types apart.
bool has_combined_loggers() {
    const auto arguments = os::this_process().arguments;
    return std::getenv("BOOST_TEST_LOGGER") != nullptr ||
           std::any_of(arguments.begin(), arguments.end(), [](const std::string& argument) {
               return argument.compare(0, std::strlen("--logg"), "--logg") == 0;
           });
}

} // namespace

unit_test::log_level level_of_the_logs() {
    unit_test::unit_test_log_t& log = unit_test::unit_test_log;
    if (has_combined_loggers()) {
        return unit_test::log_successful_tests; // each has a level of its own
    }
    const auto format =
        runtime_config::get<unit_test::output_format>(runtime_config::btrt_log_format);
    unit_test::log_level level = log.get_formatter(format)->get_log_level();
    if (auto* const custom = log.get_formatter(unit_test::OF_CUSTOM_LOGGER)) {
        level = std::min(level, custom->get_log_level());
    }
    return level;
}

void recorder::take_over_the_log() {
    unit_test::unit_test_log_t& log = unit_test::unit_test_log;
    // Failures are recorded even if the user wants to see nothing: the reports need them.
    const unit_test::log_level level = std::min(level_of_the_logs(), unit_test::log_all_errors);
    log.set_formatter(new recording_log(*this));
    log.set_threshold_level(unit_test::OF_CUSTOM_LOGGER, level);
    log.configure();
}

void recorder::join_the_log() {
    unit_test::unit_test_log_t& log = unit_test::unit_test_log;
    if (log.get_formatter(unit_test::OF_CUSTOM_LOGGER) != nullptr && !suite_.writes_report()) {
        return; // there can be one only, and what the user's shows matters more
    }
    log.add_formatter(new recording_log(*this)); // its own level is that of errors
    log.configure();
}

std::vector<results::event> recorder::take_counts() {
    if (counts_.passed + counts_.failed + counts_.warned == 0) {
        return {};
    }
    return {results::event::of(assertions_event, std::exchange(counts_, {}))};
}

void recorder::flush() {
    for (results::event& counts : take_counts()) {
        if (run::forked_worker* const worker = suite_.worker()) {
            worker->record(std::move(counts));
        }
    }
}

said_in recorder::here() const {
    const unit_test::test_unit_id unit = unit_test::framework::current_test_unit().p_id;
    return {unit, unit != setting_up_};
}

void recorder::end_set_up() {
    flush();
    setting_up_ = unit_test::INV_TEST_UNIT_ID;
}

void recorder::explain(const std::string& text) {
    const unit_test::test_unit& unit = unit_test::framework::current_test_unit();
    if (unit.p_type == unit_test::TUT_SUITE) {
        suite_.fail_outside({name_of_suite(unit), text_of(unit.p_file_name),
                             static_cast<unsigned>(unit.p_line_num), text});
    } else {
        suite_.explain(text);
    }
}

void recorder::test_unit_start(const unit_test::test_unit& unit) {
    flush();
    setting_up_ = unit.p_id;
}

void recorder::test_unit_aborted(const unit_test::test_unit& /*unit*/) {
    add(aborted_event, said_nothing{});
}

void recorder::test_unit_timed_out(const unit_test::test_unit& /*unit*/) {
    add(timed_out_event, said_nothing{});
}

void recorder::assertion_result(unit_test::assertion_result result) {
    if (counts_.passed + counts_.failed + counts_.warned == 0) {
        counts_.place = here();
    }
    switch (result) {
    case unit_test::AR_PASSED:
        ++counts_.passed;
        return; // there may be millions
    case unit_test::AR_FAILED:
        ++counts_.failed;
        break;
    case unit_test::AR_TRIGGERED:
        ++counts_.warned;
        break;
    }
    flush();
}

} // namespace isolite::boost_test
