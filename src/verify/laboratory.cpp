#include "verify/laboratory.hpp"

#include "os/process_facts.hpp"
#include "run/cores.hpp"
#include "run/preparation.hpp"
#include "run/schedule.hpp"
#include "run/supervisor.hpp"
#include "verify/left_database.hpp"
#include "verify/made_directory.hpp"
#include "worker/environment.hpp"
#include "worker/forked_places.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

namespace isolite::verify {

namespace {

namespace fs = std::filesystem;
using results::outcome;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr const char* place_of_records = "ISOLITE_LEDGER";

/// Copies of the databases that lie in a directory, as long as it lives.
class copies_of_databases {
  public:
    copies_of_databases(const std::string& of, const std::string& place)
        : made_(place + "/databases") {
        std::error_code failure;
        for (const auto& [name, facts] : state_of_directory(of)) {
            const std::string from = of + "/" + name;
            if (facts.is_regular() && facts.bytes <= most_bytes && is_database(from)) {
                fs::copy_file(from, made_.path() + "/" + name, failure);
            }
        }
    }

    /// Returns where the copy is, "" if there is none.
    [[nodiscard]] std::string copy_of(const std::string& name) const {
        const std::string copy = made_.path() + "/" + name;
        return os::look_at(copy) ? copy : "";
    }

  private:
    static constexpr std::uint64_t most_bytes = 64 * 1024 * 1024;

