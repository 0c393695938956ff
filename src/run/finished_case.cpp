#include "run/finished_case.hpp"

#include "run/run_files.hpp"
#include "run/told_fixtures.hpp"
#include "text/numbers.hpp"

namespace isolite::run {

using std::chrono::nanoseconds;

event finished_case_entry::of(std::size_t position, const case_result& attempt,
                              const std::vector<told_fixture>& fixtures) {
    event entry{case_finished,
                {std::to_string(position), std::to_string(static_cast<int>(attempt.verdict)),
                 std::to_string(attempt.duration.count()), attempt.why, attempt.output,
                 std::to_string(attempt.fixtures.count()), packed(fixtures), attempt.death}};
    entry.fields.insert(entry.fields.end(), attempt.left_processes.begin(),
                        attempt.left_processes.end());
    return entry;
}

finished_case_entry finished_case_entry::read(const event& entry) {
    constexpr std::ptrdiff_t first_process = 8;
    finished_case_entry said;
    said.position = text::number_in<std::size_t>(entry.fields[0]).value();
    said.attempt.verdict = static_cast<verdict>(text::number_in<int>(entry.fields[1]).value());
    said.attempt.duration = nanoseconds(text::number_in<nanoseconds::rep>(entry.fields[2]).value());
    said.attempt.why = entry.fields[3];
    said.attempt.output = entry.fields[4];
    said.attempt.fixtures = nanoseconds(text::number_in<nanoseconds::rep>(entry.fields[5]).value());
    said.fixtures = unpacked(entry.fields[6]);
    said.attempt.death = entry.fields[7];
    said.attempt.timed_out = !said.attempt.death.empty(); // of another death it could not tell
    said.attempt.left_processes.assign(entry.fields.begin() + first_process, entry.fields.end());
    return said;
}

} // namespace isolite::run
