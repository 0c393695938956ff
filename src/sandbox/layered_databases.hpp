#pragma once

#include "sandbox/connection_recipe.hpp"
#include "store/store.hpp"

#include <isolite/error.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace isolite::sandbox {

/// One database of an engine, in memory.
struct layered_database {
    std::string schema; ///< What the engine's connection calls it: main, or what it is attached as.
    std::string name;
    std::string uri;
    std::shared_ptr<const store::image> image; ///< Null for one that `on_connect` makes.
    std::shared_ptr<store::store> store;
};

/// The databases of an engine that have layers below SQLite: those of its seed, and those of the
/// VFS that `on_connect` attaches. Main comes first.
class layered_databases {
  public:
    layered_databases() = default;
    ~layered_databases();
    layered_databases(const layered_databases&) = delete;
    layered_databases& operator=(const layered_databases&) = delete;

    /// Adds a store on an image to the directory of the VFS. `file` is the full name of a claimed
    /// file, which is the database then, or "".
    /// Errors: errc::usage if there is a database of that name already.
    [[nodiscard]] result<void> add(std::shared_ptr<const store::image> image, std::string schema,
                                   const std::string& name, const std::string& file);

    /// Puts new stores in the place of those that are there, which live on with who uses them.
    void renew();

    /// Forgets the databases that `on_connect` made, which it will make again.
    void forget_made();

    /// Takes in what else the connection has attached, and becomes what its work belongs to.
    /// Returns the file of a database that lies outside of the VFS, or "".
    [[nodiscard]] std::string take_in(sqlite3* connection);

    [[nodiscard]] auto begin() const noexcept { return all_.begin(); }
    [[nodiscard]] auto end() const noexcept { return all_.end(); }
    [[nodiscard]] const layered_database& main() const noexcept { return all_.front(); }
    [[nodiscard]] const layered_database* find(std::string_view schema) const noexcept;
    [[nodiscard]] std::vector<std::string> schemas() const;

    /// Makes what a new connection wrote when it was prepared part of the databases, if they have
    /// no layers yet, and else drops it. Returns false while it is writing a transaction.
    [[nodiscard]] bool settle_new_connection();

    /// Puts a layer on each. Returns false, and puts none, while a transaction is being written.
    [[nodiscard]] bool put_layers();

    /// Says whether they have layers, which a connection puts on new stores when it is ready.
    [[nodiscard]] bool has_layers() const { return main().store->depth() > 0; }
    void drop_layers() noexcept;

    /// Makes the databases ready for a test, and starts or stops recording commits; see
    /// `store::settle`. Returns false as `put_layers` does.
    [[nodiscard]] bool settle(bool records_commits);

    /// Drops what the uppermost layers hold. Whoever reads or writes loses his lock.
    void rewind() noexcept;

    /// Rewinds where that takes nothing from anybody. Returns whether all could be.
    [[nodiscard]] bool rewind_quietly(bool only_if_clean);

    /// Returns what `store::locked_out` says of the first database where there was something.
    [[nodiscard]] std::optional<std::string> locked_out() const;

    [[nodiscard]] bool kept_in_wal() const { return any(&store::store::kept_in_wal); }

    /// Takes databases for good from what keeps them in WAL mode, where a test opened it. Returns
    /// whether there was something.
    bool free_from_wal();

    /// Returns the name of a database in whose place the connection has something else, as
    /// sqlite3_deserialize puts there, or ""; of an attached one its schema.
    [[nodiscard]] std::string exchanged(sqlite3* connection) const;
    [[nodiscard]] bool are_being_written() const { return any(&store::store::is_being_written); }
    [[nodiscard]] bool owner_wrote() const { return any(&store::store::owner_wrote); }
    [[nodiscard]] bool owner_restores() const { return any(&store::store::owner_restores); }
    [[nodiscard]] bool owner_keeps_lock() const { return any(&store::store::owner_keeps_lock); }

    /// Says whether a connection that an earlier test left open has committed something.
    [[nodiscard]] bool disturbed() const { return any(&store::store::disturbed); }
    [[nodiscard]] std::size_t touched_pages() const;

    /// Returns how often connections have opened them.
    [[nodiscard]] std::uint64_t count_openings() const noexcept;

    /// Moves what the logs of databases in WAL mode hold into the databases, as far as readers
    /// allow.
    void empty_logs() const noexcept;

    /// Lets a connection read schemas again that are others than those it knows. SQLite notices
    /// that when a statement runs, and some are refused before, by what their table used to be.
    /// Returns whether there was one.
    bool reread_schemas(sqlite3* connection) noexcept;

  private:
    template <typename Claim>
    [[nodiscard]] bool any(Claim claim) const {
        return std::any_of(all_.begin(), all_.end(),
                           [claim](const auto& each) { return ((*each.store).*claim)(); });
    }

    std::vector<layered_database> all_;
    std::vector<std::uint64_t> generations_; // of the schemas, when the connection last read them
    std::size_t seeded_ = 0;                 // how many are the seed's
};

} // namespace isolite::sandbox
