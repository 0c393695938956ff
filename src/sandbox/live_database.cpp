#include "sandbox/live_database.hpp"

#include "error/warning.hpp"
#include "leak/cursor.hpp"
#include "sandbox/file_claims.hpp"
#include "sandbox/retired_connections.hpp"
#include "store/open_file.hpp"
#include "store/vfs.hpp"
#include "text/statement_text.hpp"

#include <SQLiteCpp/Statement.h>
#include <sqlite3.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace isolite::sandbox {

namespace {

// May create: what the code under test attaches is then made in memory as well.
constexpr int flags =
    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI | SQLITE_OPEN_PRIVATECACHE;

} // namespace

result<void> live_database::prepare(const seed& seed, const images& images) {
    auto added = databases_.add(images.front(), "main", seed.name(), file_of(seed));
    for (std::size_t i = 1; i < images.size() && added; ++i) {
        const auto& [schema, attached] = seed.attachments()[i - 1];
        added = databases_.add(images[i], schema, seed.name() + "." + schema, file_of(attached));
    }
    if (!added) {
        return added;
    }
    recorded_name_ = file_of(seed).empty() ? name() : seed.name();
    recipe_.uri = databases_.main().uri;
    recipe_.steps = seed.connection_steps();
    strict_connections_ = seed.has_strict_connections();
    is_claimed_ = claims_files(seed);
    for (const layered_database& each : databases_) {
        if (each.schema != "main") {
            recipe_.attached.push_back({each.schema, each.uri});
        }
    }
    return {};
}

live_database::~live_database() {
    if (database_) { // SQLiteCpp aborts when it closes what somebody still uses
        objects_.end_all();
        put_connection_away();
    }
}

result<std::unique_ptr<live_database>> live_database::open(const seed& seed, const images& images) {
    std::unique_ptr<live_database> made(new live_database);
    return made->prepare(seed, images)
        .and_then([&made] { return made->try_to_open(); })
        .map([&made] { return std::move(made); });
}

void live_database::open_connection(bool with_steps) {
    static_cast<void>(store::register_vfs()); // a test may have taken it out
    databases_.forget_made();
    SQLite::Database opened(recipe_.uri, flags);
    if (database_) {
        *database_ = std::move(opened);
    } else {
        database_.emplace(std::move(opened));
        statements_.emplace(*database_, schema_changes_);
    }
    ++schema_changes_;
    connection_ = std::make_unique<sandbox::connection>(*database_, recipe_, with_steps, usual_,
                                                        schema_changes_);
}

result<void> live_database::try_to_open() {
    const auto attached = opening(recipe_.uri, [this] {
        open_connection(true);
        if (connection_->lost_rollback_hook) {
            recipe_.sets_rollback_hook = true;
            put_connection_away();
            open_connection(true);
        }
        return databases_.take_in(handle());
    });
    if (!attached) {
        return tl::unexpected(attached.error());
    }
    if (!attached->empty()) {
        return tl::unexpected(error{errc::usage,
                                    "open a connection to '" + recipe_.uri +
                                        "': on_connect attached the file '" + *attached +
                                        "', which nobody would put back",
                                    "attach a database with seed::attach, or ':memory:'"});
    }
    // A plain BEGIN holds no lock that would keep the databases from settling.
    if (sqlite3_get_autocommit(handle()) == 0 || !databases_.settle_new_connection()) {
        return tl::unexpected(
            error{errc::database,
                  "open a connection to '" + recipe_.uri + "': on_connect left a transaction open",
                  "end transactions in on_connect"});
    }
    connection_->ready(databases_.schemas());
    return {};
}

kept_statements& live_database::statements() noexcept {
    std::uint64_t cookies = 0;
    for (const layered_database& each : databases_) {
        cookies += each.store->schema_cookies();
    }
    if (std::exchange(cookies_, cookies) != cookies) {
        ++schema_changes_;
    }
    return *statements_;
}

void live_database::put_connection_away() noexcept {
    objects_.end_current(); // they may hold statements of the connection
    static_cast<void>(statements_->release());
    connection_.reset();
    if (sqlite3* const old = handle()) {
        retire(*database_);
        store::cut_off(old);
    }
}

