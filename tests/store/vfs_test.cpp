#include "store/vfs.hpp"

#include "connection.hpp"
#include "scratch_directory.hpp"
#include "store/directory.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <ostream>

using namespace isolite::store;
using isolite::store::tests::connection;
using isolite::store::tests::scratch_directory;
using isolite::store::tests::unique_name;

namespace {

sqlite3_vfs& vfs() {
    REQUIRE(register_vfs());
    return *sqlite3_vfs_find(vfs_name);
}

/// A file that was opened through the VFS itself, as SQLite's pager does it.
class raw_file {
  public:
    raw_file(const char* name, int flags)
        : name_(name ? sqlite3_create_filename(name, "", "", 0, nullptr) : nullptr),
          memory_(static_cast<std::size_t>(vfs().szOsFile)) {
        code = vfs().xOpen(&vfs(), name_, get(), flags, &out_flags);
    }
    ~raw_file() {
        close();
        sqlite3_free_filename(name_);
    }
    raw_file(const raw_file&) = delete;
    raw_file& operator=(const raw_file&) = delete;

    void close() {
        if (get()->pMethods) {
            CHECK(get()->pMethods->xClose(get()) == SQLITE_OK);
            get()->pMethods = nullptr;
        }
    }
    sqlite3_file* get() { return reinterpret_cast<sqlite3_file*>(memory_.data()); }
    const sqlite3_io_methods& methods() { return *get()->pMethods; }

    int code;
    int out_flags = 0;

  private:
    sqlite3_filename name_; // the VFS asks SQLite for the names of its journal and its log
    std::vector<std::max_align_t> memory_; // more than enough
};

constexpr int create = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MAIN_DB;
constexpr int existing = SQLITE_OPEN_READWRITE | SQLITE_OPEN_MAIN_DB;

bool exists(const std::string& name, int flags = SQLITE_ACCESS_EXISTS) {
    int result = -1;
    REQUIRE(vfs().xAccess(&vfs(), name.c_str(), flags, &result) == SQLITE_OK);
    return result != 0;
}

} // namespace

