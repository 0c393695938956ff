#include "claimed_place.hpp"

#include "store/directory.hpp"
#include "store/vfs.hpp"

#include <sqlite3.h>

#include <fstream>

using namespace isolite::paths;
using namespace isolite::paths::tests;
namespace fs = std::filesystem;

namespace {

void make_table(connection& database) {
    REQUIRE(database.run("CREATE TABLE t (a); INSERT INTO t VALUES (1)").code == SQLITE_OK);
}

std::string name_of(const connection& database) {
    return sqlite3_db_filename(database.handle(), "main");
}

/// Writes an ordinary database file, past all claims.
void make_file(const std::string& name, const std::string& sql) {
    const std::string elsewhere = name + ".made";
    {
        connection file = by_path(elsewhere);
        REQUIRE(file.run(sql).code == SQLITE_OK);
    }
    fs::rename(elsewhere, name);
}

/// A VFS that lies over the default one and opens files by copies of their names.
int open_by_copy(sqlite3_vfs* /*vfs*/, sqlite3_filename name, sqlite3_file* file, int flags,
                 int* out_flags) {
    sqlite3_vfs* const under = sqlite3_vfs_find(nullptr);
    if (!name) {
        return under->xOpen(under, name, file, flags, out_flags);
    }
    static auto* const copies = new std::vector<sqlite3_filename>; // SQLite needs them to the end
    const std::string plain = name;
    copies->push_back(sqlite3_create_filename(name, (plain + "-journal").c_str(),
                                              (plain + "-wal").c_str(), 0, nullptr));
    return under->xOpen(under, copies->back(), file, flags, out_flags);
}

const char* vfs_with_copied_names() {
    static sqlite3_vfs vfs = *sqlite3_vfs_find(nullptr);
    vfs.zName = "copied names";
    vfs.xOpen = open_by_copy;
    sqlite3_vfs_register(&vfs, 0);
    return vfs.zName;
}

} // namespace

