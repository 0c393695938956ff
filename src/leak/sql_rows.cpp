#include "leak/sql_rows.hpp"

#include <sqlite3.h>

namespace isolite {

namespace {

using table = std::vector<std::vector<std::string>>;

int add_row(void* raw, int count, char** values, char** /*names*/) {
    if (!values) {
        return 0; // no row at all: PRAGMA empty_result_callbacks
    }
    auto& row = static_cast<table*>(raw)->emplace_back();
    for (int i = 0; i < count; ++i) {
        row.emplace_back(values[i] ? values[i] : "NULL");
    }
    return 0;
}

} // namespace

void run(sqlite3* connection, const std::string& sql) {
    sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, nullptr);
}

std::vector<std::vector<std::string>> rows(sqlite3* connection, const std::string& sql) {
    table result;
    sqlite3_exec(connection, sql.c_str(), add_row, &result, nullptr);
    return result;
}

std::string first_value(sqlite3* connection, const std::string& sql) {
    const table result = rows(connection, sql);
    return result.empty() ? std::string() : result.front().front();
}

} // namespace isolite
