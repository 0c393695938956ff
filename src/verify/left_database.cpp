#include "verify/left_database.hpp"

#include "leak/cursor.hpp"
#include "leak/difference.hpp"

#include <array>
#include <fstream>
#include <memory>
#include <string_view>
#include <vector>

#include <sqlite3.h>

namespace isolite::verify {

namespace {

using connection = std::unique_ptr<sqlite3, decltype(&::sqlite3_close)>;

/// Opens a database in memory, to which files are attached that really lie there: the default file
/// system may be isolite's, where claimed names stand for something else.
connection open_beside_files() {
    sqlite3* opened = nullptr;
    constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI;
    static_cast<void>(::sqlite3_open_v2(":memory:", &opened, flags, "unix"));
    return {opened, &::sqlite3_close};
}

/// Returns the name of a file that is only read.
std::string name_to_read(const std::string& path) {
    std::string name = "file:";
    for (const char letter : path) {
        name += letter == '%'   ? "%25"
                : letter == '?' ? "%3f"
                : letter == '#' ? "%23"
                                : std::string(1, letter);
    }
    return name + "?mode=ro";
}

/// Attaches a file. Returns whether it can be read.
bool attach(sqlite3* to, const std::string& path, const std::string& schema) {
    leak::run(to, "ATTACH " + leak::text_literal(name_to_read(path)) + " AS " + schema);
    return !leak::first_value(to, "SELECT count(*) FROM " + schema + ".sqlite_master").empty();
}

/// Makes the tables of the database anew, without rows.
void make_twin(sqlite3* in) {
    constexpr std::string_view start = "CREATE TABLE "; // as SQLite writes it in the schema
    for (const auto& row : leak::rows(in, "SELECT sql FROM now.sqlite_master WHERE type = 'table' "
                                          "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")) {
        if (row.front().compare(0, start.size(), start) == 0) {
            leak::run(in, "CREATE TABLE main." + row.front().substr(start.size()));
        }
    }
}

/// Returns the first thing that differs, with its first detail.
std::string in_few_words(const std::vector<std::string>& lines) {
    if (lines.empty()) {
        return {};
    }
    std::string said = lines.front();
    std::size_t used = 1;
    if (lines.size() > 1 && lines[1].compare(0, 2, "  ") == 0) {
        const std::size_t sign = lines[1].find_first_not_of(' ');
        said += ": " + lines[1].substr(lines[1].compare(sign, 2, "+ ") == 0 ? sign + 2 : sign);
        used = 2;
    }
    return said + (lines.size() > used ? ", and more" : "");
}

} // namespace

bool is_database(const std::string& path) {
    constexpr std::string_view beginning = "SQLite format 3"; // and a zero
    std::array<char, beginning.size() + 1> found{};
    std::ifstream file(path, std::ios::binary);
    return file.read(found.data(), found.size()) && found.back() == '\0' &&
           std::string_view(found.data(), beginning.size()) == beginning;
}

std::string what_was_left_in(const std::string& path, const std::string& before) {
    const connection opened = open_beside_files();
    if (!opened || !attach(opened.get(), path, "now")) {
        return {};
    }
    if (before.empty()) {
        make_twin(opened.get());
        return in_few_words(leak::difference(opened.get(), "main", "now").lines);
    }
    return attach(opened.get(), before, "before")
               ? in_few_words(leak::difference(opened.get(), "before", "now").lines)
               : "";
}

} // namespace isolite::verify
