#include "random_world.hpp"

#include "random_kind.hpp"
#include "random_late.hpp"
#include "random_ready.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace {

constexpr unsigned made_by_the_engine = 2; // of the further connections

const char* const schema = R"(
    CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT);
    CREATE TABLE lg(m);
    CREATE TABLE one(a);
    CREATE TABLE big(id INTEGER PRIMARY KEY, a INT, b INT, s TEXT);
    CREATE INDEX big_a ON big(a);
    CREATE INDEX big_b ON big(b);
    CREATE TABLE p(id INTEGER PRIMARY KEY, u TEXT UNIQUE);
    CREATE TABLE c(p REFERENCES p DEFERRABLE INITIALLY DEFERRED);
    CREATE TABLE d(p REFERENCES p ON DELETE CASCADE);
    CREATE TABLE seq(id INTEGER PRIMARY KEY AUTOINCREMENT, v);
    CREATE TABLE wr(k TEXT PRIMARY KEY, n INT) WITHOUT ROWID;
    CREATE TABLE fatal(k UNIQUE ON CONFLICT ROLLBACK);
    CREATE VIEW vw AS SELECT id FROM t;
    CREATE TRIGGER vw_insert INSTEAD OF INSERT ON vw BEGIN INSERT INTO t(v) VALUES (NEW.id); END;
    CREATE TRIGGER danger BEFORE INSERT ON lg WHEN NEW.m = 'danger' BEGIN
        SELECT RAISE(ROLLBACK, 'that is too much');
    END;
    CREATE TRIGGER t_log AFTER DELETE ON t BEGIN INSERT INTO lg VALUES ('gone ' || OLD.id); END;
    CREATE VIRTUAL TABLE ft USING fts5(x);
    CREATE VIRTUAL TABLE rt USING rtree(id, x0, x1);

    INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c');
    INSERT INTO one VALUES (42);
    WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 150)
    INSERT INTO big SELECT i, i % 20, i % 7, printf('row %d', i) FROM n;
    INSERT INTO p VALUES (1, 'one'), (2, 'two');
    INSERT INTO c VALUES (1);
    INSERT INTO d VALUES (1), (2);
    INSERT INTO seq(v) VALUES ('first');
    INSERT INTO wr VALUES ('x', 1), ('y', 2);
    INSERT INTO fatal VALUES (1);
    INSERT INTO ft VALUES ('hello world'), ('bye world');
    INSERT INTO rt VALUES (1, 0, 1), (2, 5, 6), (3, 7, 9);
    PRAGMA user_version = 7;
)";

isolite::seed journaled(isolite::seed seed, const configuration& configuration) {
    return configuration.wal ? seed.sql("PRAGMA journal_mode = WAL;") : seed;
}

void twice(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
    sqlite3_result_int64(context, 2 * sqlite3_value_int64(values[0]));
}

void prepare_ready(SQLite::Database& db) {
    static SQLite::Database* const own = &db; // the engine's is the first, and stays where it is
    auto made = std::make_unique<ready_statements>(db.getHandle(), true);
    if (&db == own) {
        ready_by_on_connect() = std::move(made);
    }
}

void prepare(SQLite::Database& db) {
    if (on_connect_throws_in > 0 && --on_connect_throws_in == 0) {
        on_connect_threw = true;
        throw std::runtime_error("on_connect has had enough");
    }
    sqlite3_create_function(db.getHandle(), "twice", 1, SQLITE_UTF8, nullptr, twice, nullptr,
                            nullptr);
    db.exec("PRAGMA recursive_triggers = ON; CREATE TEMP TABLE cache(k, v);"
            "INSERT INTO temp.cache VALUES ('made', 'by on_connect');"
            "CREATE TEMP VIEW tv AS SELECT count(*) AS n FROM cache;"
            "ATTACH ':memory:' AS notes; CREATE TABLE notes.n(a);"
            "INSERT INTO notes.n VALUES ('by on_connect')");
}

/// Ends what a program must not go on from.
template <typename Value>
Value taken(isolite::result<Value>&& from) {
    if (!from) {
        std::printf("the harness cannot go on: %s\n", from.error().text().c_str());
        std::fflush(stdout);
        std::_Exit(3);
    }
    return std::move(*from);
}

std::shared_ptr<sqlite3> owned(sqlite3* handle) {
    return {handle, [](sqlite3* opened) { sqlite3_close_v2(opened); }};
}