TEST_SUITE("vfs: open") {
    TEST_CASE("registering the VFS again is no error and does not make it the default") {
        CHECK(register_vfs());
        CHECK(register_vfs());
        CHECK(sqlite3_vfs_find(nullptr) != &vfs());
    }

    TEST_CASE("an unknown name is not opened without SQLITE_OPEN_CREATE") {
        const std::string name = unique_name("unknown");
        CHECK(raw_file(name.c_str(), existing).code == SQLITE_CANTOPEN);
        CHECK_FALSE(exists(name, SQLITE_ACCESS_READWRITE));
        sqlite3* database = nullptr;
        CHECK(sqlite3_open_v2(name.c_str(), &database, SQLITE_OPEN_READWRITE, vfs_name) ==
              SQLITE_CANTOPEN);
        sqlite3_close(database);
    }

    TEST_CASE("a name that exists is not opened with SQLITE_OPEN_EXCLUSIVE") {
        const std::string name = unique_name("exclusive");
        CHECK(raw_file(name.c_str(), create | SQLITE_OPEN_EXCLUSIVE).code == SQLITE_OK);
        CHECK(raw_file(name.c_str(), create | SQLITE_OPEN_EXCLUSIVE).code == SQLITE_CANTOPEN);
        CHECK(raw_file(name.c_str(), create).code == SQLITE_OK);
    }

    TEST_CASE("a file stays when it is closed") {
        const std::string name = unique_name("stays");
        raw_file first(name.c_str(), create);
        REQUIRE(first.methods().xWrite(first.get(), "abc", 3, 0) == SQLITE_OK);
        first.close();
        raw_file again(name.c_str(), existing);
        char text[4] = "";
        CHECK(again.methods().xRead(again.get(), text, 3, 0) == SQLITE_OK);
        CHECK(std::string(text) == "abc");
    }

    TEST_CASE("a file that is to be deleted on close is gone then") {
        const std::string name = unique_name("gone");
        raw_file temporary(name.c_str(), create | SQLITE_OPEN_DELETEONCLOSE);
        REQUIRE(temporary.code == SQLITE_OK);
        temporary.close();
        CHECK_FALSE(exists(name, SQLITE_ACCESS_READWRITE));
    }

    TEST_CASE("files without a name are all different") {
        const auto before = directory::of_process().names();
        constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_TEMP_DB |
                              SQLITE_OPEN_EXCLUSIVE | SQLITE_OPEN_DELETEONCLOSE;
        raw_file one(nullptr, flags);
        raw_file other(nullptr, flags);
        REQUIRE(one.methods().xWrite(one.get(), "abc", 3, 0) == SQLITE_OK);
        sqlite3_int64 size = -1;
        CHECK(other.methods().xFileSize(other.get(), &size) == SQLITE_OK);
        CHECK(size == 0);
        CHECK(directory::of_process().names() == before);
    }

    TEST_CASE("the flags that were granted are those that were asked for") {
        const std::string name = unique_name("flags");
        raw_file writable(name.c_str(), create);
        CHECK(writable.out_flags == create);
        raw_file read_only(name.c_str(), SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB);
        CHECK(read_only.out_flags == (SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB));
    }

    TEST_CASE("a read-only connection reads and cannot write") {
        const std::string name = unique_name("read-only");
        connection(name).rows("CREATE TABLE t(a); INSERT INTO t VALUES (1)");
        connection reader(name, vfs_name, SQLITE_OPEN_READONLY);
        CHECK(reader.value("SELECT a FROM t") == "1");
        CHECK(reader.run("INSERT INTO t VALUES (2)").code == SQLITE_READONLY);
    }

    TEST_CASE("a database is opened by a URI that names the VFS") {
        const std::string name = unique_name("uri");
        connection(name).rows("CREATE TABLE t(a)");
        sqlite3* database = nullptr;
        CHECK(sqlite3_open(("file:" + name + "?vfs=isolite").c_str(), &database) == SQLITE_OK);
        CHECK(sqlite3_table_column_metadata(database, "main", "t", "a", nullptr, nullptr, nullptr,
                                            nullptr, nullptr) == SQLITE_OK);
        sqlite3_close(database);
    }

    TEST_CASE("a URI can ask for an existing database only, or for reading only") {
        const std::string name = unique_name("mode");
        CHECK_THROWS(connection("file:" + name + "?vfs=isolite&mode=rw", nullptr));
        CHECK_THROWS(connection("file:" + name + "?vfs=isolite&mode=ro", nullptr));
        connection(name).rows("CREATE TABLE t(a)");
        connection reader("file:" + name + "?vfs=isolite&mode=ro", nullptr);
        CHECK(reader.run("INSERT INTO t VALUES (1)").code == SQLITE_READONLY);
    }

    TEST_CASE("a name that is too long is refused and not cut short") {
        const std::string name(static_cast<std::size_t>(vfs().mxPathname) + 1, 'n');
        CHECK_THROWS(connection{name});
        CHECK_FALSE(exists(name.substr(0, name.size() - 1), SQLITE_ACCESS_READWRITE));
    }

    TEST_CASE("a path is a name like any other, and none is made of it on the disk") {
        const std::string name = "/no/such/folder/" + unique_name("database");
        connection(name).rows("CREATE TABLE t(a)");
        CHECK(connection(name).value("SELECT count(*) FROM t") == "0");
    }
}

