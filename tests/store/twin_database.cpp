#include "twin_database.hpp"

#include "store/directory.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace isolite::store::tests {

namespace {

const char* const name = "main.db";
const char* const stock_vfs = "unix";

// Offsets in the header of a database. Source: https://www.sqlite.org/fileformat2.html
constexpr std::size_t change_counter = 24;
constexpr std::size_t schema_cookie = 40;
constexpr std::size_t version_valid_for = 92;

std::uint32_t field(const std::vector<std::byte>& bytes, std::size_t offset) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        value = value << 8 | std::to_integer<std::uint32_t>(bytes[offset + i]);
    }
    return value;
}

std::vector<std::byte> bytes_of(store& file) {
    const auto frozen = file.freeze();
    return {frozen->page(0), frozen->page(0) + frozen->size()};
}

void blank(std::vector<std::byte>& bytes, std::size_t offset) {
    if (!bytes.empty()) {
        std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(offset), 4, std::byte{});
    }
}

std::vector<std::byte> without_counters(std::vector<std::byte> bytes, bool and_cookie) {
    blank(bytes, change_counter);
    blank(bytes, version_valid_for);
    if (and_cookie) {
        blank(bytes, schema_cookie);
    }
    return bytes;
}

std::string first_difference(const std::vector<std::byte>& one,
                             const std::vector<std::byte>& other) {
    if (one.size() != other.size()) {
        return std::to_string(one.size()) + " bytes and " + std::to_string(other.size());
    }
    const auto at = std::mismatch(one.begin(), one.end(), other.begin()).first - one.begin();
    return "byte " + std::to_string(at) + " of " + std::to_string(one.size());
}

std::string first_difference(const std::vector<std::string>& one,
                             const std::vector<std::string>& other) {
    std::size_t line = 0;
    while (line < one.size() && line < other.size() && one[line] == other[line]) {
        ++line;
    }
    const auto around = [line](const std::vector<std::string>& lines) {
        std::string text;
        for (std::size_t each = line < 2 ? 0 : line - 2; each < line + 3; ++each) {
            text += "\n    " + (each < lines.size() ? lines[each] : "(no more)");
        }
        return text;
    };
    return "SQLite's VFS has" + around(one) + "\nours has" + around(other);
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

twin_database::twin_database(const std::vector<std::string>& setup, bool on_image) {
    remove_files();
    if (on_image) {
        connection builder(name, stock_vfs);
        for (const std::string& sql : setup) {
            transcript_.push_back("image: " + sql);
            (void)builder.run(sql);
        }
        file_ = directory::of_process().create(name,
                                               std::make_shared<const image>(builder.file_bytes()));
    } else {
        file_ = directory::of_process().create(name, nullptr);
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
    const outcome stock = stock_[on].database->run(sql);
    expect_equal("the statement", stock, ours_[on].database->run(sql));
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
    if (file_->active_holders() != 0) {
        throw difference("a lock is held although every transaction has ended");
    }
}

void twin_database::checkpoint() {
    end_transactions();
    compare();
    transcript_.push_back("checkpoint " + std::to_string(depth() + 1));
    checkpoints_.push_back({stock_[0].database->file_bytes(), ours_[0].database->file_bytes()});
    if (!file_->checkpoint()) {
        throw difference("a checkpoint is refused although every transaction has ended");
    }
    if (file_->changed_pages() != 0) {
        throw difference("a new layer is not clean");
    }
}

void twin_database::discard() {
    end_transactions();
    compare();
    discard_under_locks({});
}

void twin_database::discard_under_locks(const std::vector<std::string>& late_statements) {
    const std::size_t holders = file_->active_holders();
    transcript_.push_back("discard " + std::to_string(depth()) + " under " +
                          std::to_string(holders) + " locks");
    const auto last = bytes_of(*file_);
    const bool broken_off = file_->has_writer();
    const std::size_t revoked = file_->discard();
    if (revoked != holders) {
        throw difference("not every lock was revoked");
    }
    revoked_ += revoked;
    const auto now = bytes_of(*file_);
    const saved checkpoint = checkpoints_.back();
    checkpoints_.pop_back();
    check_restored(checkpoint.ours, now,
                   broken_off || last.empty() || checkpoint.ours.empty() ||
                       field(last, schema_cookie) != field(checkpoint.ours, schema_cookie));
    for (participant& session : ours_) {
        use_up(session, late_statements);
    }
    stock_ = {};
    std::ofstream(name, std::ios::binary)
        .write(reinterpret_cast<const char*>(checkpoint.stock.data()),
               static_cast<std::streamsize>(checkpoint.stock.size()));
    restore_stock();
    forget_connection_state();
    compare();
}

/// The kept statements are prepared again when they are run next.
void twin_database::restore_stock() {
    for (std::size_t on = 0; on < connections; ++on) {
        open(stock_[on], stock_vfs);
        stock_[on].kept_sql = ours_[on].kept_sql;
    }
}

void twin_database::check_restored(const std::vector<std::byte>& before,
                                   const std::vector<std::byte>& now, bool cookie_may_differ) {
    const auto expected = without_counters(before, cookie_may_differ);
    const auto found = without_counters(now, cookie_may_differ);
    if (expected != found) {
        throw difference("a discard left something: " + first_difference(expected, found));
    }
    if (now.empty()) {
        return;
    }
    const auto size_is_valid = [](const std::vector<std::byte>& bytes) {
        return field(bytes, change_counter) == field(bytes, version_valid_for);
    };
    if (size_is_valid(before) != size_is_valid(now)) {
        throw difference("a discard changed whether the size in the header is valid");
    }
    if (field(now, change_counter) < field(before, change_counter)) {
        throw difference("a discard put the change counter back");
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
            (void)session.database->run(sql);
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
             {"PRAGMA foreign_keys = OFF", "PRAGMA cache_size = -2000", "PRAGMA cache_spill = 1",
              "PRAGMA recursive_triggers = OFF", "PRAGMA journal_mode = DELETE",
              "PRAGMA secure_delete = ON", "SELECT count(*) FROM sqlite_schema",
              "SELECT count(*) FROM f0", "SELECT count(*) FROM r0"}) {
            run(on, sql);
        }
        for (const std::string pragma : {"page_size", "auto_vacuum"}) {
            run(on, "PRAGMA " + pragma);
            run(on, "PRAGMA " + pragma + " = " + ours_[on].database->value("PRAGMA " + pragma));
        }
    }
    transcript_.resize(noted);
}

void twin_database::compare() {
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
    const auto stock = without_counters(stock_[0].database->file_bytes(), true);
    const auto ours = without_counters(fresh.file_bytes(), true);
    if (stock != ours) {
        throw difference("the bytes of the files: " + first_difference(stock, ours));
    }
}

} // namespace isolite::store::tests