/// SQLiteCpp's own destructor aborts where statements are left. This one makes a zombie of it.
std::shared_ptr<sqlite3> owned(SQLite::Database&& database) {
    auto holder = std::make_shared<std::unique_ptr<SQLite::Database>>(
        std::make_unique<SQLite::Database>(std::move(database)));
    sqlite3* const handle = (*holder)->getHandle();
    return {handle, [holder](sqlite3* opened) {
                if (sqlite3_next_stmt(opened, nullptr) == nullptr) {
                    holder->reset();
                } else {
                    static_cast<void>(holder->release());
                    sqlite3_close_v2(opened);
                }
            }};
}

} // namespace

int on_connect_throws_in = 0;
bool on_connect_threw = false;

unsigned dice::roll(unsigned sides) {
    state_ += 0x9E3779B97F4A7C15U; // splitmix64
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
    return static_cast<unsigned>((mixed ^ (mixed >> 31U)) % sides);
}

std::string configuration::text() const {
    return std::string(wal ? "wal" : "journal") + (attached ? ",attached" : "") +
           (prepared ? ",prepared" : "") + (small_pages ? ",small" : "") + (ready ? ",ready" : "") +
           (strict ? ",strict" : "") + (late > 0 ? ",late" + std::to_string(late) : "") +
           ",suites" + std::to_string(suites) + (unprotected ? ",none" : "") +
           (is_later_idle ? "" : ",open");
}

configuration configuration::of(const std::string& text) {
    const auto has = [&text](const char* word) { return text.find(word) != std::string::npos; };
    configuration read;
    read.wal = has("wal");
    read.attached = has("attached");
    read.prepared = has("prepared");
    read.small_pages = has("small");
    read.ready = has("ready");
    read.strict = has("strict");
    const auto late = text.find("late");
    read.late =
        late == std::string::npos ? 0 : static_cast<unsigned>(std::stoul(text.substr(late + 4)));
    read.suites = has("suites2") ? 2 : has("suites1") ? 1 : 0;
    read.unprotected = has("none");
    read.is_later_idle = !has("open");
    return read;
}

isolite::seed seed_of(const configuration& configuration) {
    isolite::seed shop("shop");
    if (configuration.small_pages) {
        shop.sql("PRAGMA page_size = 1024; PRAGMA auto_vacuum = FULL;");
    }
    shop.sql(schema);
    if (configuration.small_pages) {
        shop.sql("ANALYZE;");
    }
    shop = journaled(std::move(shop), configuration);
    if (configuration.attached) {
        shop.attach("audit", journaled(isolite::seed("audit").sql(
                                           "CREATE TABLE entries(x);"
                                           "INSERT INTO entries VALUES ('one'), ('two');"),
                                       configuration));
    }
    if (configuration.strict) {
        shop.strict_connections();
    }
    if (configuration.prepared) {
        shop.on_connect(prepare);
    }
    return configuration.ready ? shop.on_connect(prepare_ready) : shop;
}

clerk::clerk(SQLite::Database& db)
    : all_(db, "SELECT * FROM one"), insert_(db, "INSERT INTO t(v) VALUES (?)") {}

clerk::~clerk() = default;

// Says the same of a schema that others have changed, whether it was made before that or after.
clerk::kept::kept(SQLite::Database& db, const char* sql) : db(db), sql(sql) {
    try {
        static_cast<void>(usable());
    } catch (const SQLite::Exception&) {
        statement = nullptr; // a test may change the schema back
    }
}

SQLite::Statement& clerk::kept::usable() {
    if (!statement) {
        statement = std::make_unique<SQLite::Statement>(db, sql);
    }
    return *statement;
}

// Of two reasons to fail SQLite gives the one that it meets first, and a statement that a PRAGMA
// has made it prepare again meets others.
std::string clerk::report() {
    std::string told;
    try {
        while (all_.usable().executeStep()) {
            told += all_.usable().getColumn(0).getString() + " ";
        }
        insert_.usable().bind(1, "by the clerk");
        told += std::to_string(insert_.usable().exec()) + " inserted";
    } catch (const std::exception&) {
        told = "the clerk failed";
    }
    for (kept* each : {&all_, &insert_}) {
        if (each->statement) {
            each->statement->tryReset();
        }
    }
    return told;
}