bool live_database::make_objects() {
    if (objects_.is_empty()) {
        return false;
    }
    const std::int64_t rowid = sqlite3_last_insert_rowid(handle());
    leak::run(handle(), "BEGIN");
    const bool changed = objects_.make_all(*database_);
    const bool in_transaction = sqlite3_get_autocommit(handle()) == 0;
    leak::run(handle(), "ROLLBACK");
    if (!in_transaction || sqlite3_get_autocommit(handle()) == 0) {
        throw std::runtime_error("the constructor of an object of kept<>() ended the transaction "
                                 "in which it was made anew");
    }
    connection_->restore_counters(rowid);
    return changed;
}

void live_database::open_as_usual() {
    if (auto opened = try_to_open(); !opened) {
        failure_ = std::move(opened.error());
        if (connection_ || handle()) {
            put_connection_away();
        }
        open_connection(false); // for who asks before `check_ready` tells
        static_cast<void>(databases_.take_in(handle()));
        connection_->ready(databases_.schemas());
    }
    usual_.present(handle());
}

void live_database::open_again() noexcept {
    failure_.reset();
    try {
        open_as_usual();
        while (make_objects()) { // each time of fewer objects
            put_connection_away();
            open_as_usual();
        }
    } catch (const std::exception& problem) {
        failure_ = failure_.value_or(
            error{errc::database, "open a connection to '" + recipe_.uri + "': " + problem.what(),
                  "without a connection no test can begin: see what the last one did"});
    }
}

result<void> live_database::check_ready(bool is_inner, const surroundings& found,
                                        std::int64_t last_insert_rowid) {
    if (!failure_) {
        return {};
    }
    const std::int64_t rowid =
        is_inner && handle() ? sqlite3_last_insert_rowid(handle()) : last_insert_rowid;
    auto carried = carry_settings(is_inner);
    if (connection_ || handle()) {
        put_connection_away();
    }
    if (!databases_.has_layers()) { // what was done on these was done without a session
        databases_.renew();
    } else if (!is_inner) { // else it is what the session around has done
        databases_.rewind();
    }
    open_again();
    take_over(carried);
    if (handle()) {
        sqlite3_set_last_insert_rowid(handle(), rowid);
    }
    if (failure_) {
        return tl::unexpected(*failure_);
    }
    put_back(handle(), databases_.schemas(), found);
    connection_->ready(databases_.schemas());
    connection_->watch.hear_again(carried.heard);
    return {};
}

live_database::carried_settings live_database::carry_settings(bool is_inner) {
    carried_settings carried;
    if (is_inner && connection_) {
        carried.usual = usual_;
        carried.heard = connection_->watch.settings();
        carried.outer = connection_->watch.release_outer();
        for (const setting& each : carried.heard) {
            usual_.choose(handle(), each);
        }
    }
    return carried;
}

void live_database::take_over(carried_settings& carried) {
    if (carried.usual) {
        usual_ = std::move(*carried.usual);
    }
    if (connection_) {
        connection_->watch.adopt_outer(std::move(carried.outer));
        connection_->watch.hear_again(carried.heard);
    }
}

std::vector<std::string> live_database::replace_connection(const connection_portrait& left,
                                                           bool database_may_change,
                                                           const std::string& test,
                                                           const surroundings& found) {
    const std::vector<setting> heard = connection_->watch.settings();
    const std::set<std::string> functions = connection_->watch.functions();
    auto outer = connection_->watch.release_outer();
    put_connection_away();
    databases_.rewind();
    freed_from_wal_ = databases_.free_from_wal();
    open_again();
    if (connection_) {
        connection_->watch.adopt_outer(std::move(outer));
    }
    if (!connection_) {
        auto changes = named(left, left, database_may_change, found, usual_);
        changes.push_back("made it impossible to " + failure_->message);
        return changes;
    }
    if (failure_) {          // which keeps the connection from having what `on_connect` sets
        databases_.rewind(); // what was written meanwhile is not the suite's
        usual_settings guessed = usual_;
        for (const setting& each : heard) {
            guessed.learn(handle(), each);
        }
        const auto other = connect(std::chrono::milliseconds(0)); // it may not throw again
        return named(left, other ? look_at(other->getHandle(), {}) : left, database_may_change,
                     found, guessed);
    }
    for (const setting& each : heard) {
        usual_.learn(handle(), each);
    }
    put_back(handle(), databases_.schemas(), found);
    connection_->ready(databases_.schemas());
    warn_of_lost_functions(functions, test);
    return named(left, look_at(handle(), {}), database_may_change, found, usual_);
}

