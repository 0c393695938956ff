#include "connection.hpp"
#include "dice.hpp"
#include "scarce_memory.hpp"
#include "store/directory.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <new>
#include <ostream>

// The n-th allocation of the store fails, for every n until none is left to fail. SQLite itself
// takes its memory from malloc and always gets it.

using namespace isolite::store;
using isolite::store::tests::connection;
using isolite::store::tests::dice;
using isolite::store::tests::scarce_memory;
using isolite::store::tests::unique_name;

namespace {

using content = std::vector<std::byte>;
using dump = std::vector<std::string>;

content bytes_of(const layered_file& file) {
    content bytes(static_cast<std::size_t>(file.size()));
    file.read(0, bytes.data(), bytes.size());
    return bytes;
}

/// The content but for the change counter, its copy and the schema cookie.
content without_stamps(const std::shared_ptr<const image>& frozen) {
    content bytes(frozen->page(0), frozen->page(0) + frozen->size());
    for (const std::ptrdiff_t offset : {24, 40, 92}) {
        std::fill_n(bytes.begin() + offset, 4, std::byte{});
    }
    return bytes;
}

using script = std::vector<const char*>;

const script with_journals{
    "PRAGMA cache_size = 2",
    "INSERT INTO t SELECT a + 1000, printf('%0900d', a) FROM t",
    "CREATE INDEX t_b ON t(b)",
    "BEGIN",
    "UPDATE t SET b = a || b WHERE a % 3 = 0",
    "SAVEPOINT s",
    "DELETE FROM t WHERE a % 5 = 0",
    "ROLLBACK TO s",
    "DELETE FROM t WHERE a % 7 = 0",
    "COMMIT",
    "PRAGMA journal_mode = PERSIST",
    "DROP INDEX t_b",
    "DELETE FROM t WHERE a > 1010",
    "PRAGMA journal_mode = TRUNCATE",
    "VACUUM",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA page_size = 1024",
    "VACUUM",
    "ALTER TABLE t ADD COLUMN c DEFAULT 7",
};

const script with_a_log{
    "PRAGMA cache_size = 2",
    "PRAGMA journal_mode = WAL",
    "INSERT INTO t SELECT a + 1000, printf('%0900d', a) FROM t",
    "BEGIN",
    "UPDATE t SET b = a || b WHERE a % 3 = 0",
    "DELETE FROM t WHERE a % 7 = 0",
    "COMMIT",
    "PRAGMA wal_checkpoint",
    "CREATE INDEX t_b ON t(b)",
    "PRAGMA wal_checkpoint(TRUNCATE)",
    "DELETE FROM t WHERE a > 1010",
    "PRAGMA journal_mode = DELETE",
    "DROP INDEX t_b",
};

std::shared_ptr<const image> seeded() {
    static const auto made = [] {
        const std::string name = unique_name("seeded");
        connection(name).rows("PRAGMA auto_vacuum = FULL; CREATE TABLE t(a INTEGER PRIMARY KEY, b);"
                              "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n "
                              "WHERE i < 80) INSERT INTO t SELECT i, printf('%0700d', i) FROM n");
        return directory::of_process().find(name)->freeze();
    }();
    return made;
}

/// Returns what is committed before the script and after each of its statements.
std::vector<dump> committed_states(const script& played) {
    const std::string name = unique_name("expected");
    (void)directory::of_process().create(name, seeded());
    connection database(name);
    std::vector<dump> states{database.dump()};
    for (const char* sql : played) {
        database.rows(sql);
        const bool committed = sqlite3_get_autocommit(database.handle()) != 0;
        states.push_back(committed ? database.dump() : states.back());
    }
    return states;
}

bool is_lack_of_memory(int code) {
    const int primary = code & 0xff;
    return primary == SQLITE_NOMEM || primary == SQLITE_IOERR || primary == SQLITE_FULL ||
           primary == SQLITE_CANTOPEN;
}

/// A connection that allocates nothing by itself.
struct bare_connection {
    sqlite3* handle = nullptr;

