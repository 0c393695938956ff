#include "sandbox/surroundings.hpp"

#include "leak/cursor.hpp"
#include "sandbox/database_answers.hpp"

#include <sqlite3.h>

#include <algorithm>

namespace isolite::sandbox {

namespace {

/// Copies one schema of a connection over one of another.
bool copy_schema(sqlite3* from, const char* schema, sqlite3* to, const char* over) noexcept {
    sqlite3_backup* const backup = sqlite3_backup_init(to, over, from, schema);
    const bool copied = backup && sqlite3_backup_step(backup, -1) == SQLITE_DONE;
    return sqlite3_backup_finish(backup) == SQLITE_OK && copied;
}

} // namespace

surroundings look_around(sqlite3* handle, connection& used,
                         const std::vector<std::string>& schemas) {
    surroundings found;
    if (used.watch.has_virtual_tables()) { // their schema may have been read again
        used.connect_virtual_tables(schemas);
    }
    used.show_flags();
    if (used.watch.unusual()) {
        found.portrait = look_at(handle, {});
    }
    for (const std::string& schema : used.watch.unlayered()) {
        auto content = std::make_unique<SQLite::Database>(":memory:", SQLITE_OPEN_READWRITE |
                                                                          SQLITE_OPEN_PRIVATECACHE);
        if (file_behind(handle, schema.c_str()).empty() &&
            copy_schema(handle, schema.c_str(), content->getHandle(), "main")) {
            found.copies.push_back({schema, std::move(content)});
        }
    }
    return found;
}

void put_back(sqlite3* handle, const std::vector<std::string>& schemas, const surroundings& found) {
    const auto attach = [handle](const std::string& schema, const std::string& file) {
        if (sqlite3_db_filename(handle, schema.c_str()) == nullptr && schema != "temp") {
            leak::run(handle,
                      "ATTACH " + leak::text_literal(file) + " AS " + leak::quoted_name(schema));
        }
    };
    for (const surroundings::copy& each : found.copies) {
        attach(each.schema, ":memory:");
        copy_schema(each.content->getHandle(), "main", handle, each.schema.c_str());
    }
    if (found.portrait) {
        put_switches(handle, *found.portrait);
        const auto& attached = found.portrait->attached;
        for (const auto& [schema, file] : attached) {
            attach(schema, file);
        }
        for (const std::string& schema : schemas) {
            const bool is_there = schema == "main" || std::any_of(attached.begin(), attached.end(),
                                                                  [&schema](const auto& each) {
                                                                      return each.first == schema;
                                                                  });
            if (!is_there) {
                leak::run(handle, "DETACH " + leak::quoted_name(schema));
            }
        }
    }
}

} // namespace isolite::sandbox
