#include "seed/apply.hpp"

#include "seed/sql_script.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

#include <cstddef>

namespace isolite {

namespace {

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
    return tl::unexpected(seed_error(seed, what, failed->hint, failed->code));
}

result<void> run_step(const seed& seed, const seed::part& step, SQLite::Database& database) {
    const std::string name = "step '" + step.label + "'";
    try {
        step.write(database);
    } catch (const SQLite::Exception& problem) {
        return tl::unexpected(seed_error(seed, name + " failed: " + problem.what(),
                                         "the step threw this exception",
                                         problem.getExtendedErrorCode()));
    } catch (const std::exception& problem) {
        return tl::unexpected(
            seed_error(seed, name + " failed: " + problem.what(), "the step threw this exception"));
    } catch (...) {
        return tl::unexpected(
            seed_error(seed, name + " failed", "the step threw something that is no exception"));
    }
    if (sqlite3_get_autocommit(database.getHandle()) == 0) {
        return tl::unexpected(seed_error(seed, name + " left a transaction open",
                                         "end each transaction in the step that began it"));
    }
    return {};
}

} // namespace

result<void> apply(const loaded_seed& loaded, SQLite::Database& database) {
    const seed& seed = *loaded.seed;
    for (std::size_t i = 0; i < seed.parts().size(); ++i) {
        const seed::part& part = seed.parts()[i];
        auto done = part.what == seed::part::kind::step
                        ? run_step(seed, part, database)
                        : run_script(seed, part.label, loaded.texts[i], database.getHandle());
        if (!done) {
            return done;
        }
    }
    return {};
}

} // namespace isolite
