#include "verify/conditions_to_try.hpp"

#include "os/other_clock.hpp"
#include "os/other_memory.hpp"
#include "os/process_facts.hpp"
#include "os/surroundings.hpp"
#include "worker/environment.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace isolite::verify {

namespace {

using run::condition;
using kind = condition::what;

/// The first one has the earliest new day, and the second one is neither whole hours from UTC nor
/// the same in summer and winter.
constexpr std::array<std::pair<const char*, const char*>, 2> zones = {
    {{"Pacific/Kiritimati", "<+14>-14"},
     {"America/St_Johns", "NST3:30NDT,M3.2.0,M11.1.0"}}}; // as POSIX writes it

/// Those that write a comma before the fraction, by the number of people who have them.
constexpr std::array<const char*, 9> locales = {"de_DE.UTF-8", "fr_FR.UTF-8", "es_ES.UTF-8",
                                                "pt_BR.UTF-8", "ru_RU.UTF-8", "it_IT.UTF-8",
                                                "tr_TR.UTF-8", "pl_PL.UTF-8", "nl_NL.UTF-8"};

std::string zone_of(const std::pair<const char*, const char*>& names) {
    return os::has_time_zone(names.first) ? names.first : names.second;
}

std::string at_year(std::int64_t year, const char* rest) {
    return std::to_string(year) + rest;
}

/// Returns times at which programs are said to fail: half a day away, on the leap day after next,
/// and shortly before a new year.
std::vector<std::string> times_beside(std::int64_t local_time) {
    constexpr std::int64_t half_a_day = 43200;
    const std::int64_t since_midnight = local_time % (2 * half_a_day);
    const std::int64_t other =
        local_time + (since_midnight < half_a_day ? half_a_day : -half_a_day);
    constexpr std::size_t letters_of_year = 4;
    const std::int64_t year = std::stoi(run::text_of_time(local_time).substr(0, letters_of_year));
    constexpr std::int64_t between_leap_days = 4;
    std::int64_t leap = year + between_leap_days;
    while (!run::time_in(at_year(leap, "-02-29T12:00:00"))) {
        ++leap;
    }
    return {run::text_of_time(other), at_year(leap, "-02-29T12:00:00"),
            at_year(year, "-12-31T23:58:00")};
}

void add_locale(conditions_to_try& to) {
    const auto* const locale = std::find_if(locales.begin(), locales.end(), [](const char* each) {
        return os::decimal_sign_of(each) == ",";
    });
    if (locale != locales.end()) {
        to.parts.front().push_back({kind::locale, *locale});
    } else {
        to.untried.emplace_back(
            "another locale, as none with a decimal comma is installed, such as de_DE.UTF-8");
    }
}

} // namespace

possible_conditions possible_conditions::here() {
    return {os::can_show_other_time(), os::can_order_addresses(), os::can_fill_with_junk()};
}

conditions_to_try conditions_to_try::at(std::int64_t local_time,
                                        const possible_conditions& possible) {
    conditions_to_try chosen;
    const std::vector<std::string> times = times_beside(local_time);
    for (std::size_t i = 0; i < times.size(); ++i) {
        std::vector<condition> part;
        if (i > 0) { // Hours of UTC, too, are other ones half a day from now.
            part.push_back({kind::zone, zone_of(zones[i - 1])});
        }
        if (possible.another_clock) {
            part.push_back({kind::clock, times[i]});
        }
        part.push_back({kind::random, std::to_string(i + 1)});
        chosen.parts.push_back(std::move(part));
    }
    chosen.parts[0].push_back({kind::rows, "reversed"});
    if (possible.other_memory) {
        chosen.parts[1].push_back({kind::memory, "junk"});
    }
    if (possible.other_addresses) {
        chosen.parts[2].push_back({kind::addresses, "descending"});
    }
    add_locale(chosen);
    if (!possible.another_clock) {
        chosen.untried.emplace_back(
            "another time, as a process cannot be given another clock on this machine");
    }
    if (!possible.other_addresses) {
        chosen.untried.emplace_back("other addresses of memory, as the allocator of this program "
                                    "is not that of glibc as it usually is");
    }
    if (!possible.other_memory) {
        chosen.untried.emplace_back(
            "junk in memory, as the allocator of this program is not that of glibc");
    }
    return chosen;
}

conditions_to_try conditions_to_try::of_environment() {
    conditions_to_try chosen;
    for (const auto& each : zones) {
        chosen.parts.push_back({{kind::zone, zone_of(each)}});
    }
    add_locale(chosen);
    chosen.parts.back().push_back({kind::memory, "junk"});
    chosen.untried.emplace_back("another time, other random numbers of SQLite, rows in reverse, "
                                "other addresses of memory, and all twice in one process, as the "
                                "program has no isolite");
    return chosen;
}

} // namespace isolite::verify