std::vector<std::string> live_database::connection_changes(const connection_portrait& left,
                                                           bool database_may_change,
                                                           const surroundings& found) {
    usual_settings guessed = usual_;
    if (const auto fresh = connect(std::chrono::milliseconds(0))) {
        for (const setting& each : connection_->watch.settings()) {
            guessed.learn(fresh->getHandle(), each);
        }
    }
    return named(left, left, database_may_change, found, guessed);
}

std::vector<std::string> live_database::named(const connection_portrait& left,
                                              connection_portrait usual, bool database_may_change,
                                              const surroundings& found,
                                              const usual_settings& known_settings) {
    usual.settings = left.settings;
    for (auto& [which, value] : usual.settings) {
        if (const std::string* const known = known_settings.find(which)) {
            value = *known;
        }
    }
    if (found.portrait) {
        usual.switches = found.portrait->switches;
        usual.main_name = found.portrait->main_name;
        usual.attached = found.portrait->attached;
        usual.temporary = found.portrait->temporary;
    }
    return changes(left, usual, database_may_change);
}

std::string live_database::what_keeps_connection(const surroundings& found) {
    for (const std::string& schema : connection_->watch.unlayered()) {
        const std::string file = found.portrait ? found.portrait->file_of(schema) : "";
        if (!file.empty() && connection_->watch.had_unlayered(schema.c_str())) {
            return "attached the file '" + std::string(store::short_name(file)) + "' to it";
        }
    }
    for (const layered_database& each : databases_) {
        if (each.store->has_writer()) {
            return "lets another connection lock the database '" + each.name + "'";
        }
    }
    // Ends the statements of virtual tables; the connection is no usual one any more.
    forget_schemas(handle());
    for (sqlite3_stmt* each = nullptr; (each = sqlite3_next_stmt(handle(), each)) != nullptr;) {
        const char* const sql = sqlite3_sql(each);
        if (!connection_->was_there(each)) {
            continue;
        }
        if (!sql) {
            return "keeps a BLOB handle on it";
        }
        if (sqlite3_stmt_busy(each) != 0) {
            return "is in the middle of the statement \"" + text::statement_text(sql) + "\"";
        }
        if (!connection_->owns(each) && !statements_->has(sql) && !objects_.made(each) &&
            !is_of_virtual_table(sql)) {
            return "keeps the statement \"" + text::statement_text(sql) + "\" on it";
        }
    }
    return {};
}

void live_database::warn_of_lost_functions(const std::set<std::string>& used,
                                           const std::string& test) {
    for (const std::string& function : used) {
        if (known_functions_.count(function) != 0) {
            continue;
        }
        if (leak::rows(handle(), "SELECT 1 FROM pragma_function_list WHERE name = lower(" +
                                     leak::text_literal(function) + ")")
                .empty()) {
            warnings::warn_once({errc::usage,
                                 "keep the SQL function '" + function +
                                     "', which was registered on the connection of '" + name() +
                                     "': '" + test +
                                     "' changed the connection, which was opened anew",
                                 "register it in on_connect"});
        } else {
            known_functions_.insert(function);
        }
    }
}

result<SQLite::Database> live_database::connect(std::chrono::milliseconds busy_timeout) const {
    return opening(recipe_.uri, [&] {
        static_cast<void>(store::register_vfs()); // a test may have taken it out
        SQLite::Database opened(recipe_.uri,
                                SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_URI,
                                static_cast<int>(busy_timeout.count()));
        recipe_.prepare(opened);
        return opened;
    });
}

result<void> live_database::start_over() {
    objects_.give_up();
    static auto* const cut_off_statements = new std::vector<SQLite::Statement>;
    for (SQLite::Statement& each : statements_->release()) {
        cut_off_statements->push_back(std::move(each));
    }
    static auto* const cut_off = new std::vector<std::unique_ptr<sandbox::connection>>;
    cut_off->push_back(std::move(connection_));
    give_up(*database_);
    databases_.renew();
    usual_ = {};
    open_again();
    return failure_ ? result<void>(tl::unexpected(*failure_)) : result<void>();
}

} // namespace isolite::sandbox
