#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace isolite::run {

/// What is another one around cases than it usually is, while they run.
struct condition {
    enum class what : std::uint8_t {
        zone,   ///< the time zone; `value` is its name
        locale, ///< the locale of C; `value` is its name
        clock,  ///< Each case begins at the local time `value`, as `text_of_time` writes it.
        random, ///< For each case SQLite's random numbers begin at the number `value`.
        rows,   ///< SQLite reads rows that nobody has put in order in reverse: `value` is
                ///< "reversed".
        /// Small blocks of memory come with descending addresses, or with ascending ones: `value`
        /// is "descending" or "ascending".
        addresses,
        memory, ///< What is fresh, or was freed, holds junk: `value` is "junk".
    };

    what kind = what::zone;
    std::string value;

    [[nodiscard]] bool operator==(const condition& other) const {
        return kind == other.kind && value == other.value;
    }
};

/// Returns how a condition is written: "zone=Europe/Berlin".
[[nodiscard]] std::string text_of(const condition& written);

/// Reads what is written so, as far as it can be made here: a zone must be known, a locale
/// installed, and this process able to have another clock, and memory as it wants it.
[[nodiscard]] std::optional<condition> condition_in(const std::string& text);

/// Returns a local time as people write it, without its zone. Units: seconds, as if the zone were
/// UTC.
/// Shape: 2028-02-29T12:00:00
[[nodiscard]] std::string text_of_time(std::int64_t local);

/// Reads what is written so; nothing for a time that no calendar has.
[[nodiscard]] std::optional<std::int64_t> time_in(const std::string& text);

/// Returns the local time now, in the same units.
[[nodiscard]] std::int64_t local_time_now();

} // namespace isolite::run