TEST_SUITE("vfs: files") {
    TEST_CASE("an empty file does not count as existing, because it is no hot journal") {
        const std::string name = unique_name("journal");
        raw_file journal(name.c_str(), create);
        CHECK_FALSE(exists(name));
        CHECK(exists(name, SQLITE_ACCESS_READWRITE));
        REQUIRE(journal.methods().xWrite(journal.get(), "x", 1, 0) == SQLITE_OK);
        CHECK(exists(name));
        REQUIRE(journal.methods().xTruncate(journal.get(), 0) == SQLITE_OK);
        CHECK_FALSE(exists(name));
    }

    TEST_CASE("a journal can be opened by its name alone, as a super-journal lists it") {
        const std::string name = unique_name("listed");
        connection(name).rows("PRAGMA journal_mode = PERSIST; CREATE TABLE t(a);"
                              "INSERT INTO t VALUES (1)");
        REQUIRE(exists(name + "-journal"));
        raw_file journal((name + "-journal").c_str(),
                         SQLITE_OPEN_READONLY | SQLITE_OPEN_SUPER_JOURNAL);
        REQUIRE(journal.code == SQLITE_OK);
        sqlite3_int64 size = 0;
        CHECK(journal.methods().xFileSize(journal.get(), &size) == SQLITE_OK);
        CHECK(size > 0);
        raw_file missing("nowhere-journal", SQLITE_OPEN_READONLY | SQLITE_OPEN_SUPER_JOURNAL);
        CHECK(missing.code == SQLITE_CANTOPEN);
    }

    TEST_CASE("a deleted file lives on for those who have it open") {
        const std::string name = unique_name("unlinked");
        raw_file open(name.c_str(), create);
        REQUIRE(open.methods().xWrite(open.get(), "abc", 3, 0) == SQLITE_OK);
        CHECK(vfs().xDelete(&vfs(), name.c_str(), 0) == SQLITE_OK);
        CHECK_FALSE(exists(name));
        char text[4] = "";
        CHECK(open.methods().xRead(open.get(), text, 3, 0) == SQLITE_OK);
        CHECK(std::string(text) == "abc");
    }

    TEST_CASE("a file that is closed gives up its lock") {
        const std::string name = unique_name("closed");
        raw_file writer(name.c_str(), create);
        raw_file other(name.c_str(), create);
        for (raw_file* each : {&writer, &other}) {
            REQUIRE(each->methods().xLock(each->get(), SQLITE_LOCK_SHARED) == SQLITE_OK);
        }
        REQUIRE(writer.methods().xLock(writer.get(), SQLITE_LOCK_RESERVED) == SQLITE_OK);
        REQUIRE(other.methods().xLock(other.get(), SQLITE_LOCK_RESERVED) == SQLITE_BUSY);
        writer.close();
        CHECK(other.methods().xLock(other.get(), SQLITE_LOCK_EXCLUSIVE) == SQLITE_OK);
    }

    TEST_CASE("deleting a file that is not there says so") {
        CHECK(vfs().xDelete(&vfs(), "nowhere", 0) == SQLITE_IOERR_DELETE_NOENT);
    }

    TEST_CASE("reading beyond the end is a short read filled up with zeros") {
        raw_file file(nullptr, create);
        REQUIRE(file.methods().xWrite(file.get(), "abc", 3, 0) == SQLITE_OK);
        char text[] = "??????";
        CHECK(file.methods().xRead(file.get(), text, 6, 1) == SQLITE_IOERR_SHORT_READ);
        CHECK(std::memcmp(text, "bc\0\0\0\0", 6) == 0);
    }

    TEST_CASE("the name of the VFS can be asked for") {
        connection database(unique_name("named"));
        char* name = nullptr;
        REQUIRE(sqlite3_file_control(database.handle(), "main", SQLITE_FCNTL_VFSNAME, &name) ==
                SQLITE_OK);
        CHECK(std::string(name) == vfs_name);
        sqlite3_free(name);
    }

    TEST_CASE("PRAGMA mmap_size answers as on SQLite's own VFS") {
        scratch_directory scratch;
        connection ours(unique_name("mapped"));
        connection stock("stock.db", "unix");
        for (const std::string sql : {"PRAGMA mmap_size", "PRAGMA mmap_size = 65536",
                                      "PRAGMA mmap_size", "PRAGMA main.mmap_size = 99999999999",
                                      "PRAGMA mmap_size = 0", "PRAGMA mmap_size = -1"}) {
            CAPTURE(sql);
            for (connection* each : {&ours, &stock}) {
                each->rows("CREATE TABLE IF NOT EXISTS t(a)");
            }
            CHECK(ours.rows(sql) == stock.rows(sql));
        }
    }

    TEST_CASE("the lock that a connection holds can be asked for") {
        connection database(unique_name("locked"));
        const auto level = [&database] {
            int value = -1;
            sqlite3_file_control(database.handle(), "main", SQLITE_FCNTL_LOCKSTATE, &value);
            return value;
        };
        CHECK(level() == 0);
        database.rows("BEGIN IMMEDIATE");
        CHECK(level() == 2);
        database.rows("COMMIT; BEGIN EXCLUSIVE");
        CHECK(level() == 4);
        database.rows("COMMIT");
        CHECK(level() == 0);
    }
}

