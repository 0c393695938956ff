#include "seed/apply.hpp"

#include "seed/sql_script.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace isolite {

namespace {

error seed_error(const seed& seed, const std::string& what, std::string hint, int code = 0) {
    return {errc::seed, "apply the seed '" + seed.name() + "': " + what, std::move(hint), code};
}

result<std::string> read_file(const seed& seed, const std::string& path) {
    // A directory opens as a stream too, and fails only when it is read.
    std::error_code ignored;
    std::ifstream file(path, std::ios::binary);
    if (!file || std::filesystem::is_directory(path, ignored)) {
        const std::string why = file ? "is a directory" : std::strerror(errno);
        return tl::unexpected(seed_error(
            seed, path + ": " + why,
            "a relative path is taken from the working directory, which is '" +
                std::filesystem::current_path(ignored).string() +
                "'; give an absolute one, for instance from a define that the build sets"));
    }
    return std::string(std::istreambuf_iterator<char>(file), {});
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

result<void> run_part(const seed& seed, const seed::part& part, SQLite::Database& database) {
    switch (part.what) {
    case seed::part::kind::sql_file:
        return read_file(seed, part.label).and_then([&](const std::string& sql) {
            return run_script(seed, part.label, sql, database.getHandle());
        });
    case seed::part::kind::sql_text:
        return run_script(seed, part.label, part.sql, database.getHandle());
    case seed::part::kind::step:
        return run_step(seed, part, database);
    }
    return {};
}

} // namespace

result<void> apply(const seed& seed, SQLite::Database& database) {
    for (const seed::part& part : seed.parts()) {
        if (auto done = run_part(seed, part, database); !done) {
            return done;
        }
    }
    return {};
}

} // namespace isolite
