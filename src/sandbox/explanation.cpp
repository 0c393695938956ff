#include "sandbox/explanation.hpp"

#include "leak/cursor.hpp"
#include "leak/difference.hpp"
#include "sandbox/own_statement.hpp"
#include "store/directory.hpp"
#include "store/vfs.hpp"

#include <SQLiteCpp/Database.h>
#include <sqlite3.h>

#include <algorithm>
#include <utility>

namespace isolite::sandbox {

namespace {

std::string uri_of(const store::temporary_file& file) {
    return store::uri_of(file.name()) + "&mode=ro";
}

/// Gives a connection the functions and collations that the schema may need. A step that wants
/// the seed's tables fails here, which only makes the explanation poorer.
void run_steps(SQLite::Database& database, const std::vector<seed::step_function>& steps) {
    for (const seed::step_function& step : steps) {
        try {
            step(database);
        } catch (...) {
        }
    }
}

} // namespace

std::shared_ptr<const store::image> content_seen_by(sqlite3* connection,
                                                    const std::string& schema) {
    if (!connection) { // it could not be opened anew
        return nullptr;
    }
    // In the middle of it the connection reads, and so knows of a page size that another one has
    // set; sqlite3_serialize asks for that before it reads.
    sqlite3_stmt* reading = nullptr;
    const std::string pages = "PRAGMA " + leak::quoted_name(schema) + ".page_count";
    sqlite3_prepare_v2(connection, pages.c_str(), -1, &reading, nullptr);
    const own_statement read(reading);
    sqlite3_step(reading);
    sqlite3_int64 size = 0;
    const std::unique_ptr<unsigned char, decltype(&sqlite3_free)> bytes(
        sqlite3_serialize(connection, schema.c_str(), &size, 0), sqlite3_free);
    if (!bytes) {
        return nullptr;
    }
    const auto* const first = reinterpret_cast<const std::byte*>(bytes.get());
    return std::make_shared<const store::image>(std::vector<std::byte>(first, first + size));
}

std::shared_ptr<const store::image> content_committed(const std::string& uri) {
    sqlite3* connection = nullptr;
    sqlite3_open_v2(uri.c_str(), &connection,
                    SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_PRIVATECACHE, nullptr);
    auto content = content_seen_by(connection, "main"); // with what is in its log
    sqlite3_close(connection);
    return content;
}

exhibit exhibit_of(live_database& live, const layered_database& database) {
    auto now = content_seen_by(live.handle(), database.schema);
    return {database.name, database.store->freeze_checkpoint(),
            now ? std::move(now) : database.store->freeze(), &live.recipe().steps};
}

std::vector<exhibit> exhibits_of(live_database& live, bool only_touched) {
    std::vector<exhibit> all;
    for (const layered_database& each : live.databases()) {
        if (only_touched && each.store->touched_pages() == 0) {
            continue;
        }
        all.push_back(exhibit_of(live, each));
    }
    return all;
}

std::vector<exhibit> committed_exhibits_of(live_database& live) {
    std::vector<exhibit> all;
    for (const layered_database& each : live.databases()) {
        if (each.store->touched_pages() == 0) {
            continue;
        }
        if (auto now = content_committed(each.uri)) {
            all.push_back(
                {each.name, each.store->freeze_checkpoint(), std::move(now), &live.recipe().steps});
        }
    }
    return all;
}

leak::described_difference explain(const connection_recipe& recipe, const exhibit& shown,
                                   leak::new_tables told) {
    const store::temporary_file before(shown.database + " (as a test found it)", shown.before);
    const store::temporary_file now(shown.database + " (as a test left it)", shown.now);
    try {
        // As main, because all databases of a connection have the text encoding of that.
        SQLite::Database database(uri_of(before), SQLite::OPEN_READONLY | SQLite::OPEN_URI);
        run_steps(database, shown.steps ? *shown.steps : recipe.steps);
        attach(database, uri_of(now), "now");
        return leak::difference(database.getHandle(), "main", "now", told);
    } catch (const SQLite::Exception& problem) {
        return {{std::string("what changed cannot be told: ") + problem.what()}, 0};
    }
}

std::vector<exhibit> compared(const connection_recipe& recipe, std::vector<exhibit> shown) {
    for (exhibit& each : shown) {
        each.lines = explain(recipe, each).lines;
    }
    return shown;
}

std::vector<exhibit> differing(const connection_recipe& recipe, std::vector<exhibit> shown) {
    shown = compared(recipe, std::move(shown));
    shown.erase(std::remove_if(shown.begin(), shown.end(),
                               [](const exhibit& each) { return each.lines.empty(); }),
                shown.end());
    return shown;
}

std::string lines_of_evidence(const std::string& test, const std::vector<exhibit>& shown) {
    std::string text = write_evidence(test, shown);
    for (const exhibit& each : shown) {
        if (each.database.front() == '/') { // whoever looked for it on the disk found nothing
            text += "\n  '" + each.database + "' is claimed: it is in memory, and not on the disk";
        }
        text += "\n  " + (shown.size() == 1 ? "" : "in '" + each.database + "' ") +
                (each.lines.empty() ? "nothing differs from what the test found"
                                    : "it differs from what the test found:");
        for (const std::string& line : each.lines) {
            text += "\n    " + line;
        }
    }
    return text;
}

std::string text_of_evidence(const std::string& test, const std::vector<exhibit>& shown) {
    return "the database of '" + test + "' when it failed:" + lines_of_evidence(test, shown);
}

} // namespace isolite::sandbox
