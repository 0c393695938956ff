#pragma once

#include "sandbox/connection.hpp"
#include "sandbox/connection_portrait.hpp"
#include "sandbox/kept_objects.hpp"
#include "sandbox/kept_statements.hpp"
#include "sandbox/layered_databases.hpp"
#include "sandbox/surroundings.hpp"
#include "sandbox/usual_settings.hpp"

#include <isolite/error.hpp>

#include <SQLiteCpp/Database.h>

#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace isolite::sandbox {

/// What an engine is: databases on images, one connection to them, and all that is kept on it. The
/// connection can be replaced by a new one, behind the same `SQLite::Database`.
class live_database {
  public:
    using images = std::vector<std::shared_ptr<const store::image>>;

    /// Errors: errc::database, errc::seed for a step that throws, errc::usage.
    [[nodiscard]] static result<std::unique_ptr<live_database>> open(const seed& seed,
                                                                     const images& images);
    ~live_database();
    live_database(const live_database&) = delete;
    live_database& operator=(const live_database&) = delete;

    [[nodiscard]] SQLite::Database& db() noexcept { return *database_; }
    [[nodiscard]] sqlite3* handle() noexcept { return database_->getHandle(); }
    [[nodiscard]] const std::string& name() const noexcept { return databases_.main().name; }
    /// Returns what the ledger calls it: as its seed where its name is that of a file.
    [[nodiscard]] const std::string& recorded_name() const noexcept { return recorded_name_; }
    [[nodiscard]] layered_databases& databases() noexcept { return databases_; }
    [[nodiscard]] const layered_databases& databases() const noexcept { return databases_; }
    [[nodiscard]] const connection_recipe& recipe() const noexcept { return recipe_; }
    /// Returns what the sandbox has on the connection. Requires: `check_ready` said so.
    [[nodiscard]] sandbox::connection& connection() noexcept { return *connection_; }
    /// Returns the kept statements, which also prepare anew what others have changed the schema of.
    [[nodiscard]] kept_statements& statements() noexcept;
    [[nodiscard]] void* kept(std::type_index type, const object_kind& kind) {
        return objects_.get(type, kind, *database_);
    }

    [[nodiscard]] kept_objects& objects() noexcept { return objects_; }

    /// Makes the kept objects anew that have ended; nothing stays of what their constructors write.
    /// Returns whether one that had changed nothing before has done so, perhaps to the connection.
    /// Errors: throws std::runtime_error if what one writes cannot be undone.
    [[nodiscard]] bool make_objects();

    /// Opens a further connection, set up as this one is.
    [[nodiscard]] result<SQLite::Database> connect(std::chrono::milliseconds busy_timeout) const;

    /// Says that a session may begin, or why the connection could not be made what it has to be,
    /// having tried once more. `found` and `last_insert_rowid` are what the session finds; one that
    /// is inside of others finds the rowid of these.
    [[nodiscard]] result<void> check_ready(bool is_inner, const surroundings& found,
                                           std::int64_t last_insert_rowid);

    /// Says whether there is a connection; where one could not be opened, `check_ready` tells why.
    [[nodiscard]] bool is_open() const noexcept { return connection_ != nullptr; }

    /// Says whether code under test opens one of the databases by path.
    [[nodiscard]] bool is_claimed() const noexcept { return is_claimed_; }

    /// Says whether a test that leaves a connection open fails.
    [[nodiscard]] bool strict_connections() const noexcept { return strict_connections_; }

    /// Returns what a session is in, where that is not what a new connection is.
    [[nodiscard]] surroundings present() {
        return look_around(handle(), connection(), databases_.schemas());
    }

    /// Puts the connection away, rewinds the databases and opens a new connection on them, on which
    /// everything is made anew, also what `found` has. Returns in what `left`, which it was,
    /// differs from what `test` had found, each as a clause.
    std::vector<std::string> replace_connection(const connection_portrait& left,
                                                bool database_may_change, const std::string& test,
                                                const surroundings& found);

    /// Says whether connections that the test had left in WAL mode were cut off with that.
    [[nodiscard]] bool freed_from_wal() const noexcept { return freed_from_wal_; }

    /// Returns what differs where the connection has to stay.
    [[nodiscard]] std::vector<std::string> connection_changes(const connection_portrait& left,
                                                              bool database_may_change,
                                                              const surroundings& found);

    /// Returns why the suite that has made `found` needs this very connection, as what reads after
    /// "which", or "".
    [[nodiscard]] std::string what_keeps_connection(const surroundings& found);

    /// Gives up the connection and the stores, because a test was cut off in the middle of a call,
    /// and starts anew on the images.
    [[nodiscard]] result<void> start_over();

  private:
    live_database() = default;

    [[nodiscard]] result<void> prepare(const seed& seed, const images& images);
    void open_connection(bool with_steps);
    [[nodiscard]] result<void> try_to_open();
    void put_connection_away() noexcept;

    /// What sessions around have set, while the connection is opened anew.
    struct carried_settings {
        std::optional<usual_settings> usual = {};
        std::vector<setting> heard = {};
        std::vector<connection_watch::outer_session> outer = {};
    };
    [[nodiscard]] carried_settings carry_settings(bool is_inner);
    void take_over(carried_settings& carried);
    void open_as_usual();
    void open_again() noexcept;
    void warn_of_lost_functions(const std::set<std::string>& used, const std::string& test);
    [[nodiscard]] static std::vector<std::string>
    named(const connection_portrait& left, connection_portrait usual, bool database_may_change,
          const surroundings& found, const usual_settings& known_settings);

    layered_databases databases_;
    connection_recipe recipe_;
    std::optional<SQLite::Database> database_;
    std::uint64_t schema_changes_ = 0;
    std::uint64_t cookies_ = 0; // of all stores, when they were last looked at
    std::optional<kept_statements> statements_;
    kept_objects objects_{schema_changes_};
    usual_settings usual_;
    std::unique_ptr<sandbox::connection> connection_;
    std::optional<error> failure_; // why the connection lacks what the recipe asks for
    std::set<std::string> known_functions_;
    std::string recorded_name_;
    bool strict_connections_ = false;
    bool is_claimed_ = false;
    bool freed_from_wal_ = false;
};

} // namespace isolite::sandbox
