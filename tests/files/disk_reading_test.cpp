// Databases of the disk are read as SQLite reads them, beside programs that write to them.
#include "../sandbox/in_child.hpp"
#include "claimed_place.hpp"
#include "disk_writer.hpp"
#include "watched_disk.hpp"

#include "files/disk_images.hpp"
#include "store/directory.hpp"

#include <sqlite3.h>

#include <fstream>
#include <thread>

using namespace isolite::paths;
using namespace isolite::paths::tests;
using isolite::store::tests::scratch_directory;
namespace fs = std::filesystem;

namespace {

/// Makes a database on the disk in the working directory, past all claims. Returns its full name.
std::string make_database(const std::string& sql, const std::string& name = "shop.db") {
    by_path(name + ".made").run(sql);
    fs::rename(name + ".made", name);
    return claimed_place::path(name);
}

constexpr const char* one_row = "CREATE TABLE t (a); INSERT INTO t VALUES (1)";

std::string bytes_of(const disk_reading& reading) {
    return !reading.image ? ""
                          : std::string(reinterpret_cast<const char*>(reading.image->page(0)),
                                        reading.image->size());
}

std::string bytes_of(const std::string& name) {
    std::ifstream file(name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// Waits until a change of the file would show in its time: one tick of the clock of files.
void let_time_pass(const std::string& name) {
    while (
        !isolite::os::is_settled(*isolite::os::look_behind(name), isolite::os::time_in_files())) {
        std::this_thread::yield();
    }
}

/// Writes to the second page of a file, and asks for no lock.
void write_byte(const std::string& name, char byte) {
    std::fstream file(name, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(isolite::store::page_size);
    file.put(byte);
}

isolite::store::file_content content_of(const std::string& name) {
    return isolite::store::directory::of_process().find(name)->content_of_checkpoint();
}

} // namespace

TEST_SUITE("databases of the disk") {
    TEST_CASE("one that another process is writing is read when its transaction has ended") {
        const scratch_directory here;
        const std::string name = make_database(one_row);
        disk_writer writer(name, disk_writer::exclusive);
        writer.write_half();
        watched_disk disk;
        int refusals = 0;
        disk.after_lock = [&](int code) {
            if (code == SQLITE_BUSY && ++refusals == 1) {
                writer.write_rest();
                writer.end();
            }
        };
        const disk_reading reading = disk_images::of_process().read(disk.vfs(), name);
        CHECK(reading.code == SQLITE_OK);
        CHECK(refusals == 1);
        CHECK(bytes_of(reading) == disk_writer::whole(name));
    }

    TEST_CASE("one that another process keeps locked is refused, and told") {
        const claimed_place here;
        const std::string name = make_database(one_row);
        disk_writer writer(name, disk_writer::exclusive);
        writer.write_half();
        int code = SQLITE_OK;
        const std::string told = said([&] { code = code_of_opening(name); });
        CHECK(code == SQLITE_CANTOPEN);
        CHECK(told == "isolite: warning: cannot open '" + name +
                          "' for tests: for a second somebody was writing to it on the disk\n  "
                          "hint: end the transaction, or the program, that writes to it before a "
                          "test opens it\n");
    }

    TEST_CASE("a journal is no obstacle while its writer lives, and has written nothing yet") {
        const scratch_directory here;
        const std::string name = make_database(one_row);
        std::ofstream(name + "-journal") << "half";
        watched_disk disk;
        {
            const disk_writer writer(name, disk_writer::reserved);
            CHECK(read_database(disk.vfs(), name).code == SQLITE_OK);
        }
        CHECK(read_database(disk.vfs(), name).code == SQLITE_READONLY_ROLLBACK);
    }

    TEST_CASE("a journal that was made invalid or belongs to an empty file is none") {
        const claimed_place here;
        const std::string kept =
            make_database("PRAGMA journal_mode = PERSIST;" + std::string(one_row));
        fs::rename("shop.db.made-journal", "shop.db-journal");
        REQUIRE(fs::file_size("shop.db-journal") > 0);
        CHECK(by_path(kept).value("SELECT a FROM t") == "1");
        std::ofstream("empty.db").close();
        std::ofstream("empty.db-journal") << "half";
        CHECK(code_of_opening("empty.db") == SQLITE_OK);
    }

    TEST_CASE("one that changes while it is read is read again") {
        const scratch_directory here;
        for (const std::string mode : {"DELETE", "WAL"}) {
            CAPTURE(mode);
            const std::string name =
                make_database("PRAGMA journal_mode = " + mode + ";" + one_row, mode + ".db");
            let_time_pass(name);
            watched_disk disk;
            disk.after_read = [&] {
                if (disk.reads == 2) { // behind the header
                    write_byte(name, 'x');
                }
            };
            const disk_reading reading = disk_images::of_process().read(disk.vfs(), name);
            CHECK(reading.code == SQLITE_OK);
            CHECK(bytes_of(reading) == bytes_of(name));
        }
    }

    TEST_CASE("in WAL mode a file that has just been written is not trusted") {
        const scratch_directory here;
        const std::string name = make_database("PRAGMA journal_mode = WAL;" + std::string(one_row));
        watched_disk disk;
        const auto is_busy = [&] { // unless the clock ticks between the two
            write_byte(name, 'x');
            return read_database(disk.vfs(), name).code == SQLITE_BUSY;
        };
        bool was_busy = false;
        for (int tries = 0; tries < 1000 && !was_busy; ++tries) {
            was_busy = is_busy();
        }
        CHECK(was_busy);
        CHECK(disk_images::of_process().read(disk.vfs(), name).code == SQLITE_OK);
    }

    TEST_CASE("in WAL mode the reader keeps nobody from clearing his log away") {
        const scratch_directory here;
        const std::string name = make_database("PRAGMA journal_mode = WAL;" + std::string(one_row));
        let_time_pass(name);
        watched_disk disk;
        disk.after_read = [&] {
            if (disk.reads == 2) { // the header is read under the lock
                by_path(name).run("INSERT INTO t VALUES (2)");
                CHECK_FALSE(fs::exists(name + "-wal"));
            }
        };
        const disk_reading reading = disk_images::of_process().read(disk.vfs(), name);
        CHECK(reading.code == SQLITE_OK);
        CHECK(bytes_of(reading) == bytes_of(name));
        CHECK(disk.reads > 2);
    }

    TEST_CASE("a log with something in it refuses what was read before") {
        const scratch_directory here;
        const std::string name = make_database("PRAGMA journal_mode = WAL;" + std::string(one_row));
        let_time_pass(name);
        watched_disk disk;
        REQUIRE(disk_images::of_process().read(disk.vfs(), name).code == SQLITE_OK);
        connection writer = by_path(name);
        writer.run("INSERT INTO t VALUES (2)");
        CHECK(disk_images::of_process().read(disk.vfs(), name).code == SQLITE_READONLY_RECOVERY);
    }

    TEST_CASE("what SQLite cannot do is told as SQLite tells it") {
        const scratch_directory here;
        const std::string name = make_database(one_row);
        watched_disk disk;
        disk.fails_to_lock = true;
        CHECK(read_database(disk.vfs(), name).code == SQLITE_IOERR_LOCK);
        CHECK(read_database(disk.vfs(), name + ".missing").code == SQLITE_CANTOPEN);
        CHECK(read_database(disk.vfs(), ".").code == SQLITE_CANTOPEN);
    }

    TEST_CASE("a claimed file that may not be read cannot be opened") {
        const claimed_place here;
        const std::string open = make_database(one_row, "open.db");
        const std::string closed = make_database(one_row, "closed.db");
        fs::permissions(".", fs::perms(0777));
        fs::permissions(open, fs::perms(0644));
        fs::permissions(closed, fs::perms::none);
        const std::string codes = in_child([&] {
            constexpr uid_t nobody = 65534;
            static_cast<void>(::geteuid() == 0 ? ::setuid(nobody) : 0);
            return std::to_string(code_of_opening(open)) + " " +
                   std::to_string(code_of_opening(closed));
        });
        if (codes == "14 14") {
            MESSAGE("not tried: another user may not come here");
            return;
        }
        CHECK(codes == "0 14");
    }

    TEST_CASE("a file of one byte is as empty as for SQLite") {
        const claimed_place here;
        for (const char* const name : {"claimed.db", "control.sqlite"}) {
            std::ofstream(name) << "x";
            CHECK(code_of_opening(name) == SQLITE_OK);
        }
    }

    TEST_CASE("each of SQLite's VFSs finds what is on the disk") {
        for (const char* const vfs : {"unix", "unix-dotfile", "unix-excl", "unix-none"}) {
            CAPTURE(vfs);
            const claimed_place here;
            make_database(one_row);
            CHECK(by_path("shop.db", vfs).value("SELECT a FROM t") == "1");
            CHECK(claimed_place::on_disk() == std::vector<std::string>{"shop.db"});
        }
    }

    TEST_CASE("a connection that is older than a claim keeps its lock on the disk") {
        const claimed_place here("*.sqlite");
        const std::string name = make_database(one_row);
        connection early = by_path(name);
        early.run("BEGIN IMMEDIATE");
        const auto claim = claims::of_process().add(name, {});
        CHECK(by_path(name).value("SELECT a FROM t") == "1");
        CHECK(in_child([&] { return disk_writer::may_lock(name) ? "free" : "locked"; }) ==
              "locked");
        early.run("COMMIT");
        CHECK(in_child([&] { return disk_writer::may_lock(name) ? "free" : "locked"; }) == "free");
        claims::of_process().release(claim);
    }
}

TEST_SUITE("images of the disk") {
    TEST_CASE("tests share what was read once, until the file changes") {
        const claimed_place here;
        const std::string name = make_database(one_row);
        let_time_pass(name);
        using image = std::shared_ptr<const isolite::store::image>;
        const auto image_in = [&](const char* test, const char* rows) {
            const auto scope = claimed_databases::of_process().enter(test);
            REQUIRE(scope);
            image base;
            {
                connection database = by_path(name);
                CHECK(database.value("SELECT count(*) FROM t") == rows);
                database.run("DELETE FROM t");
                base = content_of(name).base;
            }
            static_cast<void>(claimed_databases::of_process().leave(*scope));
            return base;
        };
        const image first = image_in("first", "1");
        CHECK(image_in("second", "1") == first);
        make_database(std::string(one_row) + ", (2)");
        CHECK(image_in("third", "2") != first);
    }

    TEST_CASE("a file that is still as it was is not read again") {
        const scratch_directory here;
        const std::string name = make_database(one_row);
        let_time_pass(name);
        watched_disk disk;
        const disk_reading first = disk_images::of_process().read(disk.vfs(), name);
        const int reads = disk.reads;
        CHECK(reads > 0);
        CHECK(disk_images::of_process().read(disk.vfs(), name).image == first.image);
        CHECK(disk.reads == reads);
        by_path(name).run("UPDATE t SET a = 2");
        CHECK(bytes_of(disk_images::of_process().read(disk.vfs(), name)) == bytes_of(name));
        CHECK(disk.reads > reads);
    }

    TEST_CASE("a file that has just been written is read again: a change may have the same time") {
        const scratch_directory here;
        const std::string name = make_database(one_row);
        watched_disk disk;
        int fresh = 0; // but for those where the clock ticks between the two
        for (int i = 0; i < 200; ++i) {
            write_byte(name, static_cast<char>(i));
            const disk_reading reading = disk_images::of_process().read(disk.vfs(), name);
            REQUIRE(reading.image->page(1)[0] == static_cast<std::byte>(i));
            const int reads = disk.reads;
            static_cast<void>(disk_images::of_process().read(disk.vfs(), name));
            CHECK((reading.is_settled || disk.reads > reads));
            fresh += reading.is_settled ? 0 : 1;
        }
        CHECK(fresh > 0);
    }

    TEST_CASE("those of files that are gone are dropped, and of many the ones used first") {
        constexpr std::uint64_t bytes_of_each = 8192;
        struct limits {
            std::size_t files;
            std::uint64_t bytes;
        };
        for (const limits& most : {limits{2, 9 * bytes_of_each}, limits{9, 2 * bytes_of_each}}) {
            CAPTURE(most.files);
            const scratch_directory here;
            watched_disk disk;
            disk_images images(most.files, most.bytes);
            const auto kept = [&](const std::string& name) {
                make_database(one_row, name);
                let_time_pass(name);
                return std::weak_ptr(images.read(disk.vfs(), name).image);
            };
            const auto gone = kept("gone.db");
            CHECK_FALSE(gone.expired());
            fs::remove("gone.db");
            const auto used = kept("used.db");
            CHECK(gone.expired());
            const auto old = kept("old.db");
            CHECK(images.read(disk.vfs(), "used.db").image == used.lock());
            CHECK_FALSE(old.expired());
            const auto last = kept("last.db");
            CHECK(old.expired());
            CHECK_FALSE(used.expired());
            CHECK_FALSE(last.expired());
        }
    }

    TEST_CASE("one is kept, however large it is") {
        const scratch_directory here;
        const std::string name = make_database(one_row);
        let_time_pass(name);
        watched_disk disk;
        disk_images images(0, 0);
        const auto image = images.read(disk.vfs(), name).image;
        CHECK(images.read(disk.vfs(), name).image == image);
    }
}
