#include <isolite/boost_test.hpp>

#include "adapters/boost_test_cases.hpp"
#include "adapters/boost_test_observers.hpp"
#include "adapters/boost_test_run.hpp"
#include "adapters/boost_test_tree.hpp"
#include "error/warning.hpp"
#include "run/command_line.hpp"
#include "suites/runs_of_process.hpp"
#include "suites/suite_process.hpp"
#include "worker/process_exit.hpp"

#include <isolite/command_line.hpp>

#include <boost/cstdlib.hpp>
#include <boost/test/framework.hpp>
#include <boost/test/results_collector.hpp>
#include <boost/test/tree/observer.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>

namespace isolite::boost_test {

namespace {

namespace unit_test = boost::unit_test;

/// Returns the first value that `found` has for the running unit or a suite around it, from the
/// inside out; null if it has none.
template <typename Find>
auto nearest(Find found) -> decltype(found(unit_test::test_unit_id())) {
    for (auto id = unit_test::framework::current_test_unit().p_id.get();
         id != unit_test::INV_TEST_UNIT_ID;
         id = unit_test::framework::get(id, unit_test::TUT_ANY).p_parent_id) {
        if (const auto value = found(id)) {
            return value;
        }
    }
    return {};
}

class boost_framework final : public framework {
  public:
    [[nodiscard]] std::string current_test() const override {
        const unit_test::test_unit& unit = unit_test::framework::current_test_unit();
        boost_run* const run = boost_run::current();
        if (run && !run->failed_suites().empty()) {
            const auto& failed = run->failed_suites();
            const std::string why =
                nearest([&failed](unit_test::test_unit_id id) {
                    const auto found = failed.find(id);
                    return found == failed.end() ? std::optional<std::string>() : found->second;
                }).value_or("");
            if (!why.empty()) {
                throw setup_error("cannot open a session for '" + unit.full_name() + "': " + why);
            }
        }
        return unit.full_name();
    }

    [[nodiscard]] std::optional<mode> chosen_mode() const override {
        const auto& marks = marks_of_units();
        if (marks.empty()) {
            return std::nullopt;
        }
        return nearest([&marks](unit_test::test_unit_id id) {
            const auto found = marks.find(id);
            return found == marks.end() ? std::optional<mode>() : found->second.mode;
        });
    }

    [[nodiscard]] bool failing() const override {
        const auto id = unit_test::framework::current_test_unit().p_id;
        return unit_test::results_collector.results(id).p_assertions_failed > 0;
    }

    void fail(const std::string& message) noexcept override {
        // As BOOST_ERROR does, but at the place of the test case.
        const unit_test::test_unit& test = unit_test::framework::current_test_unit();
        if (test.p_type == unit_test::TUT_CASE && test.p_expected_failures > 0) {
            boost_run::current()->fail_unforgiven(test, message);
            return;
        }
        boost::test_tools::tt_detail::report_assertion(
            boost::test_tools::assertion_result(false),
            unit_test::lazy_ostream::instance() << message, test.p_file_name, test.p_line_num,
            boost::test_tools::tt_detail::CHECK, boost::test_tools::tt_detail::CHECK_MSG, 0);
    }

    void note(const std::string& message) noexcept override {
        const unit_test::test_unit& test = unit_test::framework::current_test_unit();
        unit_test::unit_test_log << unit_test::log::begin(test.p_file_name, test.p_line_num)
                                 << unit_test::log_all_errors << message << unit_test::log::end();
    }

    [[nodiscard]] std::string way_to_commit() const override {
        return "decorate the test with "
               "*isolite::boost_test::isolated(isolite::mode::copy_on_write)";
    }
};

/// The timeout leaves a test by a long jump, past the destructors of its fixtures.
void abandon_sessions(const unit_test::test_unit& test) {
    if (const auto abandoned = suites::suite_process::abandon_sessions(test.full_name());
        !abandoned) {
        adapter().fail(abandoned.error().text());
    }
}

/// The outermost fixture of the case that runs: it is ended when all others are gone, and the logs
/// have not yet heard that the case is over.
class outermost_fixture final : public unit_test::test_unit_fixture {
  public:
    void setup() override {}
    void teardown() override {
        const unit_test::test_unit& test = unit_test::framework::current_test_unit();
        abandon_sessions(test);
        if (test.p_expected_failures > 0) {
            return; // what is forgiven fails the case when it has ended
        }
        suites::running_suite& suite = boost_run::current()->suite();
        const bool has_failed = adapter().failing();
        if (const std::string found = suite.end_pass(has_failed); !found.empty()) {
            adapter().fail(found);
        }
        if (!observers_of_the_user().empty()) { // who may open files
            suite.begin_again(has_failed);
        }
    }
};

/// Takes part in the run: shards at its start, timeouts at the end of a case, summary at its end.
class observer final : public unit_test::test_observer {
  public:
    void test_start(unit_test::counter_t /*cases*/, unit_test::test_unit_id root) override {
        if (run_ && run_->is_in_worker()) {
            run_->begin_next_pass();
            return;
        }
        static const bool has_own_main = isolite::run::taken_of_process().is_asked;
        run_ = std::make_unique<boost_run>(root, has_own_main);
        if (const auto started = take_parameters().and_then([this] { return run_->start(); });
            !started) {
            // Boost.Test loses the text of what is thrown here, or puts it before the XML.
            warnings::complain(started.error().text());
            workers::leave_process(boost::exit_exception_failure);
        }
    }

