#include "verify/verification_course.hpp"

#include "error/warning.hpp"
#include "os/terminal.hpp"
#include "os/whole_file.hpp"
#include "results/junit.hpp"
#include "results/reports.hpp"
#include "verify/verified_outcome.hpp"
#include "verify/verifier.hpp"

#include <cstdio>

namespace isolite::verify {

namespace {

using clock = std::chrono::steady_clock;
using std::chrono::nanoseconds;

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

/// Writes the findings to the files that are wanted, and says where that is not possible. Returns
/// whether all is well.
bool write_files(const results::outcome& outcome, const std::string& json,
                 const std::vector<results::test_case>& cases, const findings_places& places) {
    bool is_well = true;
    if (!places.json.empty() && os::write_whole_file(places.json, json) != 0) {
        warnings::complain("cannot write what the verification found to " + places.json +
                           "\n  hint: is there a directory of that name, and room in it?");
        is_well = false;
    }
    if (!places.junit.empty()) {
        const auto written = results::write_junit(places.junit, outcome, cases, places.program);
        is_well = results::say_if_unreported(written ? "" : written.error().text()) && is_well;
    }
    return is_well;
}

} // namespace

std::vector<std::vector<std::size_t>> needs_of(const std::vector<results::test_case>& cases) {
    std::vector<std::vector<std::size_t>> needs;
    bool is_any = false;
    for (const results::test_case& each : cases) {
        needs.push_back(each.needs);
        is_any = is_any || !each.needs.empty();
    }
    return is_any ? needs : std::vector<std::vector<std::size_t>>();
}

verification follow(const verification_course& course) {
    const clock::time_point begun = clock::now();
    activity shown(begun);
    bounds bounds = course.bounds;
    bounds.budget = course.budget;
    bounds.left = [&] {
        return course.is_stopped() ? nanoseconds(0) : course.budget - (clock::now() - begun);
    };
    bounds.tell = [&](const std::string& what) { shown.show(what); };
    verifier verifier(course.run, bounds);
    verification all = verifier.verify();
    course.look_closer(all, bounds);
    all.taken = clock::now() - begun;
    return all;
}

verified tell(const verification& all, const report_background& background,
              const findings_places& places) {
    verified told{status_of(all), text_of(all, background), outcome_of(all, background)};
    std::fputs(("isolite: " + told.text).c_str(), places.text_to_stderr ? stderr : stdout);
    const bool is_written =
        write_files(told.outcome, json_of(all, background), background.cases, places);
    told.status = is_written || told.status != 0 ? told.status : nothing_verified;
    return told;
}

} // namespace isolite::verify
