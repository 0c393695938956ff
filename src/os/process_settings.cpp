#include "os/process_settings.hpp"

#include "os/process_timers.hpp"
#include "text/words.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cfenv>
#include <clocale>
#include <cstdio>
#include <utility>

#include <sched.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace isolite::os {

namespace {

using settings = std::vector<process_setting>;

/// A constant of the operating system, and what it is called.
struct known {
    int number;
    const char* name;
};

constexpr std::array<known, 16> limits = {{{RLIMIT_AS, "RLIMIT_AS"},
                                           {RLIMIT_CORE, "RLIMIT_CORE"},
                                           {RLIMIT_CPU, "RLIMIT_CPU"},
                                           {RLIMIT_DATA, "RLIMIT_DATA"},
                                           {RLIMIT_FSIZE, "RLIMIT_FSIZE"},
                                           {RLIMIT_LOCKS, "RLIMIT_LOCKS"},
                                           {RLIMIT_MEMLOCK, "RLIMIT_MEMLOCK"},
                                           {RLIMIT_MSGQUEUE, "RLIMIT_MSGQUEUE"},
                                           {RLIMIT_NICE, "RLIMIT_NICE"},
                                           {RLIMIT_NOFILE, "RLIMIT_NOFILE"},
                                           {RLIMIT_NPROC, "RLIMIT_NPROC"},
                                           {RLIMIT_RSS, "RLIMIT_RSS"},
                                           {RLIMIT_RTPRIO, "RLIMIT_RTPRIO"},
                                           {RLIMIT_RTTIME, "RLIMIT_RTTIME"},
                                           {RLIMIT_SIGPENDING, "RLIMIT_SIGPENDING"},
                                           {RLIMIT_STACK, "RLIMIT_STACK"}}};

constexpr std::array<known, 6> policies = {{{SCHED_OTHER, "SCHED_OTHER"},
                                            {SCHED_BATCH, "SCHED_BATCH"},
                                            {SCHED_IDLE, "SCHED_IDLE"},
                                            {SCHED_FIFO, "SCHED_FIFO"},
                                            {SCHED_RR, "SCHED_RR"},
                                            {SCHED_DEADLINE, "SCHED_DEADLINE"}}};

constexpr std::array<known, 4> roundings = {{{FE_TONEAREST, "FE_TONEAREST"},
                                             {FE_UPWARD, "FE_UPWARD"},
                                             {FE_DOWNWARD, "FE_DOWNWARD"},
                                             {FE_TOWARDZERO, "FE_TOWARDZERO"}}};

constexpr std::array<known, 5> traps = {{{FE_DIVBYZERO, "FE_DIVBYZERO"},
                                         {FE_INEXACT, "FE_INEXACT"},
                                         {FE_INVALID, "FE_INVALID"},
                                         {FE_OVERFLOW, "FE_OVERFLOW"},
                                         {FE_UNDERFLOW, "FE_UNDERFLOW"}}};

std::string listed(const std::vector<std::string>& all) {
    return all.empty() ? "none" : text::listed(all);
}

template <typename All>
std::string name_among(const All& all, int number) {
    for (const known& each : all) {
        if (each.number == number) {
            return each.name;
        }
    }
    return std::to_string(number);
}

/// Nobody has another way everywhere to ask for it.
std::string umask_now() {
    const ::mode_t now = ::umask(0);
    ::umask(now);
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%03o", static_cast<unsigned>(now));
    return text.data();
}

std::string limit(::rlim_t value) {
    return value == RLIM_INFINITY ? "unlimited" : std::to_string(value);
}

void add_limits(settings& all) {
    for (const known& each : limits) {
        ::rlimit now{};
        if (::getrlimit(static_cast<decltype(RLIMIT_AS)>(each.number), &now) == 0) {
            all.push_back({std::string("soft limit ") + each.name, limit(now.rlim_cur)});
            all.push_back({std::string("hard limit ") + each.name, limit(now.rlim_max)});
        }
    }
}

template <typename Number>
std::string ids(Number real, Number effective, Number saved) {
    if (real == effective && real == saved) {
        return std::to_string(real);
    }
    return "real " + std::to_string(real) + ", effective " + std::to_string(effective) +
           ", saved " + std::to_string(saved);
}

std::string further_groups() {
    std::vector<::gid_t> groups(static_cast<std::size_t>(std::max(::getgroups(0, nullptr), 0)));
    const int count = ::getgroups(static_cast<int>(groups.size()), groups.data());
    std::vector<std::string> numbers;
    for (int i = 0; i < count; ++i) {
        numbers.push_back(std::to_string(groups[static_cast<std::size_t>(i)]));
    }
    return listed(numbers);
}

void add_users(settings& all) {
    ::uid_t user[3] = {};
    ::gid_t group[3] = {};
    if (::getresuid(&user[0], &user[1], &user[2]) == 0) {
        all.push_back({"user", ids(user[0], user[1], user[2])});
    }
    if (::getresgid(&group[0], &group[1], &group[2]) == 0) {
        all.push_back({"group", ids(group[0], group[1], group[2])});
    }
    all.push_back({"further groups", further_groups()});
}

/// Returns the processors that this thread may use: "0-3, 6".
std::string allowed_processors() {
    ::cpu_set_t allowed;
    CPU_ZERO(&allowed);
    if (::sched_getaffinity(0, sizeof(allowed), &allowed) != 0) { // there are more than 1024
        return "unknown";
    }
    std::vector<std::string> ranges;
    for (std::size_t first = 0; first < CPU_SETSIZE; ++first) {
        if (!CPU_ISSET(first, &allowed)) {
            continue;
        }
        std::size_t last = first;
        while (last + 1 < CPU_SETSIZE && CPU_ISSET(last + 1, &allowed)) {
            ++last;
        }
        const std::string to = last > first ? "-" + std::to_string(last) : "";
        ranges.push_back(std::to_string(first) + to);
        first = last;
    }
    return listed(ranges);
}

void add_scheduling(settings& all) {
    errno = 0; // -1 is a nice value
    const int nice = ::getpriority(PRIO_PROCESS, 0);
    all.push_back({"nice value", errno == 0 ? std::to_string(nice) : "unknown"});
    all.push_back({"scheduling policy", name_among(policies, ::sched_getscheduler(0))});
    ::sched_param chosen{};
    ::sched_getparam(0, &chosen);
    all.push_back({"scheduling priority", std::to_string(chosen.sched_priority)});
    all.push_back({"allowed processors", allowed_processors()});
}

void add_calculation(settings& all) {
    all.push_back({"rounding mode", name_among(roundings, std::fegetround())});
    const int trapped = ::fegetexcept();
    std::vector<std::string> enabled;
    for (const known& each : traps) {
        if ((trapped & each.number) != 0) {
            enabled.emplace_back(each.name);
        }
    }
    all.push_back({"floating-point traps", listed(enabled)});
}

} // namespace

std::vector<process_setting> settings_of_process() {
    const char* const locale = std::setlocale(LC_ALL, nullptr);
    settings all = {{"umask", umask_now()}, {"locale", locale == nullptr ? "" : locale}};
    add_limits(all);
    add_users(all);
    add_scheduling(all);
    for (const auto& [name, is_running] : timers_that_run()) {
        all.push_back({std::string("timer ") + name, is_running ? "running" : "stopped"});
    }
    add_calculation(all);
    return all;
}

} // namespace isolite::os
