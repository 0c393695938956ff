#include "run/present_conditions.hpp"

#include "os/other_clock.hpp"
#include "os/other_memory.hpp"
#include "os/surroundings.hpp"
#include "text/numbers.hpp"

#include <sqlite3.h>

#include <chrono>
#include <ctime>
#include <optional>
#include <random>

namespace isolite::run {

namespace {

using what = condition::what;

/// What begins anew with each case.
struct renewed {
    std::optional<std::chrono::seconds> clock; ///< since 1970
    std::optional<std::uint32_t> seed;
    std::mt19937 numbers; ///< what SQLite is to take for those of the system
    std::optional<os::order_of_addresses> addresses;
    void (*fill_memory)() noexcept = nullptr;
};

renewed& of_process() {
    static auto* const all = new renewed; // late destructors may begin a case
    return *all;
}

/// Returns the time at which a clock on the wall shows this one.
std::chrono::seconds since_1970(std::int64_t local) {
    const auto as_if_utc = static_cast<std::time_t>(local);
    std::tm parts{};
    ::gmtime_r(&as_if_utc, &parts);
    parts.tm_isdst = -1; // as the zone has it
    return std::chrono::seconds(std::mktime(&parts));
}

/// Stands in the place of the function by which SQLite gets random numbers from the system.
int number_bytes(sqlite3_vfs* /*vfs*/, int count, char* to) {
    for (int i = 0; i < count; ++i) {
        to[i] = static_cast<char>(of_process().numbers() & 0xFFU);
    }
    return count;
}

/// SQLite asks its default VFS when it needs the first number, and none after that.
/// Source: https://www.sqlite.org/c3ref/randomness.html
void number_anew(std::uint32_t seed) noexcept {
    sqlite3_vfs* const vfs = sqlite3_vfs_find(nullptr);
    if (vfs != nullptr) {
        of_process().numbers.seed(seed);
        vfs->xRandomness = number_bytes;
        sqlite3_randomness(0, nullptr);
    }
}

int reverse_rows(sqlite3* opened, char** /*message*/, const void* /*functions*/) {
    sqlite3_exec(opened, "PRAGMA reverse_unordered_selects = ON", nullptr, nullptr, nullptr);
    return SQLITE_OK;
}

void enter(const condition& one) {
    switch (one.kind) {
    case what::zone:
        os::set_time_zone(one.value);
        break;
    case what::locale:
        os::set_locale(one.value);
        break;
    case what::clock:
        break; // when the zone is known
    case what::random:
        of_process().seed = text::number_in<std::uint32_t>(one.value);
        break;
    case what::rows:
        sqlite3_auto_extension(reinterpret_cast<void (*)()>(&reverse_rows));
        break;
    case what::addresses:
        of_process().addresses = one.value == "descending" ? os::order_of_addresses::descending
                                                           : os::order_of_addresses::ascending;
        break;
    case what::memory:
        of_process().fill_memory =
            one.value == "junk" ? os::let_memory_hold_junk : os::let_memory_hold_zeros;
        break;
    }
}

} // namespace

void enter(const std::vector<condition>& conditions) {
    for (const condition& each : conditions) {
        enter(each);
    }
    for (const condition& each : conditions) {
        if (each.kind == what::clock) {
            of_process().clock = since_1970(time_in(each.value).value_or(0));
        }
    }
    begin_in_conditions();
}

void begin_in_conditions() noexcept {
    const renewed& all = of_process();
    if (all.clock) {
        os::show_time(*all.clock);
    }
    if (all.seed) {
        number_anew(*all.seed);
    }
    if (all.fill_memory != nullptr) {
        all.fill_memory();
    }
    if (all.addresses) {
        os::order_addresses(*all.addresses);
    }
}

} // namespace isolite::run
