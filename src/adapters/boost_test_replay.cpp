#include "adapters/boost_test_replay.hpp"

#include "adapters/boost_test_cases.hpp"
#include "adapters/boost_test_recorder.hpp"
#include "adapters/boost_test_tree.hpp"
#include "run/parallel_run.hpp"

#include <boost/make_shared.hpp>
#include <boost/test/execution_monitor.hpp>
#include <boost/test/framework.hpp>
#include <boost/test/results_collector.hpp>
#include <boost/test/unit_test_log.hpp>

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace isolite::boost_test {

namespace {

using boost::execution_exception;
using unit_test::test_unit_id;

/// Adds the frames of a context, for as long as it lives.
class context {
  public:
    explicit context(const std::vector<std::string>& frames) {
        for (const std::string& frame : frames) {
            ids_.push_back(unit_test::framework::add_context(
                unit_test::lazy_ostream::instance() << frame, true));
        }
    }
    ~context() {
        for (const int id : ids_) {
            unit_test::framework::clear_context(id);
        }
    }
    context(const context&) = delete;
    context& operator=(const context&) = delete;

  private:
    std::vector<int> ids_;
};

void say(const said_assertions& said) {
    const std::pair<unit_test::assertion_result, unsigned long> results[] = {
        {unit_test::AR_PASSED, said.passed},
        {unit_test::AR_FAILED, said.failed},
        {unit_test::AR_TRIGGERED, said.warned}};
    for (const auto& [result, count] : results) {
        for (unsigned long left = count; left > 0; --left) {
            unit_test::framework::assertion_result(result);
        }
    }
}

void say(const said_entry& said) {
    const context frames(said.frames);
    unit_test::unit_test_log << unit_test::log::begin(said.file, said.line) << said.level
                             << (unit_test::lazy_ostream::instance() << said.text)
                             << unit_test::log::end();
}

void say(const said_exception& said) {
    const context frames(said.frames);
    unit_test::unit_test_log.set_checkpoint(said.checkpoint_file, said.checkpoint_line,
                                            said.checkpoint);
    unit_test::framework::exception_caught(execution_exception(
        said.code, said.what,
        execution_exception::location(unit_test::const_string(said.file), said.line,
                                      said.function.empty() ? nullptr : said.function.c_str())));
}

void say(const results::event& event) {
    switch (event.kind) {
    case assertions_event:
        say(event.as<said_assertions>());
        break;
    case entry_event:
        say(event.as<said_entry>());
        break;
    case exception_event:
        say(event.as<said_exception>());
        break;
    case aborted_event:
        unit_test::framework::test_unit_aborted(unit_test::framework::current_test_unit());
        break;
    default:
        break;
    }
}

/// Says how the worker of a case died in it.
void say_death(const unit_test::test_unit& unit, const results::case_result& result) {
    unit_test::framework::exception_caught(execution_exception(
        result.timed_out ? execution_exception::timeout_error
                         : execution_exception::system_fatal_error,
        result.death, execution_exception::location(unit.p_file_name, unit.p_line_num)));
    unit_test::framework::test_unit_aborted(unit);
}

/// The body of a case.
void say_case(const results::case_result& result) {
    const unit_test::test_unit& unit = unit_test::framework::current_test_unit();
    if (result.verdict == results::verdict::failed) {
        results::show_output(unit.full_name(), result);
    }
    for (const results::event& event : result.events) {
        say(event);
    }
    if (!result.death.empty()) {
        say_death(unit, result);
    }
}

/// What a process of a worker said while it began a suite, and while it ended it.
struct suite_events {
    std::vector<results::event> beginning;
    std::vector<results::event> end;
};

/// The fixture of a suite: says what its real ones said in a worker.
class said_fixture final : public unit_test::test_unit_fixture {
  public:
    explicit said_fixture(suite_events events) : events_(std::move(events)) {}

  private:
    void setup() override { say_all(events_.beginning); }
    void teardown() override { say_all(events_.end); }

    static void say_all(const std::vector<results::event>& events) {
        for (const results::event& event : events) {
            say(event);
        }
    }

    suite_events events_;
};

bool is_failure(const results::event& event) {
    return event.kind == exception_event || event.kind == aborted_event ||
           (event.kind == assertions_event && event.as<said_assertions>().failed > 0);
}

/// Keeps what was said first: a process that was killed never came to the end of its suites. What
/// failed in any process is not to be lost, though.
void keep(std::vector<results::event>& kept, std::vector<results::event> said) {
    const auto fails = [](const std::vector<results::event>& events) {
        return std::any_of(events.begin(), events.end(), is_failure);
    };
    if (kept.empty() || (!fails(kept) && fails(said))) {
        kept = std::move(said);
    }
}

using events_of_suites = std::map<test_unit_id, suite_events>;

events_of_suites events_outside(const results::outcome& outcome) {
    events_of_suites all;
    for (const std::vector<results::event>& process : outcome.outside) {
        events_of_suites here;
        for (const results::event& event : process) {
            const auto place = event.as<said_in>();
            suite_events& of_suite = here[place.unit];
            (place.at_its_end ? of_suite.end : of_suite.beginning).push_back(event);
        }
        for (auto& [suite, events] : here) {
            keep(all[suite].beginning, std::move(events.beginning));
            keep(all[suite].end, std::move(events.end));
        }
    }
    return all;
}

/// Adds that workers died in the fixtures of suites, as Boost.Test tells of a crash there.
void add_deaths(events_of_suites& events, const results::outcome& outcome, test_unit_id root) {
    const std::vector<test_unit_id> suites = enabled_suites(root);
    for (const results::fixture_death& death : outcome.deaths_in_fixtures) {
        const auto found = std::find_if(suites.begin(), suites.end(), [&](test_unit_id suite) {
            return name_of_suite(unit_of(suite)) == death.failure.suite;
        });
        const test_unit_id id = found == suites.end() ? root : *found;
        const unit_test::test_unit& suite = unit_of(id);
        const said_in place{id, true};
        said_exception said{};
        said.place = place;
        said.code = execution_exception::system_fatal_error;
        said.what = death.failure.why;
        said.file.assign(suite.p_file_name.begin(), suite.p_file_name.size());
        said.line = suite.p_line_num;
        events[id].end.push_back(results::event::of(exception_event, said));
        events[id].end.push_back(results::event::of(aborted_event, said_nothing{place}));
    }
}

std::optional<std::string> skip_reason(const std::vector<results::event>& events) {
    for (const results::event& event : events) {
        if (event.kind == skipped_event) {
            return event.as<said_skipped>().why;
        }
    }
    return std::nullopt;
}

void prepare_case(test_unit_id id, const results::case_result& result) {
    auto& unit = static_cast<unit_test::test_case&>(unit_of(id));
    writable(unit.p_test_func) = [&result] { say_case(result); };
    unit.p_fixtures.value.clear();
    unit.p_timeout.value = 0;
    auto& preconditions = writable(unit.p_preconditions);
    preconditions.clear();
    if (result.verdict == results::verdict::skipped ||
        result.verdict == results::verdict::not_run) {
        preconditions.emplace_back([&result](test_unit_id) {
            return refusal(result.verdict == results::verdict::not_run ? "not run" : result.why);
        });
    }
    if (result.verdict == results::verdict::left_out) {
        unit.p_run_status.value = unit_test::test_unit::RS_DISABLED;
    }
}

void prepare_suite(test_unit_id id, const events_of_suites& events,
                   const std::set<test_unit_id>& ran) {
    unit_test::test_unit& unit = unit_of(id);
    unit.p_timeout.value = 0;
    writable(unit.p_preconditions).clear();
    const auto found = events.find(id);
    const auto said = found == events.end() ? suite_events() : found->second;
    const auto reason = skip_reason(said.beginning);
    if (reason && ran.count(id) == 0) {
        writable(unit.p_preconditions).emplace_back([why = *reason](test_unit_id) {
            return refusal(why);
        });
    }
    // Checked when the framework has given the outermost suite the global fixtures, and before
    // any fixture runs.
    writable(unit.p_preconditions).emplace_back([said](test_unit_id suite) {
        auto& fixtures = unit_of(suite).p_fixtures.value;
        fixtures.clear();
        if (!said.beginning.empty() || !said.end.empty()) {
            fixtures.push_back(boost::make_shared<said_fixture>(said));
        }
        return boost::test_tools::assertion_result(true);
    });
}

/// Returns the cases that became one of these, and the suites around them.
std::set<test_unit_id> units_that_became(std::initializer_list<results::verdict> wanted,
                                         const std::vector<test_unit_id>& cases,
                                         const results::outcome& outcome) {
    std::set<test_unit_id> found;
    for (std::size_t position = 0; position < cases.size(); ++position) {
        const results::verdict became = outcome.results[position].verdict;
        if (std::find(wanted.begin(), wanted.end(), became) == wanted.end()) {
            continue;
        }
        for (test_unit_id id = cases[position];
             id != unit_test::INV_TEST_UNIT_ID && found.insert(id).second;
             id = unit_of(id).p_parent_id) {
        }
    }
    return found;
}

} // namespace

void replay(test_unit_id root, const std::vector<test_unit_id>& cases,
            const results::outcome& outcome) {
    events_of_suites events = events_outside(outcome);
    add_deaths(events, outcome, root);
    using results::verdict;
    // What was skipped in one round may have run in another.
    const auto ran = units_that_became({verdict::passed, verdict::failed}, cases, outcome);
    for (const test_unit_id suite : enabled_suites(root)) {
        prepare_suite(suite, events, ran);
    }
    // What it depends on may have failed in another round, but its failure is to be told.
    for (const test_unit_id unit : units_that_became({verdict::failed}, cases, outcome)) {
        writable(unit_of(unit).p_dependencies).clear();
    }
    for (std::size_t position = 0; position < cases.size(); ++position) {
        prepare_case(cases[position], outcome.results[position]);
    }
}

} // namespace isolite::boost_test
