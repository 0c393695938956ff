#include "seed/workshop.hpp"

#include "files/claim_uses.hpp"
#include "seed/fingerprint.hpp"
#include "seed/making.hpp"
#include "seed/seed_text.hpp"
#include "seed/served_path.hpp"
#include "seed/sql_script.hpp"
#include "store/directory.hpp"
#include "store/vfs.hpp"
#include "text/statement_text.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace isolite::seeds {

namespace {

/// Returns the hint for what SQLite says: for a name that a connection must know, where it has to
/// be told.
std::string hint_for(const std::string& message, const std::string& otherwise) {
    for (const char* const unknown : {"no such collation sequence: ", "no such function: ",
                                      "no such module: ", "unknown function: "}) {
        if (message.find(unknown) != std::string::npos) {
            return "if on_connect registers it: that is called when the seed has been applied, so "
                   "a step before must register it, too";
        }
    }
    return otherwise;
}

result<void> run_script(const seed& seed, const std::string& label, const std::string& sql,
                        sqlite3* connection) {
    const auto failed = run_sql_script(connection, sql);
    if (!failed) {
        return {};
    }
    std::string what = label + ":" + std::to_string(failed->line) + ": " + failed->message;
    if (!failed->statement.empty()) {
        what += ", in \"" + failed->statement + "\"";
    }
    return seed_failure(seed, what, hint_for(failed->message, failed->hint), failed->code);
}

/// Returns a statement or a BLOB handle that is not SQLite's own, as those of virtual tables are,
/// or null.
sqlite3_stmt* left_open(sqlite3* connection) {
    if (sqlite3_next_stmt(connection, nullptr)) {
        sqlite3_exec(connection, "PRAGMA writable_schema = RESET", nullptr, nullptr, nullptr);
    }
    return sqlite3_next_stmt(connection, nullptr);
}

/// A connection that is not closed where somebody still uses it: SQLiteCpp would abort.
struct close_if_unused {
    void operator()(SQLite::Database* database) const noexcept {
        static auto* const in_use =
            new std::vector<SQLite::Database*>; // reachable for leak checkers
        if (left_open(database->getHandle())) {
            in_use->push_back(database);
        } else {
            delete database;
        }
    }
};

/// Lets the step open the database by path, while the connection of the seed is idle.
result<void> run_path_step(const seed& seed, const seed::part& step, SQLite::Database& database) {
    const std::string name(store::short_name(sqlite3_db_filename(database.getHandle(), "main")));
    const auto opened = store::directory::of_process().find(name);
    const auto path = served_path::serve(seed, opened);
    if (!path) {
        return tl::unexpected(path.error());
    }
    step.open_by_path((*path)->text());
    if (opened->count_open() > 1) {
        return seed_failure(
            seed, "step '" + step.label + "' left a connection to '" + (*path)->text() + "' open",
            "let the step close what it opens: tests get other databases");
    }
    return {};
}

/// Runs a step, whose failure is that of SQLite where it was refused a file.
result<void> run_own_step(const seed& seed, const seed::part& step, SQLite::Database& database) {
    const std::string name = "step '" + step.label + "'";
    const paths::claim_uses::step running;

    try {
        if (step.open_by_path) {
            return run_path_step(seed, step, database);
        }
        step.write(database);
    } catch (const SQLite::Exception& problem) {
        return seed_failure(seed, name + " failed: " + problem.what(),
                            hint_for(problem.what(), "the step threw this exception"),
                            problem.getExtendedErrorCode());
    } catch (const std::exception& problem) {
        return seed_failure(seed, name + " failed: " + problem.what(),
                            "the step threw this exception");
    } catch (...) {
        return seed_failure(seed, name + " failed",
                            "the step threw something that is no exception");
    }
    if (sqlite3_get_autocommit(database.getHandle()) == 0) {
        return seed_failure(seed, name + " left a transaction open",
                            "end each transaction in the step that began it");
    }
    if (sqlite3_stmt* const left = left_open(database.getHandle())) {
        const char* const sql = sqlite3_sql(left);
        return seed_failure(seed,
                            name + " left " +
                                (sql ? "the statement \"" + text::statement_text(sql) + "\""
                                     : std::string("a BLOB handle")) +
                                " open",
                            "let the step end what it prepares: its connection is closed, and the "
                            "tests get others");
    }
    return {};
}

result<void> run_step(const seed& seed, const seed::part& step, SQLite::Database& database) {
    auto done = run_own_step(seed, step, database);
    if (const auto why = take_failure()) {
        return seed_failure(seed, "step '" + step.label + "' cannot " + why->message, why->hint);
    }
    return done;
}

/// A database without a table after a step is a mistake of the step: nothing else would tell, and
/// tests would run on the empty image.
result<void> look_for_content(const seed& seed, SQLite::Database& database) {
    const auto& parts = seed.parts();
    const auto last = std::find_if(parts.rbegin(), parts.rend(), [](const seed::part& part) {
        return part.what == seed::part::kind::step;
    });
    if (last == parts.rend() ||
        database.execAndGet("SELECT count(*) FROM sqlite_master").getInt() != 0) {
        return {};
    }
    return seed_failure(
        seed, "the database is empty after step '" + last->label + "'",
        "let a step commit what it writes; a seed that means an empty database has no "
        "step, and sets its PRAGMAs by sql(...)");
}

/// Writes the header of a database in which the seed made nothing: connections tell by its change
/// counter whether what they cached is still true.
void write_header(SQLite::Database& database) {
    const int version = database.execAndGet("PRAGMA user_version").getInt();
    database.exec("PRAGMA user_version = " + std::to_string(version));
}

} // namespace

result<std::string> apply(const seed& seed, SQLite::Database& database) {
    fingerprint applied(seed);
    for (const seed::part& part : seed.parts()) {
        result<void> done;
        if (part.what == seed::part::kind::step) {
            applied.add_step(part);
            done = run_step(seed, part, database);
        } else {
            done = read_text(seed, part).and_then([&](const std::string& text) {
                applied.add_text(checksum_of(text));
                return run_script(seed, part.label, text, database.getHandle());
            });
        }
        if (!done) {
            return tl::unexpected(done.error());
        }
    }
    return look_for_content(seed, database).map([&] { return applied.text(); });
}

result<seeded_image> build_image(const seed& seed) {
    const std::string& name = seed.name();
    try {
        const auto start = std::chrono::steady_clock::now();
        const store::temporary_file file(name + " (seeding)", nullptr);
        const std::unique_ptr<SQLite::Database, close_if_unused> opened(new SQLite::Database(
            store::uri_of(file.name()), SQLite::OPEN_READWRITE | SQLite::OPEN_URI));
        SQLite::Database& database = *opened;
        database.exec("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;"
                      "PRAGMA foreign_keys = ON");
        return apply(seed, database).map([&](std::string fingerprint) {
            write_header(database);
            database.exec("PRAGMA wal_checkpoint(TRUNCATE)"); // does nothing in other modes
            auto image = store::directory::of_process().find(file.name())->freeze();
            return seeded_image{std::move(image), std::chrono::steady_clock::now() - start,
                                std::move(fingerprint)};
        });
    } catch (const SQLite::Exception& problem) {
        return tl::unexpected(
            error{errc::database, "build the database '" + name + "': " + problem.what(),
                  "a PRAGMA that the seed set may forbid writing", problem.getExtendedErrorCode()});
    }
}

} // namespace isolite::seeds
