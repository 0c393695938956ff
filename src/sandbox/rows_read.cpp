#include "sandbox/rows_read.hpp"

#include "sandbox/own_statement.hpp"
#include "text/sql_scanner.hpp"
#include "text/statement_text.hpp"

#include <sqlite3.h>

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>

namespace isolite::sandbox {

namespace {

/// What is kept of a case at most, of statements and of the rows of each.
constexpr std::size_t most_statements = 10000;
constexpr std::size_t most_rows = 100000;

struct notes {
    bool is_on = false;
    bool reads = false; ///< a statement of its own
    std::vector<rows_read> all;
};

notes& of_process() {
    static auto* const only = new notes; // late destructors may run statements
    return *only;
}

bool is_query(const char* sql) {
    const std::string_view text = sql ? sql : "";
    const std::string_view rest = text.substr(text::begin_of_statement(text));
    const auto begins_with = [rest](std::string_view word) {
        return rest.size() > word.size() &&
               sqlite3_strnicmp(rest.data(), word.data(), static_cast<int>(word.size())) == 0;
    };
    return begins_with("SELECT") || begins_with("WITH") || begins_with("VALUES");
}

std::uint64_t number_of_row(sqlite3_stmt* statement) {
    std::uint64_t number = 0;
    for (int i = 0; i < sqlite3_column_count(statement); ++i) {
        constexpr std::uint64_t prime = 1099511628211U;
        const auto* const bytes = static_cast<const char*>(sqlite3_column_blob(statement, i));
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, i));
        const std::size_t cell = std::hash<std::string_view>()({bytes, bytes ? size : 0});
        number = (number ^ cell ^ static_cast<unsigned>(sqlite3_column_type(statement, i))) * prime;
    }
    return number;
}

/// Reads all that a statement gives, by another one that is the same.
void read_rows(sqlite3_stmt* statement, rows_read& to) {
    const std::unique_ptr<char, decltype(&sqlite3_free)> sql(sqlite3_expanded_sql(statement),
                                                             sqlite3_free);
    sqlite3_stmt* made = nullptr;
    if (sql) {
        sqlite3_prepare_v2(sqlite3_db_handle(statement), sql.get(), -1, &made, nullptr);
    }
    const own_statement own(made);
    for (std::size_t i = 0; made && i < most_rows && sqlite3_step(made) == SQLITE_ROW; ++i) {
        constexpr std::uint64_t factor = 31;
        const std::uint64_t row = number_of_row(made);
        to.in_order = to.in_order * factor + row;
        to.in_any_order += row;
    }
}

int hear(unsigned /*event*/, void* /*nothing*/, void* statement, void* sql) {
    const std::string_view text = static_cast<const char*>(sql);
    if (text.substr(0, 2) != "--") { // of a trigger, which is no statement of its own
        note_rows(static_cast<sqlite3_stmt*>(statement));
    }
    return 0;
}

int trace_opened(sqlite3* opened, char** /*message*/, const void* /*functions*/) {
    return sqlite3_trace_v2(opened, SQLITE_TRACE_STMT, hear, nullptr);
}

} // namespace

void watch_rows() {
    of_process().is_on = true;
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(&trace_opened));
}

bool watches_rows() noexcept {
    return of_process().is_on;
}

void note_rows(sqlite3_stmt* statement) noexcept {
    notes& known = of_process();
    if (!known.is_on || known.reads || known.all.size() == most_statements ||
        sqlite3_stmt_isexplain(statement) != 0 || sqlite3_stmt_readonly(statement) == 0 ||
        !is_query(sqlite3_sql(statement))) {
        return;
    }
    known.reads = true;
    try {
        rows_read read{text::statement_text(sqlite3_sql(statement)), 0, 0};
        read_rows(statement, read);
        known.all.push_back(std::move(read));
    } catch (const std::exception&) { // out of memory
        known.is_on = false;
    }
    known.reads = false;
}

std::vector<rows_read> take_rows_read() {
    return std::exchange(of_process().all, {});
}

} // namespace isolite::sandbox