    ~bare_connection() { sqlite3_close(handle); }
    int open(const std::string& name) {
        return sqlite3_open_v2(name.c_str(), &handle, connection::read_write, vfs_name);
    }
    /// Runs the script until a statement fails. Returns its code; `done` counts those that did not.
    int run(const script& played, std::size_t& done) {
        int code = SQLITE_OK;
        for (done = 0; code == SQLITE_OK && done < played.size(); ++done) {
            code = sqlite3_exec(handle, played[done], nullptr, nullptr, nullptr);
            done -= code != SQLITE_OK;
        }
        return code;
    }
};

/// Runs the script with one allocation failing. Returns whether there was one left to fail.
bool survives(long successes, bool for_good, const script& played,
              const std::vector<dump>& states) {
    const std::string name = unique_name("scarce");
    const auto file = directory::of_process().create(name, seeded());
    REQUIRE(file->checkpoint());
    bare_connection database;
    std::size_t done = 0;
    int code;
    {
        const scarce_memory scarce(successes, for_good);
        code = database.open(name);
        code = code == SQLITE_OK ? database.run(played, done) : code;
    }
    if (code != SQLITE_OK) {
        CHECK_MESSAGE(is_lack_of_memory(code), "code ", code);
        sqlite3_exec(database.handle, "ROLLBACK", nullptr, nullptr, nullptr);
    }
    connection survivor(name);
    CHECK(survivor.value("PRAGMA integrity_check") == "'ok'");
    const dump found = survivor.dump();
    CHECK((found == states[done] || found == states[std::min(done + 1, played.size())]));
    CHECK(file->active_holders() == 0);
    file->discard();
    CHECK(survivor.dump() == states[0]);
    if (!file->kept_in_wal()) { // else the log may hold a part of it
        CHECK(without_stamps(file->freeze()) == without_stamps(seeded()));
    }
    directory::of_process().remove(name);
    return scarce_memory::ran_out();
}

/// Runs `action` while memory is scarce. Returns whether it threw `std::bad_alloc`.
template <typename Action>
bool runs_out(long successes, bool for_good, Action action) {
    const scarce_memory scarce(successes, for_good);
    try {
        action();
    } catch (const std::bad_alloc&) {
        return true;
    }
    return false;
}

content page_at(const content& bytes, std::size_t offset) {
    content padded = bytes;
    padded.resize(std::max(padded.size(), offset + page_size));
    const auto first = padded.begin() + static_cast<std::ptrdiff_t>(offset);
    return {first, first + page_size};
}

/// Writes or cuts at random with the memory running out, and checks that each page is as it was or
/// as it should be.
void change(layered_file& file, dice& choices) {
    const content before = bytes_of(file);
    const content piece = choices.bytes(choices.below(4 * page_size) + 1);
    const std::size_t at = choices.below(before.size() + page_size);
    const bool cut = choices.one_in(4);
    content wanted = before;
    wanted.resize(cut ? at : std::max(at + piece.size(), before.size()));
    if (!cut) {
        std::copy(piece.begin(), piece.end(), wanted.begin() + static_cast<std::ptrdiff_t>(at));
    }
    const bool thrown = runs_out(static_cast<long>(choices.below(6)), false, [&] {
        cut ? file.truncate(at) : file.write(at, piece.data(), piece.size());
    });
    const content found = bytes_of(file);
    REQUIRE((thrown || found == wanted));
    for (std::size_t offset = 0; offset < found.size(); offset += page_size) {
        const content now = page_at(found, offset);
        REQUIRE((now == page_at(before, offset) || now == page_at(wanted, offset)));
    }
}

} // namespace