TEST_SUITE("files by path") {
    // [promise: the disk] What tests write to a claimed file never reaches the disk.
    TEST_CASE("a claimed file is in memory, and no file appears on the disk") {
        const claimed_place here;
        for (const char* const mode : {"DELETE", "TRUNCATE", "PERSIST", "MEMORY", "WAL"}) {
            CAPTURE(mode);
            connection database = by_path("shop.db");
            database.run(std::string("PRAGMA journal_mode = ") + mode);
            database.run("CREATE TABLE IF NOT EXISTS t (a); INSERT INTO t VALUES (1)");
            CHECK(by_path("shop.db").value("SELECT count(*) > 0 FROM t") == "1");
            CHECK(claimed_place::on_disk().empty());
            CHECK(name_of(database) == claimed_place::path("shop.db"));
        }
    }

    // [control: the disk]
    TEST_CASE("control: a file that is not claimed is on the disk") {
        const claimed_place here("*.sqlite");
        connection database = by_path("shop.db");
        make_table(database);
        CHECK(claimed_place::on_disk() == std::vector<std::string>{"shop.db"});
    }

    TEST_CASE("all spellings of a name are one database") {
        const claimed_place here("*.db");
        fs::create_directory("real");
        fs::create_directory_symlink("real", "linked");
        const std::string full = claimed_place::path("real/shop.db");
        connection database = by_path("real/shop.db");
        make_table(database);
        for (const std::string& name :
             {full, std::string("./real/shop.db"), std::string("real/../real//shop.db"),
              std::string("linked/shop.db"), claimed_place::path("linked/./shop.db"),
              std::string("/proc/self/cwd/real/shop.db")}) {
            CAPTURE(name);
            connection other = by_path(name);
            CHECK(other.value("SELECT a FROM t") == "1");
            CHECK(name_of(other) == full);
        }
        for (const char* const uri : {"file:real/shop.db", "file:real/sho%70.db?mode=rw",
                                      "file:real/shop.db?cache=private"}) {
            CAPTURE(uri);
            CHECK(connection(uri, nullptr).value("SELECT a FROM t") == "1");
        }
        fs::current_path("real");
        CHECK(by_path("shop.db").value("SELECT a FROM t") == "1");
        fs::current_path("..");
    }

    TEST_CASE("a link is claimed by its own name or by that of the file") {
        const claimed_place here("claimed.db");
        fs::create_symlink("other.sqlite", "claimed.db"); // dangling: SQLite follows links
        std::ofstream("other.sqlite").close();
        connection database = by_path("claimed.db");
        make_table(database);
        CHECK(fs::file_size("other.sqlite") == 0);
        CHECK(by_path("other.sqlite").value("SELECT a FROM t") == "1");
    }

    TEST_CASE("what SQLite tells of a connection opens the same database") {
        const claimed_place here;
        connection database = by_path("shop.db");
        make_table(database);
        CHECK(by_path(name_of(database)).value("SELECT a FROM t") == "1");
        connection by_vfs(claimed_place::path("shop.db"), isolite::store::vfs_name);
        CHECK(by_vfs.value("SELECT a FROM t") == "1");
        const std::string marked = name_of(by_vfs);
        CHECK(marked != name_of(database));
        CHECK(by_path(marked).value("SELECT a FROM t") == "1");
        CHECK(claimed_place::on_disk().empty());
    }

    TEST_CASE("SQLite's other VFSs lead to the same database") {
        const claimed_place here;
        connection database = by_path("shop.db");
        make_table(database);
        for (const char* const vfs : {"unix", "unix-dotfile", "unix-excl", "unix-none"}) {
            CAPTURE(vfs);
            connection other = by_path("shop.db", vfs);
            CHECK(other.run("INSERT INTO t VALUES (2)").code == SQLITE_OK);
        }
        CHECK(database.value("SELECT count(*) FROM t") == "5");
        database.run("BEGIN IMMEDIATE");
        CHECK(by_path("shop.db", "unix-dotfile").run("BEGIN IMMEDIATE").code == SQLITE_BUSY);
        CHECK(claimed_place::on_disk().empty());
    }

    TEST_CASE("journals and logs are in memory, too, where a VFS on top hands out its own names") {
        const claimed_place here;
        make_file("read.db", "CREATE TABLE t (a)");
        const auto disk = claimed_place::on_disk();
        for (const char* const mode : {"DELETE", "TRUNCATE", "PERSIST", "WAL"}) {
            for (const char* const name : {"made.db", "read.db"}) {
                CAPTURE(mode);
                CAPTURE(name);
                connection database = by_path(name, vfs_with_copied_names());
                database.run(std::string("PRAGMA journal_mode = ") + mode);
                REQUIRE(database
                            .run("CREATE TABLE IF NOT EXISTS t (a); DELETE FROM t;"
                                 "INSERT INTO t VALUES (1); BEGIN; INSERT INTO t VALUES (2)")
                            .code == SQLITE_OK);
                CHECK(claimed_place::on_disk() == disk);
                CHECK(database.run("ROLLBACK").code == SQLITE_OK);
                CHECK(by_path(name).rows("SELECT a FROM t") == std::vector<std::string>{"1"});
            }
        }
    }

    TEST_CASE("ATTACH finds claimed files, and VACUUM INTO makes them") {
        const claimed_place here;
        connection database = by_path("shop.db");
        make_table(database);
        REQUIRE(database.run("VACUUM INTO 'copy.db'; ATTACH 'copy.db' AS copy").code == SQLITE_OK);
        CHECK(database.value("SELECT a FROM copy.t") == "1");
        REQUIRE(database.run("VACUUM INTO 'copy.sqlite'").code == SQLITE_OK);
        CHECK(claimed_place::on_disk() == std::vector<std::string>{"copy.sqlite"});
    }

    TEST_CASE("a transaction over a claimed file and one of the disk commits in both") {
        const claimed_place here;
        for (const auto& [first, second] :
             {std::pair("one.db", "two.sqlite"), std::pair("three.sqlite", "four.db")}) {
            const std::string main = first;
            CAPTURE(main);
            connection database = by_path(first);
            REQUIRE(database
                        .run(std::string("CREATE TABLE t (a); ATTACH '") + second +
                             "' AS two; CREATE TABLE two.t (a);"
                             "BEGIN; INSERT INTO t VALUES (1); INSERT INTO two.t VALUES (2);"
                             "COMMIT; BEGIN; INSERT INTO t VALUES (3);"
                             "INSERT INTO two.t VALUES (4); ROLLBACK")
                        .code == SQLITE_OK);
            CHECK(by_path(first).rows("SELECT a FROM t") == std::vector<std::string>{"1"});
            CHECK(by_path(second).rows("SELECT a FROM t") == std::vector<std::string>{"2"});
        }
        CHECK(claimed_place::on_disk() == std::vector<std::string>{"three.sqlite", "two.sqlite"});
    }

    TEST_CASE("opening says what it says of files") {
        const claimed_place here("*");
        fs::create_directory("folder.db");
        constexpr int existing = SQLITE_OPEN_READWRITE;
        CHECK(code_of_opening("missing.db", existing) == SQLITE_CANTOPEN);
        CHECK(code_of_opening("missing.db", SQLITE_OPEN_READONLY) == SQLITE_CANTOPEN);
        CHECK(code_of_opening("folder.db") == SQLITE_CANTOPEN);
        CHECK(code_of_opening("no/such/folder/shop.db") == SQLITE_CANTOPEN);
        CHECK(code_of_opening("shop.db") == SQLITE_OK);
        CHECK(code_of_opening("shop.db", existing) == SQLITE_OK);
        connection reader = by_path("shop.db", nullptr, SQLITE_OPEN_READONLY);
        CHECK(reader.run("CREATE TABLE t (a)").code == SQLITE_READONLY);
        CHECK(claimed_place::on_disk() == std::vector<std::string>{"folder.db"});
    }

    TEST_CASE("of a directory or a device it says what it says without a claim") {
        const auto said_of_each = [] {
            std::vector<int> codes;
            for (const char* const name : {"folder.db", "/dev/null"}) {
                for (const int flags :
                     {SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, SQLITE_OPEN_READONLY}) {
                    codes.push_back(code_of_opening(name, flags));
                }
            }
            return codes;
        };
        std::vector<int> claimed;
        {
            const claimed_place here("*");
            fs::create_directory("folder.db");
            claimed = said_of_each();
        }
        const claimed_place here("*.sqlite");
        fs::create_directory("folder.db");
        CHECK(claimed == said_of_each());
        CHECK(claimed.front() == SQLITE_CANTOPEN);
    }

    // [promise: the disk]
    TEST_CASE("a file that is on the disk is what tests find, and stays as it is") {
        const claimed_place here;
        make_file("shop.db", "CREATE TABLE t (a); INSERT INTO t VALUES (7)");
        const auto size = fs::file_size("shop.db");
        const auto time = fs::last_write_time("shop.db");
        connection database = by_path("shop.db");
        CHECK(database.value("SELECT a FROM t") == "7");
        database.run("DELETE FROM t; CREATE TABLE more (b)");
        CHECK(by_path("shop.db").value("SELECT count(*) FROM t") == "0");
        CHECK(fs::file_size("shop.db") == size);
        CHECK(fs::last_write_time("shop.db") == time);
    }

    TEST_CASE("each test reads a file of the disk anew, unless it was opened before them") {
        auto& files = claimed_databases::of_process();
        for (const bool opened_before : {false, true}) {
            CAPTURE(opened_before);
            const claimed_place here;
            make_file("shop.db", "CREATE TABLE t AS SELECT 1 AS a");
            if (opened_before) {
                CHECK(by_path("shop.db").value("SELECT a FROM t") == "1");
            }
            for (const std::string in_file : {"2", "3"}) {
                make_file("shop.db", "CREATE TABLE t AS SELECT " + in_file + " AS a");
                const auto scope = files.enter(in_file);
                REQUIRE(scope);
                CHECK(by_path("shop.db").value("SELECT a FROM t") ==
                      (opened_before ? "1" : in_file));
                static_cast<void>(files.leave(*scope));
            }
        }
    }

    TEST_CASE("a file that somebody left in the middle of something is refused") {
        const claimed_place here;
        const char* const last = "shop.db-wal"; // told once for a file
        for (const char* const beside : {"shop.db-journal", last}) {
            make_file("shop.db", "CREATE TABLE t (a)");
            std::ofstream(beside) << "half";
            int code = SQLITE_OK;
            const std::string told = said([&] { code = code_of_opening("shop.db"); });
            CHECK(code == SQLITE_CANTOPEN);
            CHECK((beside == last ||
                   told == "isolite: warning: cannot open '" + claimed_place::path("shop.db") +
                               "' for tests: there is a journal or a log beside "
                               "it on the disk\n  hint: end the program that uses "
                               "it, or open it once with SQLite, which clears "
                               "that away\n"));
            fs::remove(beside);
        }
    }

    TEST_CASE("a claim with a seed needs no file and no directory") {
        connection model(":memory:", nullptr);
        model.run("CREATE TABLE t (a); INSERT INTO t VALUES (8)");
        sqlite3_int64 size = 0;
        unsigned char* const bytes = sqlite3_serialize(model.handle(), "main", &size, 0);
        const auto* const first = reinterpret_cast<const std::byte*>(bytes);
        const auto image =
            std::make_shared<isolite::store::image>(std::vector<std::byte>(first, first + size));
        sqlite3_free(bytes);
        origin from;
        from.image = [image] { return image; };
        const claimed_place here("*.db", from);
        CHECK(by_path("no/such/one.db", nullptr, SQLITE_OPEN_READONLY).value("SELECT a FROM t") ==
              "8");
        connection two = by_path("no/such/two.db");
        two.run("UPDATE t SET a = 9");
        CHECK(by_path("no/such/one.db").value("SELECT a FROM t") == "8");
        CHECK(claimed_place::on_disk().empty());
    }

    TEST_CASE("databases without a file and in memory pass by") {
        const claimed_place here("*");
        for (const char* const name : {":memory:", ""}) {
            connection database = by_path(name);
            make_table(database);
            CHECK(name_of(database).empty());
        }
        CHECK(claimed_place::on_disk().empty());
    }

    TEST_CASE("a connection that was opened before the claim stays on the disk") {
        const claimed_place here("*.sqlite");
        connection early = by_path("shop.db");
        make_table(early);
        const auto claim = claims::of_process().add(claimed_place::path("shop.db"), {});
        CHECK(early.run("INSERT INTO t VALUES (2)").code == SQLITE_OK);
        connection late = by_path("shop.db");
        CHECK(late.value("SELECT count(*) FROM t") == "2"); // as the disk has it
        late.run("INSERT INTO t VALUES (3)");
        CHECK(early.run("BEGIN; INSERT INTO t VALUES (4)").code == SQLITE_OK);
        CHECK(claimed_place::on_disk() == std::vector<std::string>{"shop.db", "shop.db-journal"});
        CHECK(early.run("COMMIT; DELETE FROM t WHERE a = 2").code == SQLITE_OK);
        CHECK(early.value("SELECT group_concat(a) FROM t") == "'1,4'");
        CHECK(late.value("SELECT group_concat(a) FROM t") == "'1,2,3'");
        claims::of_process().release(claim);
    }
}
