#include "twin_database.hpp"

#include "by_path.hpp"
#include "database_bytes.hpp"
#include "store/directory.hpp"
#include "store/open_file.hpp"

#include <algorithm>
#include <filesystem>

namespace isolite::store::tests {

namespace {

const char* const name = "main.db";
const char* const log_name = "main.db-wal";
const char* const stock_vfs = "unix";

/// Returns the statement for our side, on which an attached file has a name of its own: where both
/// sides go by path it would be one.
std::string on_ours(std::string sql) {
    const std::string attached = "second.db";
    const auto at = sql.find("'" + attached + "'");
    return at == std::string::npos ? sql
                                   : sql.replace(at + 1, attached.size(), stored_name(attached));
}

void remove_files() {
    for (const std::string& each : directory::of_process().names()) {
        directory::of_process().remove(each);
    }
    for (const auto& each : std::filesystem::directory_iterator(".")) {
        std::filesystem::remove(each);
    }
}

} // namespace

twin_database::twin_database(const std::vector<std::string>& setup, bool on_image, logs in_logs)
    : logs_(in_logs) {
    remove_files();
    if (on_image) {
        std::optional<connection> builder(std::in_place, name, stock_vfs);
        for (const std::string& sql : setup) {
            transcript_.push_back("image: " + sql);
            (void)builder->run(sql);
        }
        builder.reset(); // which ends a log
        file_ = directory::of_process().create(stored_name(name),
                                               std::make_shared<const image>(bytes_on_disk(name)));
    } else {
        file_ = directory::of_process().create(stored_name(name), nullptr);
    }
    for (std::size_t on = 0; on < connections; ++on) {
        open(stock_[on], stock_vfs);
        open(ours_[on], vfs_name);
    }
    if (!on_image) {
        for (const std::string& sql : setup) {
            run(0, sql);
        }
    }
}

twin_database::~twin_database() {
    stock_ = {};
    ours_ = {};
    remove_files();
}

void twin_database::open(participant& session, const char* vfs) {
    session.kept.reset();
    session.walk.reset();
    session.database.reset();
    session.database.emplace(name, vfs);
    (void)session.database->run("PRAGMA synchronous = OFF");
    if (&session == &ours_[0]) {
        file_->set_owner(holder_of(session.database->handle(), "main"));
    }
}

void twin_database::note(std::size_t on, const std::string& text) {
    transcript_.push_back("connection " + std::to_string(on) + ": " + text);
}

void twin_database::expect_equal(const std::string& what, const outcome& stock,
                                 const outcome& ours) {
    if (!(stock == ours)) {
        throw difference(what + ": SQLite's VFS gives " + stock.text() + "\nours gives " +
                         ours.text());
    }
}

void twin_database::run(std::size_t on, const std::string& sql) {
    note(on, sql);
    outcome stock = stock_[on].database->run(sql);
    outcome ours = ours_[on].database->run(on_ours(sql));
    if (sql.find("wal_checkpoint") != std::string::npos) {
        // A discard may add a frame to the log of the checkpoint: only "busy" says the same.
        for (outcome* each : {&stock, &ours}) {
            std::for_each(each->rows.begin(), each->rows.end(), [](auto& row) { row.resize(1); });
        }
    }
    expect_equal("the statement", stock, ours);
    if (stock.code != SQLITE_OK) {
        transcript_.back() += " -- " + std::to_string(stock.code) + " " + stock.message;
    }
    const auto autocommit = [on](half& side) {
        return sqlite3_get_autocommit(side[on].database->handle());
    };
    if (autocommit(stock_) != autocommit(ours_)) {
        throw difference("one side is in a transaction, the other is not");
    }
}

void twin_database::open_cursor(std::size_t on, const std::string& sql) {
    note(on, "open " + sql);
    for (half* side : {&stock_, &ours_}) {
        participant& session = (*side)[on];
        session.walk.reset();
        session.walk.emplace(session.database->handle(), sql);
    }
    step_cursor(on, 1);
}

void twin_database::step_cursor(std::size_t on, std::size_t rows) {
    if (!stock_[on].walk) {
        return;
    }
    note(on, "step " + std::to_string(rows));
    const outcome stock = stock_[on].walk->step(rows);
    const outcome ours = ours_[on].walk->step(rows);
    if (stock.code != SQLITE_ROW) {
        stock_[on].walk.reset();
        ours_[on].walk.reset();
    }
    expect_equal("the cursor", stock, ours);
}

void twin_database::keep_statement(std::size_t on, const std::string& sql) {
    note(on, "keep " + sql);
    for (half* side : {&stock_, &ours_}) {
        participant& session = (*side)[on];
        session.kept.emplace(session.database->handle(), sql);
        session.kept_sql = sql;
    }
    run_kept(on);
}

void twin_database::run_kept(std::size_t on) {
    if (stock_[on].kept_sql.empty()) {
        return;
    }
    note(on, "kept " + stock_[on].kept_sql);
    std::array<outcome, 2> outcomes;
    for (half* side : {&stock_, &ours_}) {
        participant& session = (*side)[on];
        if (!session.kept || session.kept->prepared() != SQLITE_OK) {
            session.kept.emplace(session.database->handle(), session.kept_sql);
        }
        outcomes[side == &ours_] = session.kept->step();
        session.kept->reset();
    }
    expect_equal("the kept statement", outcomes[0], outcomes[1]);
}

void twin_database::reopen(std::size_t on) {
    note(on, "reopen");
    open(stock_[on], stock_vfs);
    open(ours_[on], vfs_name);
}

void twin_database::end_transactions() {
    for (std::size_t on = 0; on < connections; ++on) {
        stock_[on].walk.reset();
        ours_[on].walk.reset();
        if (sqlite3_get_autocommit(ours_[on].database->handle()) == 0) {
            run(on, on == 0 ? "COMMIT" : "ROLLBACK");
        }
        if (sqlite3_get_autocommit(ours_[on].database->handle()) == 0) {
            run(on, "ROLLBACK"); // the commit was refused
        }
    }
    for (std::size_t on = 0; on < connections; ++on) {
        // A statement that rolled back the transaction of others leaves a lock until the next one.
        if (sqlite3_txn_state(stock_[on].database->handle(), "main") != SQLITE_TXN_NONE) {
            run(on, "SELECT count(*) FROM sqlite_schema");
        }
    }
    if (file_->active_holders() != 0) {
        throw difference("a lock is held although every transaction has ended");
    }
}

void twin_database::checkpoint() {
    end_transactions();
    compare();
    transcript_.push_back("checkpoint " + std::to_string(depth() + 1));
    checkpoints_.push_back(present());
    if (!file_->checkpoint()) {
        throw difference("a checkpoint is refused although every transaction has ended");
    }
    if (file_->changed_pages() != 0) {
        throw difference("a new layer is not clean");
    }
}

twin_database::saved twin_database::present() const {
    return {bytes_on_disk(name), bytes_on_disk(log_name), bytes_of(*file_), file_->size(part::wal)};
}

void twin_database::discard() {
    end_transactions();
    compare();
    discard_under_locks({});
}

void twin_database::discard_under_locks(const std::vector<std::string>& late_statements) {
    drop(late_statements, "discard", &store::discard);
    checkpoints_.pop_back();
}

void twin_database::rewind_under_locks(const std::vector<std::string>& late_statements) {
    drop(late_statements, "rewind", &store::rewind);
}

void twin_database::drop(const std::vector<std::string>& late_statements, const char* how,
                         std::size_t (store::*action)()) {
    const std::size_t holders = file_->active_holders();
    transcript_.push_back(std::string(how) + " " + std::to_string(depth()) + " under " +
                          std::to_string(holders) + " locks");
    const auto last = bytes_of(*file_);
    const bool broken_off = file_->has_writer() || logs_ != logs::none;
    const auto generation = file_->schema_generation();
    const std::size_t revoked = (*file_.*action)();
    if (revoked != holders) {
        throw difference("not every lock was revoked");
    }
    revoked_ += revoked;
    const auto& before = checkpoints_.back().ours;
    check_restored(before, bytes_of(*file_),
                   {broken_off || last.empty() || before.empty() ||
                        cookie_of(last) != cookie_of(before) ||
                        file_->schema_generation() != generation, // it came back by itself
                    file_->kept_in_wal()});
    for (participant& session : ours_) {
        use_up(session, late_statements);
    }
    restore_stock();
    forget_connection_state();
    compare();
}

void twin_database::settle() {
    end_transactions();
    compare();
    transcript_.push_back("settle");
    const saved committed = present();
    const auto rows = ours_[0].database->dump();
    if (!file_->settle()) {
        throw difference("the layer does not settle although every transaction has ended");
    }
    const tolerance counters{true, true};
    if (ours_[0].database->dump() == rows && present().our_log_size == committed.our_log_size &&
        without_counters(present().ours, counters) == without_counters(committed.ours, counters)) {
        transcript_.back() += ": kept";
        checkpoints_.back() = committed;
        return compare();
    }
    restore_stock();
    forget_connection_state();
    compare();
}

/// The kept statements are prepared again when they are run next.
void twin_database::restore_stock() {
    stock_ = {};
    put_on_disk(name, checkpoints_.back().stock);
    put_on_disk(log_name, checkpoints_.back().stock_log);
    for (std::size_t on = 0; on < connections; ++on) {
        open(stock_[on], stock_vfs);
        stock_[on].kept_sql = ours_[on].kept_sql;
    }
}

void twin_database::check_restored(const std::vector<std::byte>& before,
                                   const std::vector<std::byte>& now, const tolerance& tolerated) {
    const auto expected = without_counters(before, tolerated);
    const auto found = without_counters(now, tolerated);
    if (expected != found) {
        throw difference("a discard left something: " + first_difference(expected, found));
    }
    if (const std::string fault = fault_of_counters(before, now); !fault.empty()) {
        throw difference(fault);
    }
}

/// Does with a connection that may have lost its lock what a test that does not know of it does.
void twin_database::use_up(participant& session, const std::vector<std::string>& late_statements) {
    const auto in_transaction = [&session] {
        return sqlite3_get_autocommit(session.database->handle()) == 0;
    };
    if (session.walk) {
        const int code = session.walk->step(3).code & 0xff;
        if (code != SQLITE_ROW && code != SQLITE_DONE && code != SQLITE_IOERR &&
            code != SQLITE_ABORT) { // which a ROLLBACK before the discard may have caused
            throw difference("a cursor without a lock gives code " + std::to_string(code));
        }
    }
    for (const std::string& sql : late_statements) {
        // Else the connection had no lock that it could lose, or the first statement ended it all.
        if (sqlite3_txn_state(session.database->handle(), "main") != SQLITE_TXN_NONE) {
            transcript_.push_back("too late: " + sql);
            (void)session.database->run(on_ours(sql));
        }
    }
    session.walk.reset();
    if (in_transaction()) {
        (void)session.database->run("ROLLBACK");
    }
    if (in_transaction()) {
        throw difference("a transaction that lost its lock cannot be rolled back");
    }
}

/// Connections on SQLite's side are new after a discard: ours must not know more than they.
void twin_database::forget_connection_state() {
    const std::size_t noted = transcript_.size();
    if (file_->kept_in_wal()) {
        leave_wal_mode();
    }
    for (participant& session : ours_) {
        // A connection keeps the page size of a database that is empty now. A temporary database
        // decides the format of rows that ALTER TABLE writes, even when all it had was dropped.
        if (file_->size() == 0 || session.database->value("PRAGMA temp.page_count") != "0") {
            open(session, vfs_name);
        }
        (void)session.database->run("DETACH aux");
    }
    for (std::size_t on = 0; on < connections; ++on) {
        for (const char* sql :
             {"PRAGMA temp.page_count", "PRAGMA foreign_keys = OFF", "PRAGMA cache_size = -2000",
              "PRAGMA cache_spill = 1", "PRAGMA recursive_triggers = OFF",
              "PRAGMA secure_delete = ON", "SELECT count(*) FROM sqlite_schema",
              "SELECT count(*) FROM f0", "SELECT count(*) FROM r0"}) {
            run(on, sql);
        }
        if (ours_[on].database->value("PRAGMA journal_mode") != "'wal'") {
            run(on, "PRAGMA journal_mode = DELETE");
        }
        for (const std::string pragma : {"page_size", "auto_vacuum"}) {
            run(on, "PRAGMA " + pragma);
            run(on, "PRAGMA " + pragma + " = " + ours_[on].database->value("PRAGMA " + pragma));
        }
    }
    transcript_.resize(noted);
}

/// Brings back the journal mode of the checkpoint, which those kept away that stayed in WAL mode.
void twin_database::leave_wal_mode() {
    const auto expected = stock_[0].database->dump();
    for (participant& session : ours_) {
        if (session.database->dump() != expected) {
            throw difference("a connection that stayed in WAL mode sees something else");
        }
    }
    ours_ = {};
    // After a discard in a layer of its own, for what is in the one below must not be dropped.
    const bool discarded = file_->depth() < depth();
    if ((discarded && !file_->checkpoint()) || !file_->settle() || file_->kept_in_wal()) {
        throw difference("the journal mode of the checkpoint does not return");
    }
    if (discarded) {
        (void)file_->discard();
    }
    for (std::size_t on = 0; on < connections; ++on) {
        open(ours_[on], vfs_name);
        ours_[on].kept_sql = stock_[on].kept_sql;
    }
}

void twin_database::compare() {
    if (logs_ == logs::ended) {
        run(0, "PRAGMA wal_checkpoint(TRUNCATE)");
    }
    const auto expected = stock_[0].database->dump();
    const auto check = [&](const std::string& who, connection& database) {
        if (const auto found = database.dump(); found != expected) {
            throw difference("the content as " + who +
                             " sees it: " + first_difference(expected, found));
        }
    };
    for (std::size_t on = 0; on < connections; ++on) {
        // Both, so that both know the schema and have the same pages in their caches.
        check("connection " + std::to_string(on) + " of SQLite's VFS", *stock_[on].database);
        check("connection " + std::to_string(on), *ours_[on].database);
    }
    connection fresh(name);
    check("a new connection", fresh);
    if (fresh.value("PRAGMA integrity_check") != "'ok'" &&
        stock_[0].database->value("PRAGMA integrity_check") == "'ok'") {
        throw difference("our side is corrupt: " + fresh.value("PRAGMA integrity_check"));
    }
    if (logs_ != logs::ended && !bytes_on_disk(log_name).empty()) {
        return; // logs are checkpointed at different times, when one has a frame more
    }
    const auto stock = without_counters(bytes_on_disk(name), {true, false});
    const auto ours = without_counters(fresh.file_bytes(), {true, false});
    if (stock != ours) {
        throw difference("the bytes of the files: " + first_difference(stock, ours));
    }
}

} // namespace isolite::store::tests
