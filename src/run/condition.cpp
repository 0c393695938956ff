#include "run/condition.hpp"

#include "os/other_clock.hpp"
#include "os/other_memory.hpp"
#include "os/surroundings.hpp"
#include "text/numbers.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

namespace isolite::run {

namespace {

using what = condition::what;

constexpr std::array<const char*, 7> names = {"zone", "locale",    "clock", "random",
                                              "rows", "addresses", "memory"};

bool can_be_made(const condition& wanted) {
    switch (wanted.kind) {
    case what::zone:
        return os::has_time_zone(wanted.value);
    case what::locale:
        return os::has_locale(wanted.value);
    case what::clock:
        return time_in(wanted.value) && os::can_show_other_time();
    case what::random:
        return text::number_in<std::uint32_t>(wanted.value).has_value();
    case what::rows:
        return wanted.value == "reversed";
    case what::addresses:
        return (wanted.value == "descending" || wanted.value == "ascending") &&
               os::can_order_addresses();
    case what::memory:
        return (wanted.value == "junk" || wanted.value == "zeros") && os::can_fill_with_junk();
    }
    return false;
}

} // namespace

std::string text_of(const condition& written) {
    return names[static_cast<std::size_t>(written.kind)] + ("=" + written.value);
}

std::optional<condition> condition_in(const std::string& text) {
    const std::size_t equals = std::min(text.find('='), text.size());
    const auto* const name = std::find(names.begin(), names.end(), text.substr(0, equals));
    if (name == names.end() || equals == text.size()) {
        return std::nullopt;
    }
    condition read{static_cast<what>(name - names.begin()), text.substr(equals + 1)};
    return can_be_made(read) ? std::optional(std::move(read)) : std::nullopt;
}

std::string text_of_time(std::int64_t local) {
    const auto seconds = static_cast<std::time_t>(local);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
    return text.data();
}

std::optional<std::int64_t> time_in(const std::string& text) {
    std::tm parts{};
    std::array<char, 2> more{}; // behind it
    constexpr int years_before = 1900;
    const int count =
        std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d%1s", &parts.tm_year, &parts.tm_mon,
                    &parts.tm_mday, &parts.tm_hour, &parts.tm_min, &parts.tm_sec, more.data());
    parts.tm_year -= years_before;
    parts.tm_mon -= 1;
    const std::int64_t seconds = ::timegm(&parts);
    const bool is_time = count == 6 && text_of_time(seconds) == text;
    return is_time ? std::optional(seconds) : std::nullopt;
}

std::int64_t local_time_now() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    ::localtime_r(&now, &parts);
    return ::timegm(&parts);
}

} // namespace isolite::run
