#include "sandbox/kept_statements.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

namespace isolite::sandbox {

kept_statements::kept_statements(SQLite::Database& database, const std::uint64_t& schema_changes)
    : database_(database), schema_changes_(schema_changes) {}

kept_statements::~kept_statements() = default;

SQLite::Statement& kept_statements::get(std::string_view sql) {
    auto found = statements_.find(sql);
    if (found == statements_.end()) {
        found = statements_.emplace(sql, std::vector<kept>()).first;
    }
    for (kept& each : found->second) {
        if (each.prepared != never && each.statement->hasRow()) {
            continue;
        }
        if (each.prepared == schema_changes_) {
            each.statement->tryReset(); // who ran it last has heard what failed
            each.statement->clearBindings();
        } else {
            *each.statement = SQLite::Statement(database_, found->first);
            each.prepared = schema_changes_;
        }
        return *each.statement;
    }
    return *found->second
                .emplace_back(kept{std::make_unique<SQLite::Statement>(database_, found->first),
                                   schema_changes_})
                .statement;
}

std::vector<SQLite::Statement> kept_statements::release() {
    std::vector<SQLite::Statement> taken;
    for (auto& [sql, all] : statements_) {
        for (kept& each : all) {
            if (each.prepared != never) {
                taken.push_back(std::move(*each.statement));
                each.prepared = never;
            }
        }
    }
    return taken;
}

} // namespace isolite::sandbox
