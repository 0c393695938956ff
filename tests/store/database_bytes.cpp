#include "database_bytes.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace isolite::store::tests {

namespace {

// Offsets in the header of a database. Source: https://www.sqlite.org/fileformat2.html
constexpr std::size_t file_format_versions = 18;
constexpr std::size_t change_counter = 24;
constexpr std::size_t schema_cookie = 40;
constexpr std::size_t version_valid_for = 92;

std::uint32_t field(const std::vector<std::byte>& bytes, std::size_t offset) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        value = value << 8 | std::to_integer<std::uint32_t>(bytes[offset + i]);
    }
    return value;
}

void blank(std::vector<std::byte>& bytes, std::size_t offset, std::ptrdiff_t count = 4) {
    if (!bytes.empty()) {
        std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(offset), count, std::byte{});
    }
}

} // namespace

std::vector<std::byte> bytes_of(store& file) {
    const auto frozen = file.freeze();
    return {frozen->page(0), frozen->page(0) + frozen->size()};
}

std::vector<std::byte> bytes_on_disk(const std::string& name) {
    std::ifstream file(name, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto* const bytes = reinterpret_cast<const std::byte*>(text.data());
    return {bytes, bytes + text.size()};
}

void put_on_disk(const std::string& name, const std::vector<std::byte>& bytes) {
    std::filesystem::remove(name);
    if (!bytes.empty()) {
        std::ofstream(name, std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()),
                   static_cast<std::streamsize>(bytes.size()));
    }
}

std::uint32_t cookie_of(const std::vector<std::byte>& database) {
    return database.empty() ? 0 : field(database, schema_cookie);
}

std::vector<std::byte> without_counters(std::vector<std::byte> database,
                                        const tolerance& tolerated) {
    blank(database, change_counter);
    blank(database, version_valid_for);
    if (tolerated.schema_cookie) {
        blank(database, schema_cookie);
    }
    if (tolerated.journal_mode) {
        blank(database, file_format_versions, 2);
    }
    return database;
}

std::string fault_of_counters(const std::vector<std::byte>& before,
                              const std::vector<std::byte>& now) {
    const auto size_is_valid = [](const std::vector<std::byte>& bytes) {
        return field(bytes, change_counter) == field(bytes, version_valid_for);
    };
    if (before.empty() || now.empty()) {
        return "";
    }
    if (size_is_valid(before) != size_is_valid(now)) {
        return "a discard changed whether the size in the header is valid";
    }
    return field(now, change_counter) < field(before, change_counter)
               ? "a discard put the change counter back"
               : "";
}

std::string first_difference(const std::vector<std::byte>& one,
                             const std::vector<std::byte>& other) {
    if (one.size() != other.size()) {
        return std::to_string(one.size()) + " bytes and " + std::to_string(other.size());
    }
    const auto at = std::mismatch(one.begin(), one.end(), other.begin()).first - one.begin();
    return "byte " + std::to_string(at) + " of " + std::to_string(one.size());
}

std::string first_difference(const std::vector<std::string>& one,
                             const std::vector<std::string>& other) {
    std::size_t line = 0;
    while (line < one.size() && line < other.size() && one[line] == other[line]) {
        ++line;
    }
    const auto around = [line](const std::vector<std::string>& lines) {
        std::string text;
        for (std::size_t each = line < 2 ? 0 : line - 2; each < line + 3; ++each) {
            text += "\n    " + (each < lines.size() ? lines[each] : "(no more)");
        }
        return text;
    };
    return "SQLite's VFS has" + around(one) + "\nours has" + around(other);
}

} // namespace isolite::store::tests