world::world(const configuration& configuration)
    : configuration_(configuration), engine_(std::make_unique<isolite::engine>(
                                         taken(isolite::engine::open(seed_of(configuration))))) {
    static_cast<void>(engine_->kept<clerk>()); // it is made once, and not by chance
    if (configuration.late > 0) {
        make_late(*engine_, configuration.late - 1);
    }
    if (configuration.ready && configuration.suites == 0) { // in which they could not be made again
        ready_by_set_up() = std::make_unique<ready_statements>(own(), false);
    }
}

world::~world() {
    ready_by_set_up().reset();
    ready_by_on_connect().reset();
}

sqlite3* world::own() {
    return engine_->db().getHandle();
}

void world::begin(const std::string& test, isolite::mode mode) {
    test_ = test;
    mode_ = configuration_.unprotected ? isolite::mode::none : mode;
}

void world::end() {
    while (!kept_.empty()) {
        kept_.pop_back();
    }
    connections_.clear();
}

void world::settle() {
    outlives_.clear();
    outlives_ = std::move(left_);
    left_.clear();
    if (configuration_.is_later_idle) {
        close_all();
    }
    constexpr std::size_t most = 3;
    while (old_.size() > most) {
        old_.erase(old_.begin());
    }
}

bool world::work_between() {
    if (later_.empty()) {
        return false;
    }
    note("between tests: " + answer(own(), later_));
    later_.clear();
    return true;
}

void world::close_all() {
    outlives_.clear();
    old_.clear();
}

std::shared_ptr<sqlite3> world::connection(unsigned index) {
    if (index == 0) {
        return {own(), [](sqlite3*) {}};
    }
    for (const further& each : connections_) {
        if (each.index == index) {
            return each.handle;
        }
    }
    std::shared_ptr<sqlite3> opened;
    if (index <= made_by_the_engine) {
        auto connected = engine_->connect(std::chrono::milliseconds(0));
        if (!connected) {
            note("cannot connect: " + connected.error().text());
            return nullptr;
        }
        opened = owned(std::move(*connected));
    } else {
        sqlite3* handle = nullptr;
        const int code = sqlite3_open_v2(engine_->uri().c_str(), &handle,
                                         SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI, nullptr);
        opened = owned(handle);
        if (code != SQLITE_OK) {
            note("cannot open: " + std::to_string(code));
            return nullptr;
        }
    }
    connections_.push_back({index, opened});
    return opened;
}

std::shared_ptr<sqlite3> world::old_connection() {
    return old_.empty() ? nullptr : old_.front().handle;
}

bool world::leave_connection(const std::string& test, std::shared_ptr<sqlite3> connection,
                             bool even_so) {
    const bool is_special =
        answer(connection.get(), "PRAGMA main.locking_mode") != "normal|;" ||
        (!configuration_.wal && answer(connection.get(), "PRAGMA main.journal_mode") == "wal|;");
    if (is_special && !even_so) {
        note("not left, since that is more than leaving it");
        return false;
    }
    old_.push_back({test, std::move(connection)});
    openers_.push_back(test);
    return true;
}

bool world::run(sqlite3* connection, const std::string& sql) {
    const std::string told = answer(connection, sql);
    note(told);
    return told.find("ERROR") == std::string::npos;
}

std::string answer(sqlite3* connection, const std::string& sql) {
    std::string all;
    const char* rest = sql.c_str();
    while (*rest != '\0') {
        sqlite3_stmt* statement = nullptr;
        int code = sqlite3_prepare_v2(connection, rest, -1, &statement, &rest);
        if (code == SQLITE_OK && statement == nullptr) {
            break; // only space is left
        }
        while (code == SQLITE_OK || code == SQLITE_ROW) {
            code = sqlite3_step(statement);
            for (int i = 0; code == SQLITE_ROW && i < sqlite3_column_count(statement); ++i) {
                const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, i));
                const int size = sqlite3_column_bytes(statement, i);
                all += text ? std::string(text, static_cast<std::size_t>(size)) : "NULL";
                all += '|';
            }
            all += code == SQLITE_ROW ? ";" : "";
        }
        if (code != SQLITE_DONE) {
            all += "ERROR " + std::to_string(code) + " " + sqlite3_errmsg(connection);
            sqlite3_finalize(statement);
            break;
        }
        sqlite3_finalize(statement);
    }
    return all;
}
