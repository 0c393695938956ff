#include "sandbox/kept_statements.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

namespace isolite {

kept_statements::kept_statements(SQLite::Database& database) : database_(database) {}

kept_statements::~kept_statements() = default;

SQLite::Statement& kept_statements::get(std::string_view sql) {
    auto found = statements_.find(sql);
    if (found == statements_.end()) {
        found = statements_.emplace(sql, alternatives()).first;
    }
    for (const auto& statement : found->second) {
        if (!statement->hasRow()) {
            statement->reset();
            statement->clearBindings();
            return *statement;
        }
    }
    return *found->second.emplace_back(
        std::make_unique<SQLite::Statement>(database_, found->first));
}

} // namespace isolite
