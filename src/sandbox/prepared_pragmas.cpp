#include "sandbox/prepared_pragmas.hpp"

#include "sandbox/known_pragmas.hpp"
#include "text/sql_scanner.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <string>

namespace isolite::sandbox {

namespace {

/// What cannot be asked, since it does something then: what it runs is heard.
constexpr std::array<const char*, 2> doing_pragmas = {"optimize", "shrink_memory"};

std::string in_small_letters(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c; });
    return text;
}

/// Returns the PRAGMAs among the statements of a connection, one behind the other.
std::string pragmas_on(sqlite3* connection) {
    constexpr const char* keyword = "PRAGMA";
    constexpr int length = 6;
    std::string found;
    for (sqlite3_stmt* each = nullptr; (each = sqlite3_next_stmt(connection, each)) != nullptr;) {
        const char* const sql = sqlite3_sql(each); // a BLOB handle has none
        const char* const text = sql ? sql + text::begin_of_statement(sql) : "";
        if (sqlite3_strnicmp(text, keyword, length) == 0) {
            found += std::string(text) + "\n";
        }
    }
    return in_small_letters(std::move(found));
}

} // namespace

void prepared_pragmas::hear(const char* name, const char* schema) {
    if (is_one_of(asking_pragmas, name) || is_one_of(page_pragmas, name) ||
        is_one_of(doing_pragmas, name)) {
        return;
    }
    setting heard{schema ? schema : "", in_small_letters(name)};
    const auto same = [&heard](const setting& each) { return !(each < heard) && !(heard < each); };
    if (std::none_of(settings_.begin(), settings_.end(), same)) {
        settings_.push_back(std::move(heard));
    }
}

const std::vector<setting>& prepared_pragmas::alive_on(sqlite3* connection) {
    const std::string pragmas = pragmas_on(connection);
    const auto is_gone = [&pragmas](const setting& each) {
        return pragmas.find(each.name) == std::string::npos;
    };
    settings_.erase(std::remove_if(settings_.begin(), settings_.end(), is_gone), settings_.end());
    return settings_;
}

} // namespace isolite::sandbox