TEST_SUITE("allocation failure") {
    TEST_CASE("whichever allocation fails, a statement is done or not, and a discard undoes it") {
        for (const script& played : {with_journals, with_a_log}) {
            CAPTURE(played[1]);
            const auto states = committed_states(played);
            for (const bool for_good : {false, true}) {
                CAPTURE(for_good);
                long successes = 0;
                while (survives(successes, for_good, played, states)) {
                    ++successes;
                }
                CHECK(successes > 50);
            }
        }
    }

    TEST_CASE("a connection that could not be opened holds nothing") {
        const std::string name = unique_name("unopened");
        const auto file = directory::of_process().create(name, seeded());
        long successes = 0;
        do {
            bare_connection database;
            const scarce_memory scarce(successes++, false);
            (void)database.open(name);
        } while (scarce_memory::ran_out());
        CHECK(successes > 1);
        CHECK(file.use_count() == 2); // here and in the directory
    }

    TEST_CASE("a discard needs no memory") {
        holder reader;
        store file(seeded());
        file.attach(reader);
        const content before = without_stamps(file.freeze());
        const content page(page_size, std::byte{1});
        bool below = false;
        SUBCASE("on the image") {}
        SUBCASE("on another layer") {
            below = true;
        }
        if (below) {
            REQUIRE(file.checkpoint());
        }
        REQUIRE(file.checkpoint());
        SUBCASE("when nothing was written but a lock is revoked") {}
        SUBCASE("when pages were written") {
            REQUIRE(file.write(reader, part::database, page_size, page.data(), page.size()));
        }
        SUBCASE("when pages were cut off") {
            REQUIRE(file.truncate(reader, part::database, page_size));
        }
        REQUIRE(file.raise_lock(reader, lock_level::shared));
        std::size_t revoked = 0;
        CHECK_FALSE(runs_out(0, true, [&] { revoked = file.discard(); }));
        CHECK(revoked == 1);
        CHECK(without_stamps(file.freeze()) == before);
        file.detach(reader);
    }

    TEST_CASE("what a discard gave back is enough for as many pages again") {
        layered_file file(std::make_shared<const image>(content(30 * page_size, std::byte{'a'})));
        const content written(20 * page_size, std::byte{'b'});
        const auto write_and_discard = [&] {
            file.checkpoint();
            file.write(page_size, written.data(), written.size());
            file.discard();
        };
        write_and_discard();
        for (int round = 0; round < 3; ++round) {
            CHECK_FALSE(runs_out(0, true, write_and_discard));
        }
    }

    TEST_CASE("a hole needs neither memory nor time, whoever walks over it") {
        layered_file file(seeded());
        const std::byte one{1};
        const auto grow_and_cut = [&file, one] {
            file.write(std::uint64_t{1} << 40U, &one, 1);
            file.truncate(std::uint64_t{1} << 39U);
            file.write(std::uint64_t{1} << 40U, &one, 1);
            file.truncate(0);
        };
        CHECK_FALSE(runs_out(100, true, [&] {
            file.checkpoint();
            grow_and_cut();
            file.discard();
        }));
        CHECK(file.size() == seeded()->size());
        CHECK_FALSE(runs_out(100, true, grow_and_cut)); // no layer
        CHECK_FALSE(runs_out(100, true, [&] {
            file.checkpoint();
            grow_and_cut();
            file.merge();
        }));
        CHECK(file.size() == 0);
    }

    TEST_CASE("in WAL mode a rewind needs no memory either") {
        // The log of the layer below is either empty or holds all there is.
        for (const bool log_is_full : {false, true}) {
            for (const char* const sql :
                 {"BEGIN; SELECT * FROM t", "DELETE FROM t", "CREATE TABLE u(a)",
                  "BEGIN; CREATE TABLE u(a)",
                  "PRAGMA cache_size = 2; BEGIN; UPDATE t SET b = b || b; CREATE TABLE u(a)"}) {
                CAPTURE(log_is_full);
                CAPTURE(sql);
                const std::string name = unique_name("rewound");
                connection database(name);
                connection reader(name);
                database.rows("PRAGMA journal_mode = WAL; CREATE TABLE t(a, b);"
                              "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n "
                              "WHERE i < 9) INSERT INTO t SELECT i, zeroblob(2000) FROM n");
                if (!log_is_full) {
                    database.rows("PRAGMA wal_checkpoint(TRUNCATE)");
                }
                const auto before = reader.dump();
                const auto file = directory::of_process().find(name);
                REQUIRE(file->checkpoint());
                for (int round = 0; round < 3; ++round) {
                    CAPTURE(round);
                    database.rows(sql);
                    CHECK_FALSE(runs_out(0, true, [&] { file->rewind(); }));
                    (void)database.run("ROLLBACK");
                    CHECK(database.dump() == before);
                    CHECK(reader.dump() == before);
                }
                database.rows(sql);
                CHECK_FALSE(runs_out(0, true, [&] { file->discard(); }));
            }
        }
    }

    TEST_CASE("a rewind needs no memory for a log that was never written") {
        const std::string seed = unique_name("seed");
        connection(seed).rows("PRAGMA journal_mode = WAL; CREATE TABLE t(a)");
        const std::string name = unique_name("unwritten");
        const auto file =
            directory::of_process().create(name, directory::of_process().find(seed)->freeze());
        connection reader(name);
        reader.rows("SELECT * FROM t");
        REQUIRE(file->checkpoint());
        reader.rows("BEGIN; SELECT * FROM t");
        CHECK_FALSE(runs_out(0, true, [&] { file->rewind(); }));
        (void)reader.run("ROLLBACK");
        CHECK(reader.value("SELECT count(*) FROM t") == "0");
    }

    TEST_CASE("a checkpoint that failed did not happen") {
        for (std::size_t depth = 0; depth < 4; ++depth) {
            CAPTURE(depth);
            for (long successes = 0;; ++successes) {
                CAPTURE(successes);
                store file(seeded()); // a new one each time, which has no memory to spare
                for (std::size_t below = 0; below < depth; ++below) {
                    REQUIRE(file.checkpoint());
                }
                if (!runs_out(successes, false, [&file] { (void)file.checkpoint(); })) {
                    REQUIRE(file.depth() == depth + 1);
                    break;
                }
                REQUIRE(file.depth() == depth);
                REQUIRE(file.checkpoint());
                file.discard();
                REQUIRE(file.depth() == depth);
            }
        }
    }

    TEST_CASE("a write or a cut that failed leaves whole pages, and a discard restores them all") {
        for (std::uint64_t seed = 1; seed <= 300; ++seed) {
            CAPTURE(seed);
            dice choices(seed);
            layered_file file(std::make_shared<const image>(choices.bytes(5 * page_size + 17)));
            std::vector<content> checkpoints;
            for (int step = 0; step < 30; ++step) {
                if (choices.one_in(6)) {
                    checkpoints.push_back(bytes_of(file));
                    file.checkpoint();
                } else {
                    change(file, choices);
                }
            }
            for (; !checkpoints.empty(); checkpoints.pop_back()) {
                file.discard();
                REQUIRE(bytes_of(file) == checkpoints.back());
            }
        }
    }
}