    void test_unit_start(const unit_test::test_unit& unit) override {
        run_->unit_started(unit);
        if (unit.p_type == unit_test::TUT_CASE && !run_->suite().outcome()) {
            auto& fixtures = writable(unit.p_fixtures);
            fixtures.insert(fixtures.begin(), outermost_);
        }
    }

    void test_unit_finish(const unit_test::test_unit& unit, unsigned long /*elapsed*/) override {
        if (unit.p_type == unit_test::TUT_CASE) {
            abandon_sessions(unit); // after an error with which fixtures are not ended, either
            auto& fixtures = writable(unit.p_fixtures);
            fixtures.erase(std::remove(fixtures.begin(), fixtures.end(), outermost_),
                           fixtures.end());
        }
        run_->unit_finished(unit);
    }

    void test_unit_skipped(const unit_test::test_unit& unit,
                           unit_test::const_string reason) override {
        run_->unit_skipped(unit, std::string(reason.begin(), reason.size()));
    }

    void test_finish() override {
        // Past the destructors of Boost.Test, which crash when the log goes to a file.
        if (const int status = run_ ? run_->finish() : 0; status != 0) {
            workers::leave_process(status);
        }
    }

    int priority() override {
        // Boost.Test's own observer of set-up has priority 0 and forgets to initialise its flag:
        // an observer that starts before it makes the whole run fail by chance.
        return 1;
    }

  private:
    /// Takes the options that stand behind a `--`, which Boost.Test leaves to the program.
    static result<void> take_parameters() {
        auto& suite = unit_test::framework::master_test_suite();
        return take_options(suite.argc, suite.argv);
    }

    std::unique_ptr<boost_run> run_;
    unit_test::test_unit_fixture_ptr outermost_ = boost::make_shared<outermost_fixture>();
};

} // namespace

std::map<boost::unit_test::test_unit_id, case_marks>& marks_of_units() {
    static std::map<boost_run::unit_id, case_marks> marks; // made before `main`
    return marks;
}

void isolated::apply(unit_test::test_unit& unit) {
    marks_of_units()[unit.p_id].mode = chosen_;
}

unit_test::decorator::base_ptr isolated::clone() const {
    return boost::make_shared<isolated>(chosen_);
}

void uses::apply(unit_test::test_unit& unit) {
    marks_of_units()[unit.p_id].resources.push_back(resource_);
}

unit_test::decorator::base_ptr uses::clone() const {
    return boost::make_shared<uses>(resource_);
}

void serial::apply(unit_test::test_unit& unit) {
    marks_of_units()[unit.p_id].serial = true;
}

unit_test::decorator::base_ptr serial::clone() const {
    return boost::make_shared<serial>();
}

int run(bool (*init)(), int argc, char** argv) {
    return suites::run_with_options(argc, argv,
                                    [&] { return unit_test::unit_test_main(init, argc, argv); });
}

void suite_data::setup() {
    // Boost.Test would end the process for an exception that leaves a suite's set-up.
    std::string why;
    try {
        data_ = make_();
        return;
    } catch (const std::exception& problem) {
        why = problem.what();
    } catch (...) {
        why = "it threw something that is no exception";
    }
    const unit_test::test_unit& suite = unit_test::framework::current_test_unit();
    boost_run::current()->failed_suites()[suite.p_id] =
        "the fixture of the suite '" + suite.full_name() + "' failed: " + why;
    adapter().fail("cannot set up the suite '" + suite.full_name() + "': " + why);
}

void suite_data::teardown() {
    data_.reset();
}

framework& adapter() {
    static boost_framework instance;
    return instance;
}

bool install() {
    static observer instance;
    static const bool registered = [] {
        unit_test::framework::register_observer(instance);
        isolite::run::claim_files_of_variable();
        return true;
    }();
    return registered;
}

} // namespace isolite::boost_test
