#include "verify/verification_run.hpp"

#include "error/warning.hpp"
#include "os/own_process.hpp"
#include "os/terminal.hpp"
#include "os/whole_file.hpp"
#include "results/junit.hpp"
#include "results/reports.hpp"
#include "verify/conditions_to_try.hpp"
#include "verify/laboratory.hpp"
#include "verify/report.hpp"
#include "verify/verified_outcome.hpp"
#include "verify/verifier.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <set>
#include <utility>

namespace isolite::verify {

namespace {

using clock = std::chrono::steady_clock;
using std::chrono::nanoseconds;

/// Fails where somebody asks for what a verification decides itself.
result<void> check_options(const run::options& options) {
    const std::array<std::pair<const char*, bool>, 6> others = {
        {{"--in-order", !options.order.empty()},
         {"--in-condition", !options.conditions.empty()},
         {"--failed", options.only_failed},
         {"--repeat", options.repeat > 1},
         {"--retries", options.retries > 0},
         {"--maxfail", options.max_failures > 0}}};
    for (const auto& [name, is_given] : others) {
        if (is_given) {
            return tl::unexpected(
                error{errc::usage,
                      std::string("verify the suite with ") + name +
                          ": a verification chooses itself what runs, and how often",
                      std::string("leave out ") + name});
        }
    }
    return {};
}

/// Returns what each case needs; nothing if none needs any.
std::vector<std::vector<std::size_t>> needs_of(const std::vector<results::test_case>& cases) {
    std::vector<std::vector<std::size_t>> needs;
    bool is_any = false;
    for (const results::test_case& each : cases) {
        needs.push_back(each.needs);
        is_any = is_any || !each.needs.empty();
    }
    return is_any ? needs : std::vector<std::vector<std::size_t>>();
}

/// Shows what is done, on a terminal only.
class activity {
  public:
    explicit activity(clock::time_point begun) : begun_(begun) {}
    ~activity() { clear(); }
    activity(const activity&) = delete;
    activity& operator=(const activity&) = delete;

    void show(const std::string& what) {
        if (is_shown_) {
            using std::chrono::seconds;
            const auto taken = std::chrono::duration_cast<seconds>(clock::now() - begun_).count();
            std::fputs(
                ("\r\x1b[Kisolite: verifying, " + what + " (" + std::to_string(taken) + " s)")
                    .c_str(),
                stderr);
            std::fflush(stderr);
        }
    }

    void clear() const {
        if (is_shown_) {
            std::fputs("\r\x1b[K", stderr);
        }
    }

  private:
    clock::time_point begun_;
    bool is_shown_ = os::columns_of_stderr().has_value();
};

/// Completes what is told of culprits that leave a database behind by what they leave in it.
void look_into_databases(verification& all, laboratory& laboratory, const bounds& bounds) {
    std::set<std::size_t> culprits;
    for (const finding& each : all.findings) {
        culprits.insert(each.culprits.begin(), each.culprits.end());
    }
    for (leftover& each : all.leftovers) {
        const auto is_file = [](const trace& one) {
            return one.is_of_file() || one.kind == trace::what::temporary;
        };
        if (culprits.count(each.position) == 0 || bounds.left().count() == 0 ||
            std::none_of(each.traces.begin(), each.traces.end(), is_file)) {
            continue;
        }
        const auto left = laboratory.databases_left_by(each.position);
        for (trace& one : each.traces) {
            const auto found = left.find(one.name);
            if (is_file(one) && found != left.end() && !found->second.empty()) {
                one.sentence += " (" + found->second + ")";
            }
        }
    }
}

/// Writes the findings to the files that are wanted, and says where that is not possible. Returns
/// whether all is well.
bool write_files(const verification& all, const report_background& background,
                 const run::options& options) {
    bool is_well = true;
    const std::string& json = options.verified_json;
    if (!json.empty() && os::write_whole_file(json, json_of(all, background)) != 0) {
        warnings::complain("cannot write what the verification found to " + json +
                           "\n  hint: is there a directory of that name, and room in it?");
        is_well = false;
    }
    const std::string& junit = options.reports.junit;
    if (!junit.empty()) {
        const auto written = results::write_junit(junit, outcome_of(all, background),
                                                  background.cases, os::program_name());
        is_well = results::say_if_unreported(written ? "" : written.error().text()) && is_well;
    }
    return is_well;
}

} // namespace

result<role> verify(const std::vector<results::test_case>& cases, const run::options& options,
                    const std::function<std::string(const std::vector<std::string>&)>& command) {
    if (auto sound = check_options(options); !sound) {
        return tl::unexpected(sound.error());
    }
    const clock::time_point begun = clock::now();
    auto opened = laboratory::open(cases, options);
    if (!opened) {
        return tl::unexpected(opened.error());
    }
    laboratory& laboratory = *opened;
    verification all;
    try {
        activity shown(begun);
        bounds bounds;
        bounds.cases = cases.size();
        bounds.most_workers = laboratory.most_workers();
        bounds.seed = options.shuffle.value_or(bounds.seed);
        bounds.needs = needs_of(cases);
        bounds.budget = options.budget;
        bounds.left = [&] {
            const bool ends = laboratory.interrupted_by() != 0 || laboratory.failure();
            return ends ? nanoseconds(0) : options.budget - (clock::now() - begun);
        };
        bounds.local_time = run::local_time_now();
        auto conditions = conditions_to_try::at(bounds.local_time);
        bounds.conditions = std::move(conditions.parts);
        bounds.tell = [&](const std::string& what) { shown.show(what); };
        bounds.usual = [&](const experiment& usual) { laboratory.limit_times(usual); };
        verifier verifier([&](const plan& plan) { return laboratory.run(plan); }, bounds);
        all = verifier.verify();
        all.untried = std::move(conditions.untried);
        shown.show("looking into databases");
        look_into_databases(all, laboratory, bounds);
    } catch (const became_worker&) {
        return laboratory.take_worker();
    }
    laboratory.tidy_up();
    if (laboratory.failure()) {
        return tl::unexpected(*laboratory.failure());
    }
    all.interrupted_by = laboratory.interrupted_by();
    all.taken = clock::now() - begun;
    const report_background background{cases, command, laboratory.put_aside()};
    std::fputs(("isolite: " + text_of(all, background)).c_str(), stdout);
    const bool is_written = write_files(all, background, options);
    const int status = status_of(all);
    return role(is_written || status != 0 ? status : 1);
}

} // namespace isolite::verify
