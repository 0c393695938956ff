#pragma once

#include "connection.hpp"
#include "database_bytes.hpp"
#include "store/store.hpp"

#include <array>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace isolite::store::tests {

/// Thrown when the two databases differ. Says in what.
struct difference : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Whether the databases may be in WAL mode, and if so, whether what is in a log is put into the
/// database before the two are compared.
enum class logs { none, kept, ended };

/// One database on SQLite's own VFS and one on ours, both called main.db, with the same three
/// connections each. Whatever is done, is done to both, and must give the same.
/// On our side the connections stay open over checkpoints and discards; on SQLite's side they are
/// closed and the file is copied.
class twin_database {
  public:
    static constexpr std::size_t connections = 3;

    /// Opens both. Requires: the working directory is one for scratch files.
    /// With `on_image`, `setup` is run on SQLite's side, and its bytes become our side's image.
    twin_database(const std::vector<std::string>& setup, bool on_image, logs in_logs);
    ~twin_database();
    twin_database(const twin_database&) = delete;
    twin_database& operator=(const twin_database&) = delete;

    /// Runs `sql` on a connection. Throws `difference`.
    void run(std::size_t on, const std::string& sql);

    /// Prepares a query on a connection, instead of the one it had open.
    void open_cursor(std::size_t on, const std::string& sql);

    /// Steps the open query of a connection.
    void step_cursor(std::size_t on, std::size_t rows);

    /// Prepares a statement that our side keeps over checkpoints and discards.
    void keep_statement(std::size_t on, const std::string& sql);

    /// Runs the kept statement once more.
    void run_kept(std::size_t on);

    /// Closes a connection and opens it again.
    void reopen(std::size_t on);

    void checkpoint();

    /// Drops the last checkpoint's layer once every transaction has ended.
    void discard();

    /// Drops the last checkpoint's layer while transactions and cursors are open on our side,
    /// tries what `late_statements` do then, and ends the transactions.
    void discard_under_locks(const std::vector<std::string>& late_statements);

    /// The same, but keeps the layer.
    void rewind_under_locks(const std::vector<std::string>& late_statements);

    /// Once every transaction has ended, drops what the last layer holds, or makes it part of the
    /// checkpoint if the first connection wrote some of it.
    void settle();

    /// Compares the content, as every connection and a new one see it, and the bytes.
    void compare();

    [[nodiscard]] std::size_t depth() const { return checkpoints_.size(); }
    [[nodiscard]] std::size_t revoked() const { return revoked_; }

    /// Returns what was done so far, a line for each call.
    [[nodiscard]] const std::vector<std::string>& transcript() const { return transcript_; }

  private:
    struct participant {
        std::optional<connection> database;
        std::optional<cursor> walk;
        std::optional<cursor> kept;
        std::string kept_sql;
    };
    using half = std::array<participant, connections>;
    struct saved {
        std::vector<std::byte> stock;
        std::vector<std::byte> stock_log;
        std::vector<std::byte> ours;
        std::uint64_t our_log_size = 0;
    };

    void note(std::size_t on, const std::string& text);
    void expect_equal(const std::string& what, const outcome& stock, const outcome& ours);
    void open(participant& session, const char* vfs);
    void end_transactions();
    void restore_stock();
    void forget_connection_state();
    void check_restored(const std::vector<std::byte>& before, const std::vector<std::byte>& now,
                        const tolerance& tolerated);
    void leave_wal_mode();
    void drop(const std::vector<std::string>& late_statements, const char* how,
              std::size_t (store::*action)());
    [[nodiscard]] saved present() const;
    void use_up(participant& session, const std::vector<std::string>& late_statements);

    half stock_;
    half ours_;
    std::shared_ptr<store> file_;
    std::vector<saved> checkpoints_;
    std::vector<std::string> transcript_;
    std::size_t revoked_ = 0;
    logs logs_;
};

} // namespace isolite::store::tests