namespace {

int delegated = 0; // how often the VFS below was called

sqlite3_vfs& counting_vfs() {
    static sqlite3_vfs counting = *sqlite3_vfs_find(nullptr);
    counting.xRandomness = [](sqlite3_vfs*, int size, char* bytes) {
        ++delegated;
        std::memset(bytes, 'r', static_cast<std::size_t>(size));
        return size;
    };
    counting.xSleep = [](sqlite3_vfs*, int microseconds) { return ++delegated, microseconds; };
    counting.xCurrentTime = [](sqlite3_vfs*, double* day) {
        *day = 2451545.0; // noon on the first of January 2000
        return ++delegated, SQLITE_OK;
    };
    counting.xCurrentTimeInt64 = [](sqlite3_vfs*, sqlite3_int64* milliseconds) {
        *milliseconds = 86400000;
        return ++delegated, SQLITE_OK;
    };
    return counting;
}

/// The VFS over another one for as long as it lives.
struct delegation {
    void* before = vfs().pAppData;
    explicit delegation(sqlite3_vfs& below) {
        delegated = 0;
        vfs().pAppData = &below;
    }
    ~delegation() { vfs().pAppData = before; }
    delegation(const delegation&) = delete;
    delegation& operator=(const delegation&) = delete;
};

} // namespace

TEST_SUITE("vfs: what is not a file") {
    TEST_CASE("randomness, sleep and the clock are those of SQLite's own VFS") {
        const delegation below(counting_vfs());
        char byte = 0;
        CHECK(vfs().xRandomness(&vfs(), 1, &byte) == 1);
        CHECK(byte == 'r');
        CHECK(vfs().xSleep(&vfs(), 77) == 77);
        double day = 0;
        CHECK(vfs().xCurrentTime(&vfs(), &day) == SQLITE_OK);
        CHECK(day == 2451545.0);
        sqlite3_int64 milliseconds = 0;
        CHECK(vfs().xCurrentTimeInt64(&vfs(), &milliseconds) == SQLITE_OK);
        CHECK(milliseconds == 86400000);
        CHECK(delegated == 4);
    }

    TEST_CASE("a VFS below that tells the time in days only is enough") {
        sqlite3_vfs old = counting_vfs();
        old.iVersion = 1;
        const delegation below(old);
        sqlite3_int64 milliseconds = 0;
        CHECK(vfs().xCurrentTimeInt64(&vfs(), &milliseconds) == SQLITE_OK);
        CHECK(milliseconds == 211813488000000);
    }

    TEST_CASE("a library that cannot be loaded gives the message of SQLite's own VFS") {
        CHECK(vfs().xDlOpen(&vfs(), "/no/such/library.so") == nullptr);
        char message[200] = "";
        vfs().xDlError(&vfs(), sizeof message, message);
        CHECK(std::string(message).find("/no/such/library.so") != std::string::npos);
    }

    TEST_CASE("a connection's clock runs") {
        connection database(unique_name("clock"));
        CHECK(database.value("SELECT datetime('now') > '2020-01-01'") == "1");
    }
}
