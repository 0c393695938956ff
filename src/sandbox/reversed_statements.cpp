#include "sandbox/reversed_statements.hpp"

#include "text/statement_text.hpp"

#include <sqlite3.h>

#include <cstdint>
#include <exception>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace isolite::sandbox {

namespace {

constexpr std::size_t most_statements = 100000; // of a case

struct notes {
    std::optional<std::size_t> reversed;
    bool is_in_case = false;
    bool acts = false; ///< runs a statement of its own
    std::vector<std::string> statements;
    std::set<const sqlite3*> put_forward; ///< where rows come in reverse no longer
};

notes& of_process() {
    static auto* const only = new notes; // late destructors may run statements
    return *only;
}

int hear(unsigned event, void* connection, void* statement, void* sql) {
    if (event != SQLITE_TRACE_STMT) {
        note_progress(static_cast<sqlite3*>(connection));
    } else if (std::string_view(static_cast<const char*>(sql)).substr(0, 2) != "--") {
        note_statement(static_cast<sqlite3_stmt*>(statement)); // and no trigger's
    }
    return 0;
}

int trace_opened(sqlite3* opened, char** /*message*/, const void* /*functions*/) {
    of_process().put_forward.erase(opened); // that was another one
    sqlite3_trace_v2(opened, events_of_statements(), hear, opened);
    note_progress(opened);
    return SQLITE_OK;
}

} // namespace

void limit_reversal(std::size_t reversed) {
    of_process().reversed = reversed;
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(&trace_opened));
}

bool limits_reversal() noexcept {
    return of_process().reversed.has_value();
}

void begin_statements() {
    of_process().statements.clear();
    of_process().is_in_case = true;
}

std::vector<std::string> take_statements() {
    of_process().is_in_case = false;
    return std::exchange(of_process().statements, {});
}

unsigned events_of_statements() noexcept {
    constexpr unsigned all = SQLITE_TRACE_STMT | SQLITE_TRACE_ROW | SQLITE_TRACE_PROFILE;
    return limits_reversal() ? all : SQLITE_TRACE_STMT;
}

void note_statement(sqlite3_stmt* statement) noexcept {
    notes& known = of_process();
    if (!known.is_in_case || known.acts || known.statements.size() == most_statements) {
        return;
    }
    try {
        const char* const sql = sqlite3_sql(statement);
        known.statements.push_back(text::statement_text(sql ? sql : ""));
    } catch (const std::exception&) { // out of memory
        known.is_in_case = false;
    }
}

// Not when a statement begins: the flag makes SQLite prepare all anew, and end those that go on to
// open a table.
void note_progress(sqlite3* connection) noexcept {
    notes& known = of_process();
    if (!known.is_in_case || known.acts ||
        known.statements.size() < known.reversed.value_or(SIZE_MAX) ||
        known.put_forward.count(connection) > 0) {
        return;
    }
    known.acts = true;
    sqlite3_exec(connection, "PRAGMA reverse_unordered_selects = OFF", nullptr, nullptr, nullptr);
    known.put_forward.insert(connection);
    known.acts = false;
}

} // namespace isolite::sandbox