    made_directory made_;
};

observation observed(const results::case_result& result) {
    observation seen{result.verdict, result.why, result.duration, {}, result.timed_out};
    seen.died = result.died;
    const bool has_failed = result.verdict == results::verdict::failed && result.failures > 0;
    seen.earlier_runs = std::max(result.attempts, 1U) - 1;
    seen.earlier_failures = result.failures - (has_failed ? 1 : 0);
    for (const results::event& event : result.events) {
        if (event.kind == traces_event) {
            for (trace& each : event.as<std::vector<trace>>()) {
                seen.traces.push_back(std::move(each));
            }
        } else if (event.kind == statements_event) {
            seen.statements = event.as<std::vector<std::string>>();
        } else if (event.kind == changes_event) {
            seen.databases = event.as<std::vector<sandbox::changed_database>>();
        }
    }
    for (const std::string& process : result.left_processes) {
        seen.traces.push_back(
            {trace::what::process, process.substr(process.find(' ') + 1),
             "leaves process " + process + " running"}); // by any number it is the same
    }
    return seen;
}

} // namespace

result<laboratory> laboratory::open(const std::vector<results::test_case>& cases,
                                    run::options options) {
    if (auto safe = run::check_that_forking_is_safe(); !safe) {
        return tl::unexpected(safe.error());
    }
    const unsigned cores = std::max(run::usable_cores(), 2U);
    auto places = workers::places_for_forks(
        std::max(options.workers.value_or(cores), std::max(cores, 2U)), cores);
    if (!places) {
        return tl::unexpected(places.error());
    }
    auto place = workplace::open();
    if (!place) {
        return tl::unexpected(place.error());
    }
    options.shows = {false, false, true};
    options.max_failures = 0;
    const bool has_limit = options.timeout.count() > 0;
    options.timeout = has_limit ? options.timeout : first_limit(options.budget);
    // What each of many experiments would keep is of no use to anybody.
    const auto records = workers::environment::of_process().find(place_of_records);
    os::set_variable(place_of_records, "off");
    os::set_variable("ISOLITE_EVIDENCE", "off");
    os::unset_variable("ISOLITE_VERIFY"); // programs that tests start are to run their tests
    os::unset_variable("ISOLITE_VERIFY_JSON");
    run::prepare_engines();
    run::warn_of_threads();
    laboratory made(cases, std::move(options), *std::move(places), *std::move(place));
    made.limits_by_itself_ = !has_limit;
    made.records_before_ = records;
    return made;
}

laboratory::laboratory(const std::vector<results::test_case>& cases, run::options options,
                       std::vector<worker> places, workplace place)
    : cases_(cases), options_(std::move(options)), places_(std::move(places)),
      place_(std::move(place)) {}

void laboratory::tidy_up() {
    place_.tidy_up();
    records_before_ ? os::set_variable(place_of_records, *records_before_)
                    : os::unset_variable(place_of_records);
}

experiment laboratory::run(const plan& plan) {
    return run_and_look(plan, [](const std::string& /*temporary*/) {});
}

/// `look` is called when the workers have ended, and what they made is still there.
experiment laboratory::run_and_look(const plan& plan, const last_look& look) {
    if (const auto signal = signals_->take_pending()) {
        interrupted_by_ = *signal;
    }
    if (failure_ || interrupted_by_ != 0) {
        signals_->keep_requests(); // who asks twice, as `timeout` does, is to get the report, too
        return {};
    }
    const directory_state before = state_of_directory(place_.directory());
    const temporary_directory for_temporary(place_.own(), experiments_);
    ++experiments_;
    experiment done = run_workers(plan);
    look(for_temporary.path());
    clear_away(before, done);
    return done;
}

experiment laboratory::run_workers(const plan& plan) {
    const unsigned workers = std::min(plan.workers, most_workers());
    run::schedule schedule =
        run::schedule_of(cases_, plan.order, std::vector<nanoseconds>(cases_.size()), std::nullopt);
    if (workers == 1) {
        schedule.beside_others = plan.order;
        schedule.alone.clear();
    }
    options_.conditions = plan.conditions;
    options_.reversed = plan.reversed;
    const bool is_usual = workers == 1 && plan.conditions.empty();
    options_.changes = plan.tells_rows ? sandbox::telling::kept
                       : is_usual      ? sandbox::telling::digested
                                       : sandbox::telling::untold;
    auto files = run::files_for(cases_, workers, schedule, options_);
    if (!files) {
        failure_ = files.error();
        return {};
    }
    const std::vector<worker> places(places_.begin(), places_.begin() + workers);
    run::supervisor parent(cases_, *std::move(files), places,
                           std::vector<nanoseconds>(cases_.size()));
    // Of a case that runs more than once, the last time counts.
    worker_ = parent.run(schedule.beside_others, workers, {true});
    if (!worker_ && !parent.stopped()) {
        worker_ = parent.run(schedule.alone, 1, {});
    }
    if (worker_) {
        throw became_worker();
    }
    const outcome ended = parent.finish();
    interrupted_by_ = ended.interrupted_by;
    experiment done;
    done.workers = workers;
    done.conditions = plan.conditions;
    done.order = ended.sequence;
    for (const std::size_t position : ended.sequence) {
        done.became[position] = observed(ended.results[position]);
    }
    return done;
}

std::map<std::string, std::string> laboratory::databases_left_by(std::size_t position) {
    const copies_of_databases before(place_.directory(), place_.own());
    std::map<std::string, std::string> left;
    const auto look_in = [&](const std::string& directory, bool may_be_older) {
        for (const auto& [name, facts] : state_of_directory(directory)) {
            const std::string path = directory + "/" + name;
            const std::string old = may_be_older ? before.copy_of(name) : "";
            if (facts.is_regular() && is_database(path)) {
                left[name] = what_was_left_in(path, old);
            }
        }
    };
    static_cast<void>(run_and_look({{position}, 1}, [&](const std::string& temporary) {
        look_in(place_.directory(), true);
        look_in(temporary, false);
    }));
    return left;
}

run::forked_worker laboratory::take_worker() {
    signals_->restore();
    return *std::move(worker_);
}

void laboratory::limit_times(const experiment& usual) {
    for (const auto& [position, seen] : usual.became) {
        milliseconds& limit = cases_[position].timeout;
        if (limit.count() == 0) {
            limit = limits_by_itself_ ? limit_by(seen, options_.budget) : options_.timeout;
        }
    }
}

/// Takes away what cases have made in the working directory, as far as they were seen to make it:
/// others may work there, too.
void laboratory::clear_away(const directory_state& before, const experiment& done) {
    std::set<std::string> made;
    for (const auto& [position, seen] : done.became) {
        for (const trace& each : seen.traces) {
            if (each.kind == trace::what::file && before.count(each.name) == 0) {
                made.insert(each.name);
            }
        }
    }
    made_.note(done, made);
    for (const std::string& name : made) {
        place_.put_aside(name);
    }
}

void laboratory::sort_files(verification& all) {
    for (const std::string& name : made_.names()) {
        if (made_.is_made_again(name)) {
            place_.remove(name);
        }
        if (!made_.is_of_others(name)) {
            continue;
        }
        place_.put_back(name);
        for (leftover& each : all.leftovers) {
            auto& traces = each.traces;
            traces.erase(std::remove_if(traces.begin(), traces.end(),
                                        [&name](const trace& one) {
                                            return one.is_of_file() && one.name == name;
                                        }),
                         traces.end());
        }
    }
    const auto is_empty = [](const leftover& each) { return each.traces.empty(); };
    all.leftovers.erase(std::remove_if(all.leftovers.begin(), all.leftovers.end(), is_empty),
                        all.leftovers.end());
}

} // namespace isolite::verify
