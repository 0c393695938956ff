#include "store/database_header.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace isolite::store {

namespace {

// Offsets in the header.
constexpr std::size_t file_format_versions = 18; // for writers and for readers
constexpr std::size_t change_counter = 24;
constexpr std::size_t cookie_of_schema = 40;
constexpr std::size_t version_valid_for = 92;

constexpr std::byte rollback_mode{1};
constexpr std::byte wal_mode{2};

// Further than any transaction counts up the schema cookie.
constexpr std::uint32_t uncommitted_changes = 4096;

/// The fields that say nothing of the content.
struct part_of_header {
    std::size_t first;
    std::size_t bytes;
};
constexpr part_of_header without_content[] = {
    {file_format_versions, 2},
    {change_counter, 4},
    {cookie_of_schema, 4},
    {version_valid_for, 8}, // and the version of the SQLite that wrote last
};

using header_bytes = std::array<std::byte, database_header::size>;

/// Returns the header with the fields blanked that say nothing of the content.
header_bytes content_of_header(const std::byte* page) {
    header_bytes copy{};
    if (page) {
        std::memcpy(copy.data(), page, copy.size());
    }
    for (const part_of_header& each : without_content) {
        std::memset(copy.data() + each.first, 0, each.bytes);
    }
    return copy;
}

/// Layers so deep that they share a bit are taken for changed once one of them is.
std::uint64_t bit_of(std::size_t layer) {
    return std::uint64_t{1} << std::min<std::size_t>(layer, 63);
}

bool equal_bytes(const std::byte* before, const std::byte* now, std::size_t count) {
    static constexpr std::array<std::byte, page_size> zeros{};
    return std::memcmp(before ? before : zeros.data(), now ? now : zeros.data(), count) == 0;
}

} // namespace

std::uint32_t field_at(const std::byte* bytes) noexcept {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        value = value << 8 | std::to_integer<std::uint32_t>(bytes[i]);
    }
    return value;
}

void put_field(std::byte* to, std::uint32_t value) noexcept {
    for (std::size_t i = 4; i-- > 0; value >>= 8) {
        to[i] = static_cast<std::byte>(value & 0xffU);
    }
}

database_header::database_header(layered_file& file)
    : file_(file), last_cookie_(field(cookie_of_schema)) {}

bool database_header::differs(const layered_file::touched_page& page) {
    if (page.number != 0) {
        return !equal_bytes(page.before, page.now, page_size);
    }
    const auto rest = [](const std::byte* bytes) { return bytes ? bytes + size : nullptr; };
    return content_of_header(page.before) != content_of_header(page.now) ||
           !equal_bytes(rest(page.before), rest(page.now), page_size - size);
}

void database_header::take_counters(std::byte* page, const std::byte* from) noexcept {
    for (const part_of_header& each : without_content) {
        std::memcpy(page + each.first, from + each.first, each.bytes);
    }
}

void database_header::take_page() {
    if (exists()) {
        set_field(change_counter, field(change_counter));
    }
}

void database_header::note_write() {
    if (!exists()) {
        return;
    }
    if (spent_change_counter_ != 0) {
        const std::uint32_t counter = field(change_counter);
        if (counter <= spent_change_counter_) {
            set_change_counter(counter + spent_change_counter_);
        }
        if (const std::uint32_t cookie = field(cookie_of_schema); cookie <= spent_schema_cookie_) {
            set_field(cookie_of_schema, cookie + spent_schema_cookie_);
        }
    }
    note();
    note_cookie(field(cookie_of_schema));
}

void database_header::note_logged(const std::byte* page) noexcept {
    const std::uint32_t cookie = field_at(page + cookie_of_schema);
    highest_schema_cookie_ = std::max(highest_schema_cookie_, cookie);
    note_cookie(cookie);
}

void database_header::note_cookie(std::uint32_t cookie) noexcept {
    if (std::exchange(last_cookie_, cookie) != cookie) {
        note_change(file_.depth());
        ++cookies_;
    }
}

void database_header::note_change(std::size_t layer) noexcept {
    changed_layers_ |= bit_of(layer);
}

bool database_header::take_change(std::size_t layer) noexcept {
    return (std::exchange(changed_layers_, changed_layers_ & ~bit_of(layer)) & bit_of(layer)) != 0;
}

void database_header::note_merged() noexcept {
    if (take_change(file_.depth() + 1)) {
        note_change(file_.depth());
    }
}

void database_header::note_broken_off() noexcept {
    note();
    highest_change_counter_ += uncommitted_changes;
    highest_schema_cookie_ += uncommitted_changes;
    note_change(file_.depth());
}

bool database_header::stamp() {
    const bool schema_changed = take_change(file_.depth() + 1);
    if (!exists()) {
        spent_change_counter_ = highest_change_counter_;
        spent_schema_cookie_ = highest_schema_cookie_;
        return false;
    }
    note();
    set_change_counter(++highest_change_counter_);
    if (schema_changed) {
        set_field(cookie_of_schema, ++highest_schema_cookie_);
        note_cookie(highest_schema_cookie_);
    }
    return schema_changed;
}

std::uint32_t database_header::schema_cookie() const noexcept {
    return field(cookie_of_schema);
}

bool database_header::in_wal_mode() const noexcept {
    std::byte mode{};
    file_.read(file_format_versions, &mode, 1);
    return mode == wal_mode;
}

void database_header::set_wal_mode(bool wal) {
    const std::byte mode = wal ? wal_mode : rollback_mode;
    const std::array<std::byte, 2> both = {mode, mode};
    file_.write(file_format_versions, both.data(), both.size());
}

std::uint32_t database_header::field(std::size_t offset) const noexcept {
    const std::byte* const page = exists() ? file_.page_at(0) : nullptr;
    return page ? field_at(page + offset) : 0;
}

void database_header::set_field(std::size_t offset, std::uint32_t value) {
    std::array<std::byte, 4> bytes{};
    put_field(bytes.data(), value);
    file_.write(offset, bytes.data(), bytes.size());
}

void database_header::set_change_counter(std::uint32_t value) {
    const bool size_is_valid = field(version_valid_for) == field(change_counter);
    set_field(change_counter, value);
    if (size_is_valid) {
        set_field(version_valid_for, value);
    }
}

void database_header::note() noexcept {
    highest_change_counter_ = std::max(highest_change_counter_, field(change_counter));
    highest_schema_cookie_ = std::max(highest_schema_cookie_, field(cookie_of_schema));
}

} // namespace isolite::store
