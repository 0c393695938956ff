#pragma once

#include <isolite/error.hpp>
#include <isolite/seed.hpp>

#include <SQLiteCpp/Exception.h>

#include <string>
#include <vector>

namespace isolite::sandbox {

/// What each connection to an engine's databases is opened with.
struct connection_recipe {
    struct attachment {
        std::string schema;
        std::string uri;
    };

    std::string uri;
    std::vector<attachment> attached;
    std::vector<seed::step_function> steps;
    bool sets_rollback_hook = false; ///< The steps do, as was found out.

    /// Attaches the databases and makes the settings: foreign keys are enforced, nothing is synced,
    /// and rollback journals stay in SQLite's own memory. A database in WAL mode stays in it. Then
    /// the steps are run. Errors: throws SQLite::Exception and what a step throws.
    void prepare(SQLite::Database& database) const;

    /// Does so without the steps. Errors: throws SQLite::Exception.
    void prepare_without_steps(SQLite::Database& database) const;
};

/// Attaches the database at a URI. Errors: throws SQLite::Exception.
void attach(SQLite::Database& database, const std::string& uri, const std::string& schema);

/// Returns what `open` returns, and turns what it throws into an error about the database at `uri`:
/// errc::database, or errc::seed for a step that throws.
template <typename Open>
[[nodiscard]] auto opening(const std::string& uri, Open open) -> result<decltype(open())> {
    const std::string failed = "open a connection to '" + uri + "'";
    try {
        return open();
    } catch (const SQLite::Exception& problem) {
        return tl::unexpected(error{errc::database, failed + ": " + problem.what(),
                                    "a step given to on_connect may have failed",
                                    problem.getExtendedErrorCode()});
    } catch (const std::exception& problem) {
        return tl::unexpected(error{errc::seed, failed + ": " + problem.what(),
                                    "a step given to on_connect threw this exception"});
    } catch (...) {
        return tl::unexpected(error{
            errc::seed, failed, "a step given to on_connect threw something that is no exception"});
    }
}

} // namespace isolite::sandbox
