#include <isolite/boost_test.hpp>

#include "adapters/boost_test_shard.hpp"
#include "session/suite_process.hpp"

#include <boost/cstdlib.hpp>
#include <boost/test/framework.hpp>
#include <boost/test/tree/observer.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdio>
#include <cstdlib>
#include <optional>

namespace isolite::boost_test {

namespace {

namespace unit_test = boost::unit_test;

class boost_framework final : public framework {
  public:
    [[nodiscard]] std::string current_test() const override {
        return unit_test::framework::current_test_unit().full_name();
    }

    void fail(const std::string& message) noexcept override {
        // As BOOST_ERROR does, but at the place of the test case.
        const unit_test::test_unit& test = unit_test::framework::current_test_unit();
        boost::test_tools::tt_detail::report_assertion(
            boost::test_tools::assertion_result(false),
            unit_test::lazy_ostream::instance() << message, test.p_file_name, test.p_line_num,
            boost::test_tools::tt_detail::CHECK, boost::test_tools::tt_detail::CHECK_MSG, 0);
    }
};

/// Takes part in the run: shards at its start, timeouts at the end of a case, summary at its end.
class observer final : public unit_test::test_observer {
  public:
    void test_start(unit_test::counter_t /*cases*/, unit_test::test_unit_id root) override {
        auto started = suite_process::start();
        if (!started) {
            // Boost.Test loses the text of what is thrown here, or puts it before the XML.
            std::fprintf(stderr, "isolite: %s\n", started.error().text().c_str());
            std::exit(boost::exit_exception_failure);
        }
        process_ = *started;
        disable_other_shards(root, process_->shard());
    }

    void test_unit_finish(const unit_test::test_unit& unit, unsigned long /*elapsed*/) override {
        // The timeout leaves a test by a long jump, past the destructors of its fixtures.
        if (unit.p_type != unit_test::TUT_CASE) {
            return;
        }
        if (const auto abandoned = suite_process::abandon_sessions(unit.full_name()); !abandoned) {
            adapter().fail(abandoned.error().text());
        }
    }

    void test_finish() override {
        if (process_) {
            process_->finish();
        }
    }

    int priority() override {
        // Boost.Test's own observer of set-up has priority 0 and forgets to initialise its flag:
        // an observer that starts before it makes the whole run fail by chance.
        return 1;
    }

  private:
    std::optional<suite_process> process_;
};

} // namespace

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
