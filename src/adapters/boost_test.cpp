#include <isolite/boost_test.hpp>

#include "adapters/boost_test_shard.hpp"
#include "adapters/boost_test_workers.hpp"
#include "error/utf8.hpp"
#include "sandbox/suite_process.hpp"
#include "worker/forked_places.hpp"

#include <isolite/command_line.hpp>

#include <boost/cstdlib.hpp>
#include <boost/test/framework.hpp>
#include <boost/test/results_collector.hpp>
#include <boost/test/tree/observer.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>

namespace isolite::boost_test {

namespace {

namespace unit_test = boost::unit_test;

template <typename Value>
using by_unit = std::map<unit_test::test_unit_id, Value>;

/// The modes that decorators chose.
by_unit<mode>& chosen_modes() {
    static by_unit<mode> modes;
    return modes;
}

/// The suites whose fixture could not be made, and why.
by_unit<std::string>& failed_suites() {
    static by_unit<std::string> suites;
    return suites;
}

/// Returns what is kept for the running unit or the nearest suite around it, or null.
template <typename Value>
const Value* nearest(const by_unit<Value>& kept) {
    if (kept.empty()) {
        return nullptr;
    }
    for (auto id = unit_test::framework::current_test_unit().p_id.get();
         id != unit_test::INV_TEST_UNIT_ID;
         id = unit_test::framework::get(id, unit_test::TUT_ANY).p_parent_id) {
        if (const auto found = kept.find(id); found != kept.end()) {
            return &found->second;
        }
    }
    return nullptr;
}

class boost_framework final : public framework {
  public:
    [[nodiscard]] std::string current_test() const override {
        const unit_test::test_unit& unit = unit_test::framework::current_test_unit();
        if (const std::string* const why = nearest(failed_suites())) {
            throw setup_error("cannot open a session for '" + unit.full_name() + "': " + *why);
        }
        return unit.full_name();
    }

    [[nodiscard]] std::optional<mode> chosen_mode() const override {
        const mode* const chosen = nearest(chosen_modes());
        return chosen ? std::optional<mode>(*chosen) : std::nullopt;
    }

    [[nodiscard]] bool failing() const override {
        const auto id = unit_test::framework::current_test_unit().p_id;
        return unit_test::results_collector.results(id).p_assertions_failed > 0;
    }

    void fail(const std::string& message) noexcept override {
        // As BOOST_ERROR does, but at the place of the test case.
        const unit_test::test_unit& test = unit_test::framework::current_test_unit();
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
};

/// Takes part in the run: shards at its start, timeouts at the end of a case, summary at its end.
class observer final : public unit_test::test_observer {
  public:
    void test_start(unit_test::counter_t /*cases*/, unit_test::test_unit_id root) override {
        auto started = suite_process::start();
        if (!started) {
            give_up(started.error());
        }
        process_ = *started;
        disable_other_shards(root, *process_);
        const auto started_workers =
            take_parameters()
                .and_then([] { return run::chosen_options(detail::environment::of_process()); })
                .and_then([&](run::options options) {
                    options.summary = process_->wants_summary();
                    workers_ = std::make_unique<workers>(root);
                    return workers_->start(options);
                });
        if (!started_workers) {
            give_up(started_workers.error());
        }
    }

    void test_unit_start(const unit_test::test_unit& unit) override {
        workers_->unit_started(unit);
    }

    void test_unit_finish(const unit_test::test_unit& unit, unsigned long /*elapsed*/) override {
        // The timeout leaves a test by a long jump, past the destructors of its fixtures.
        if (unit.p_type == unit_test::TUT_CASE) {
            if (const auto abandoned = suite_process::abandon_sessions(unit.full_name());
                !abandoned) {
                adapter().fail(abandoned.error().text());
            }
        }
        workers_->unit_finished(unit);
    }

    void test_unit_skipped(const unit_test::test_unit& unit,
                           unit_test::const_string reason) override {
        workers_->unit_skipped(unit, std::string(reason.begin(), reason.size()));
    }

    void test_finish() override {
        if (!process_) {
            return;
        }
        const int status = workers_->finish();
        process_->finish();
        if (status != 0) {
            leave(status);
        }
    }

    int priority() override {
        // Boost.Test's own observer of set-up has priority 0 and forgets to initialise its flag:
        // an observer that starts before it makes the whole run fail by chance.
        return 1;
    }

  private:
    /// Ends the process past the destructors of Boost.Test, which crash when the log goes to a
    /// file.
    [[noreturn]] static void leave(int status) {
        std::fflush(nullptr);
        detail::give_up_places();
        std::_Exit(status);
    }

    [[noreturn]] static void give_up(const error& problem) {
        // Boost.Test loses the text of what is thrown here, or puts it before the XML.
        std::fprintf(stderr, "isolite: %s\n", printable_lines(problem.text()).c_str());
        leave(boost::exit_exception_failure);
    }

    /// Takes the options that stand behind a `--`, which Boost.Test leaves to the program.
    static result<void> take_parameters() {
        auto& suite = unit_test::framework::master_test_suite();
        return take_options(suite.argc, suite.argv);
    }

    std::optional<suite_process> process_;
    std::unique_ptr<workers> workers_;
};

} // namespace

void isolated::apply(unit_test::test_unit& unit) {
    chosen_modes()[unit.p_id] = chosen_;
}

unit_test::decorator::base_ptr isolated::clone() const {
    return boost::make_shared<isolated>(chosen_);
}

void uses::apply(unit_test::test_unit& unit) {
    marks::made().resources[unit.p_id].push_back(resource_);
}

unit_test::decorator::base_ptr uses::clone() const {
    return boost::make_shared<uses>(resource_);
}

void serial::apply(unit_test::test_unit& unit) {
    marks::made().serial.insert(unit.p_id);
}

unit_test::decorator::base_ptr serial::clone() const {
    return boost::make_shared<serial>();
}

int run(bool (*init)(), int argc, char** argv) {
    if (const auto taken = take_options(argc, argv); !taken) {
        std::fprintf(stderr, "isolite: %s\n", printable_lines(taken.error().text()).c_str());
        return 2;
    }
    return unit_test::unit_test_main(init, argc, argv);
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
    failed_suites()[suite.p_id] =
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
        return true;
    }();
    return registered;
}

} // namespace isolite::boost_test
