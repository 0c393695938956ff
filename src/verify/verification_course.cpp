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
bool write_files(const verification& all, const report_background& background,
                 const findings_places& places) {
    bool is_well = true;
    if (!places.json.empty() && os::write_whole_file(places.json, json_of(all, background)) != 0) {
        warnings::complain("cannot write what the verification found to " + places.json +
                           "\n  hint: is there a directory of that name, and room in it?");
        is_well = false;
    }
    if (!places.junit.empty()) {
        const auto written = results::write_junit(places.junit, outcome_of(all, background),
                                                  background.cases, places.program);
        is_well = results::say_if_unreported(written ? "" : written.error().text()) && is_well;
    }
    return is_well;
}

} // namespace

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

int tell(const verification& all, const report_background& background,
         const findings_places& places) {
    std::fputs(("isolite: " + text_of(all, background)).c_str(),
               places.text_to_stderr ? stderr : stdout);
    const bool is_written = write_files(all, background, places);
    const int status = status_of(all);
    return is_written || status != 0 ? status : 1;
}

} // namespace isolite::verify
