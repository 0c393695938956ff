#include "engine_fixture.hpp"
#include "in_child.hpp"
#include "sandbox/case_files.hpp"
#include "sandbox/evidence.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include <sys/stat.h>

namespace {

namespace files = std::filesystem;

/// A directory for the evidence of a test's processes, and another one that they run in.
struct evidence_fixture {
    evidence_fixture() {
        std::string pattern = files::temp_directory_path() / "isolite-evidence-XXXXXX";
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        root = pattern;
        place = (root / "evidence").string();
        temporary = (root / "temporary").string();
        files::create_directory(root / "current");
    }
    ~evidence_fixture() { files::remove_all(root); }
    evidence_fixture(const evidence_fixture&) = delete;
    evidence_fixture& operator=(const evidence_fixture&) = delete;

    /// Runs `body` in a process of the run `run`, which keeps its evidence at `place`.
    std::string process(const std::function<std::string(engine_fixture&)>& body,
                        const isolite::seed& seed = engine_fixture::seed_of_one_row(),
                        const std::string& run = "r1") const {
        return in_child([&] {
            ::setenv("ISOLITE_RUN_ID", run.c_str(), 1);
            ::setenv("ISOLITE_WORKER_SLOT", "0", 1);
            engine_fixture engine(seed);
            ::setenv("ISOLITE_EVIDENCE", place.c_str(), 1);
            ::setenv("TMPDIR", temporary.c_str(), 1);
            files::current_path(root / "current");
            return body(engine);
        });
    }

    /// Returns what a test says that fails after these statements.
    std::string text_of(const char* sql,
                        const isolite::seed& seed = engine_fixture::seed_of_one_row(),
                        isolite::mode mode = isolite::mode::rollback) const {
        return process(
            [&](engine_fixture& engine) {
                auto session = engine.open("orders/first", mode);
                engine.run(sql);
                std::string text = session.keep_evidence();
                return text + failure(session);
            },
            seed);
    }

    /// Returns the files of evidence, in order.
    [[nodiscard]] std::vector<files::path> kept() const {
        std::vector<files::path> found;
        for (const auto& each : files::recursive_directory_iterator(root)) {
            if (each.path().extension() == ".db") {
                found.push_back(each.path());
            }
        }
        std::sort(found.begin(), found.end());
        return found;
    }

    [[nodiscard]] std::string only() const {
        const auto found = kept();
        REQUIRE(found.size() == 1);
        return found.front().string();
    }

    files::path root;
    std::string place;     // ISOLITE_EVIDENCE
    std::string temporary; // TMPDIR
};

/// Asks SQLite's own VFS.
std::string value_in(const std::string& path, const char* sql) {
    SQLite::Database database(path, SQLite::OPEN_READONLY);
    return database.execAndGet(sql).getString();
}

std::string kept_line(const std::string& path) {
    return "\n  kept: sqlite3 -readonly '" + path + "'";
}

const std::string failed = "the database of 'orders/first' when it failed:";

} // namespace

TEST_CASE_FIXTURE(evidence_fixture, "a test that failed keeps its database, uncommitted rows too") {
    const std::string text = text_of("INSERT INTO t VALUES (2, 'new'); DELETE FROM t WHERE id = 1");
    CHECK(text == failed + kept_line(only()) +
                      "\n  it differs from what the test found:"
                      "\n    table t: 1 row added, 1 removed"
                      "\n      - id=1, v='seeded'"
                      "\n      + id=2, v='new'");
    CHECK(value_in(only(), "SELECT group_concat(v) FROM t") == "new");
    CHECK(value_in(only(), "PRAGMA integrity_check") == "ok");
    CHECK(files::path(only()).filename() == "orders-first.db");
}

TEST_CASE_FIXTURE(evidence_fixture,
                  "the commands that open what was kept can be told from a text") {
    using isolite::sandbox::opening_commands;
    const std::string text = text_of("DELETE FROM t");
    const std::string command = "sqlite3 -readonly '" + only() + "'";
    CHECK(opening_commands(text) == std::vector<std::string>{command});
    CHECK(opening_commands(text + kept_line("/b")) ==
          std::vector<std::string>{command, "sqlite3 -readonly '/b'"});
    CHECK(opening_commands(failed + "\n  its database was not kept: no").empty());
    CHECK(opening_commands("").empty());
}

TEST_CASE_FIXTURE(evidence_fixture, "a shell understands the command, whatever the path is") {
    place = (root / "it's `here` and $there").string();
    const auto commands = isolite::sandbox::opening_commands(text_of("DELETE FROM t"));
    REQUIRE(commands.size() == 1);
    const std::string shown = (root / "shown").string();
    const std::string shell =
        "sqlite3() { printf %s \"$2\" > '" + shown + "'; }; " + commands.front();
    REQUIRE(std::system(shell.c_str()) == 0);
    std::ifstream file(shown);
    CHECK(std::string(std::istreambuf_iterator<char>(file), {}) == only());
}

TEST_CASE_FIXTURE(evidence_fixture, "the file of a test without a name is not hidden") {
    process([](engine_fixture& engine) { return engine.open("").keep_evidence(); });
    CHECK(files::path(only()).filename() == "unnamed.db");
}

TEST_CASE_FIXTURE(evidence_fixture, "many uncommitted rows are kept whole") {
    text_of("CREATE TABLE big (a); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
            "WHERE i < 1000) INSERT INTO big SELECT zeroblob(5000) FROM n");
    CHECK(value_in(only(), "SELECT count(*) FROM big") == "1000");
    CHECK(value_in(only(), "PRAGMA integrity_check") == "ok");
}

TEST_CASE_FIXTURE(evidence_fixture, "a hole in a database costs nothing, kept or not") {
    constexpr std::uintmax_t size = std::uintmax_t{1} << 38U;
    const std::string text = process([](engine_fixture& engine) {
        auto session = engine.open("orders/first");
        sqlite3_file* file = nullptr;
        sqlite3* const db = engine.engine.db().getHandle();
        sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
        file->pMethods->xTruncate(file, static_cast<sqlite3_int64>(size));
        engine.run("COMMIT; UPDATE t SET v = 'leaked'");
        return failure(session);
    });
    CHECK(text.find("'leaked'") < text.find(kept_line(only())));
    CHECK(text.find(kept_line(only())) != text.npos);
    CHECK(files::file_size(only()) == size);
    CHECK(value_in(only(), "SELECT v FROM t") == "leaked");
}

TEST_CASE_FIXTURE(evidence_fixture, "a test that failed and wrote nothing says so") {
    const std::string text = text_of("SELECT 1");
    CHECK(text == failed + kept_line(only()) + "\n  nothing differs from what the test found");
}

TEST_CASE_FIXTURE(evidence_fixture, "a test goes on after its evidence was kept") {
    const std::string after = process([](engine_fixture& engine) {
        auto session = engine.open("orders/first");
        engine.run("DELETE FROM t");
        static_cast<void>(session.keep_evidence());
        engine.run("INSERT INTO t VALUES (5, 'later')");
        std::string text = engine.value("SELECT group_concat(id) FROM t");
        text += failure(session);
        return text + engine.value("SELECT group_concat(id) FROM t");
    });
    CHECK(after == "51");
}

TEST_CASE_FIXTURE(evidence_fixture, "a database in WAL mode is kept as an ordinary file") {
    const isolite::seed seed = isolite::seed("w").sql(
        "PRAGMA journal_mode = WAL; CREATE TABLE t (a); INSERT INTO t VALUES (1)");
    for (const auto mode : {isolite::mode::rollback, isolite::mode::copy_on_write}) {
        const std::string text =
            text_of("INSERT INTO t VALUES (2); SAVEPOINT s; INSERT INTO t VALUES (3); RELEASE s",
                    seed, mode);
        CHECK(text.find("table t: 2 rows added") != std::string::npos);
        CHECK(value_in(only(), "SELECT group_concat(a) FROM t") == "1,2,3");
        CHECK(value_in(only(), "PRAGMA journal_mode") == "delete");
        files::remove(only());
    }
}

TEST_CASE_FIXTURE(evidence_fixture, "attached databases are kept in a file each") {
    const isolite::seed seed =
        isolite::seed("shop")
            .sql("CREATE TABLE t (a)")
            .attach("books", isolite::seed("ledger").sql("CREATE TABLE entries (a)"));
    const std::string text = text_of("INSERT INTO entries VALUES (7)", seed);
    const auto both = kept();
    REQUIRE(both.size() == 2);
    CHECK(both[0].filename() == "orders-first.shop.books.db");
    CHECK(both[1].filename() == "orders-first.shop.db");
    CHECK(text == failed + kept_line(both[1]) + kept_line(both[0]) +
                      "\n  in 'shop' nothing differs from what the test found"
                      "\n  in 'shop.books' it differs from what the test found:"
                      "\n    table entries: 1 row added"
                      "\n      + rowid=1, a=7");
    CHECK(value_in(both[0], "SELECT a FROM entries") == "7");
    CHECK(value_in(both[1], "SELECT count(*) FROM t") == "0");
}

TEST_CASE_FIXTURE(evidence_fixture, "what a suite wrote is kept and is no difference") {
    const std::string text = process([](engine_fixture& engine) {
        auto suite = engine.open_copy_on_write("orders");
        engine.run("INSERT INTO t VALUES (2, 'of the suite')");
        auto session = engine.open("orders/first");
        return suite.keep_evidence() + session.keep_evidence();
    });
    CHECK(text == failed + kept_line(only()) + "\n  nothing differs from what the test found");
    CHECK(value_in(only(), "SELECT count(*) FROM t") == "2");
}

TEST_CASE_FIXTURE(evidence_fixture, "what a suite wrote is kept also without a connection") {
    process([](engine_fixture& engine) {
        auto suite = engine.open_copy_on_write("orders");
        engine.run("INSERT INTO t VALUES (2, 'of the suite')");
        auto session = engine.open("orders/first");
        engine.run("CREATE TABLE more (a)");
        sqlite3_auto_extension(
            reinterpret_cast<void (*)()>(+[](sqlite3* /*connection*/, char** /*message*/,
                                             const void* /*api*/) { return SQLITE_ERROR; }));
        static_cast<void>(failure(session));
        std::string text = suite.keep_evidence();
        sqlite3_reset_auto_extension();
        return text;
    });
    CHECK(value_in(only(), "SELECT count(*) FROM t") == "2");
}

TEST_CASE_FIXTURE(evidence_fixture, "what other connections committed is kept too") {
    process([](engine_fixture& engine) {
        auto session = engine.open_copy_on_write("orders/first");
        engine.engine.connect()->exec("INSERT INTO t VALUES (2, 'other')");
        return session.keep_evidence();
    });
    CHECK(value_in(only(), "SELECT count(*) FROM t") == "2");
}

TEST_CASE_FIXTURE(evidence_fixture, "a page size that another connection has set is that of the "
                                    "file") {
    for (const auto mode : {isolite::mode::rollback, isolite::mode::copy_on_write}) {
        const std::string text = process([mode](engine_fixture& engine) {
            auto session = engine.open("orders/first", mode);
            engine.engine.connect()->exec("PRAGMA page_size = 512; VACUUM");
            return session.keep_evidence();
        });
        CHECK(text == failed + kept_line(only()) +
                          "\n  it differs from what the test found:"
                          "\n    page_size: 4096 -> 512");
        CHECK(files::file_size(only()) % 4096 != 0);
        CHECK(value_in(only(), "PRAGMA integrity_check") == "ok");
        CHECK(value_in(only(), "SELECT v FROM t") == "seeded");
        files::remove(only());
    }
}

TEST_CASE_FIXTURE(evidence_fixture, "ISOLITE_EVIDENCE=off keeps nothing") {
    place = "off";
    CHECK(text_of("DELETE FROM t") == "");
    CHECK(text_of("DELETE FROM t; COMMIT").find("kept") == std::string::npos);
    CHECK(kept().empty());
}

TEST_CASE_FIXTURE(evidence_fixture, "a process keeps ten at most") {
    const std::string texts = process([](engine_fixture& engine) {
        std::string all;
        for (int i = 0; i < 12; ++i) {
            auto session = engine.open("orders/first");
            engine.run("DELETE FROM t");
            const std::string text = session.keep_evidence();
            CHECK(text.find("table t: 1 row deleted") != std::string::npos);
            all += text.find("kept: sqlite3") != std::string::npos ? "y"
                   : text.find("its database was not kept: those of 10 tests of this process are "
                               "kept already") != std::string::npos
                       ? "n"
                       : "?";
            static_cast<void>(session.close());
        }
        return all;
    });
    CHECK(texts == "yyyyyyyyyynn");
    CHECK(kept().size() == 10); // of one name, which are numbered
    CHECK(kept()[0].filename() == "orders-first-10.db");
}

TEST_CASE_FIXTURE(evidence_fixture, "what earlier runs of the program kept is removed") {
    text_of("DELETE FROM t");
    const std::string earlier = only();
    files::create_directories(files::path(place) / "another_program-01234567" / "r0");
    std::ofstream(files::path(place) / "another_program-01234567" / "r0" / "its.db").close();
    const auto keep = [this](const char* run) {
        process([](engine_fixture& engine) { return engine.open("later").keep_evidence(); },
                engine_fixture::seed_of_one_row(), run);
    };
    keep("r1"); // another process of the same run
    CHECK(kept().size() == 3);
    CHECK(files::exists(earlier));
    keep("r2");
    CHECK_FALSE(files::exists(earlier));
    REQUIRE(kept().size() == 2);
    CHECK(kept()[0].filename() == "its.db");
    CHECK(kept()[1].filename() == "later.db");
}

TEST_CASE_FIXTURE(evidence_fixture, "only evidence is removed, and nothing that a link leads to") {
    text_of("DELETE FROM t");
    const files::path program = files::path(only()).parent_path().parent_path();
    files::remove_all(program / "r1");
    const files::path home = root / "home";
    files::create_directories(home / "documents");
    std::ofstream(home / "documents" / "mine.db").close();
    files::create_directory_symlink(home / "documents", program / "r-link");
    for (const char* name : {"r-other", "r-links", "r-nested", "r-open", "r-empty"}) {
        files::create_directory(program / name);
        if (name != std::string("r-empty")) {
            std::ofstream(program / name / "its.db").close();
        }
    }
    std::ofstream(program / "r-other" / "notes.txt").close();
    files::create_symlink(home / "documents" / "mine.db", program / "r-links" / "link.db");
    files::create_directory(program / "r-nested" / "nested.db");
    files::permissions(program / "r-open", files::perms::all);
    process([](engine_fixture& engine) { return engine.open("later").keep_evidence(); },
            engine_fixture::seed_of_one_row(), "r2");
    CHECK(files::exists(home / "documents" / "mine.db"));
    for (const char* name : {"r-other", "r-links", "r-nested", "r-open"}) {
        CHECK(files::exists(program / name / "its.db"));
    }
    CHECK(files::is_symlink(program / "r-link"));
    CHECK_FALSE(files::exists(program / "r-empty"));
}

TEST_CASE_FIXTURE(evidence_fixture, "evidence is for this user only, whatever the mask") {
    process([](engine_fixture& engine) {
        ::umask(0);
        return engine.open("orders/first").keep_evidence();
    });
    const auto permissions = [](const files::path& path) {
        return files::status(path).permissions();
    };
    CHECK((permissions(only()) == (files::perms::owner_read | files::perms::owner_write)));
    for (files::path at = files::path(only()).parent_path(); at != root; at = at.parent_path()) {
        CHECK((permissions(at) == files::perms::owner_all));
    }
}

TEST_CASE_FIXTURE(evidence_fixture, "without a variable evidence goes to TMPDIR, for this user "
                                    "only") {
    place = "";
    files::create_directory(temporary);
    text_of("DELETE FROM t");
    CHECK(only().find(temporary + "/isolite-" + std::to_string(::geteuid()) + "/evidence/") == 0);
    const auto own = files::path(temporary) / ("isolite-" + std::to_string(::geteuid()));
    CHECK((files::status(own).permissions() & files::perms::others_all) == files::perms::none);
    CHECK(files::is_empty(root / "current"));
}

TEST_CASE_FIXTURE(evidence_fixture, "nothing is written into the current directory") {
    const auto text = [](const std::string& variable) {
        return failed + "\n  its database was not kept: " + variable +
               ", not an absolute path\n"
               "  hint: name another directory in ISOLITE_EVIDENCE, or set it to off\n"
               "  nothing differs from what the test found";
    };
    place = "evidence";
    CHECK(text_of("SELECT 1") == text("ISOLITE_EVIDENCE is \"evidence\""));
    place = "";
    temporary = "";
    CHECK(text_of("SELECT 1") == text("TMPDIR is \"\""));
    CHECK(files::is_empty(root / "current"));
}

TEST_CASE_FIXTURE(evidence_fixture, "a place that cannot be written to costs the file only") {
    std::ofstream(root / "file").close();
    place = (root / "file").string();
    const std::string text = text_of("DELETE FROM t");
    CHECK(text == failed + "\n  its database was not kept: " + place +
                      " is not a directory\n"
                      "  hint: delete it if it is a leftover, or name another directory in "
                      "ISOLITE_EVIDENCE\n"
                      "  it differs from what the test found:\n"
                      "    table t: 1 row removed\n"
                      "      - id=1, v='seeded'");
    const std::string leak = text_of("DELETE FROM t; COMMIT");
    CHECK(leak.find("cannot end 'orders/first' with a clean database") != std::string::npos);
}

TEST_CASE_FIXTURE(evidence_fixture, "a directory in /tmp that is another's is left alone") {
    place = "";
    files::create_directory(temporary);
    const auto own = files::path(temporary) / ("isolite-" + std::to_string(::geteuid()));
    files::create_directory_symlink(root / "current", own);
    CHECK(text_of("SELECT 1")
              .find("\n  its database was not kept: " + own.string() +
                    " is a symbolic link, which another user may have put there\n"
                    "  hint: delete it if it is a leftover, or name another directory in "
                    "ISOLITE_EVIDENCE\n") != std::string::npos);
    CHECK(files::is_empty(root / "current"));
}

TEST_CASE_FIXTURE(evidence_fixture, "evidence that is removed in the middle of a run is named") {
    const std::string text = process([&](engine_fixture& engine) {
        static_cast<void>(engine.open("orders/first").keep_evidence());
        files::remove_all(place);
        return engine.open("orders/first").keep_evidence();
    });
    CHECK(text.find("\n  its database was not kept: writing " + place) != std::string::npos);
    CHECK(text.find("/r1/orders-first.db failed: No such file or directory\n") !=
          std::string::npos);
}

TEST_CASE_FIXTURE(evidence_fixture, "a leak keeps the database as the test left it") {
    const std::string text = process([](engine_fixture& engine) {
        auto session = engine.open("orders/first");
        engine.run("DELETE FROM t; COMMIT");
        return failure(session);
    });
    CHECK(text == "cannot end 'orders/first' with a clean database: it committed changes to the "
                  "database 's' with \"COMMIT\"\n"
                  "  table t: 1 row removed\n"
                  "    - id=1, v='seeded'" +
                      kept_line(only()) +
                      "\n  hint: use copy_on_write for code that commits or opens connections of "
                      "its own: open the session with isolite::mode::copy_on_write");
    CHECK(value_in(only(), "SELECT count(*) FROM t") == "0");
}

// The rows may be the test's own as well, which commits in this mode.
TEST_CASE_FIXTURE(evidence_fixture,
                  "in mode copy_on_write a leak tells and keeps what the test left "
                  "of a connection that an earlier one left open") {
    for (const char* const journal_mode : {"DELETE", "WAL"}) {
        CAPTURE(journal_mode);
        const std::string text = process([=](engine_fixture& engine) {
            engine.run(("PRAGMA journal_mode = " + std::string(journal_mode)).c_str());
            auto polluter = engine.open_copy_on_write("orders/polluter");
            auto older = *engine.engine.connect();
            auto busy = *engine.engine.connect();
            std::string said = failure(polluter);
            auto session = engine.open_copy_on_write("orders/first");
            older.exec("INSERT INTO t VALUES (2, 'disturbs')");
            busy.exec("BEGIN; INSERT INTO t VALUES (3, 'not committed')");
            return said + failure(session);
        });
        CHECK(text == "cannot end 'orders/first' with a clean database: it was disturbed by a "
                      "connection that 'orders/polluter' left open, which committed changes to the "
                      "database 's' with \"INSERT INTO t VALUES (2, 'disturbs')\"; it left a "
                      "connection that 'orders/polluter' left open in the middle of a transaction" +
                          kept_line(only()) +
                          "\n  it differs from what the test found:"
                          "\n    table t: 1 row added"
                          "\n      + id=2, v='disturbs'"
                          "\n  hint: close that connection, or join its thread, in the test that "
                          "opened it; seed::strict_connections() fails a test that does not");
        CHECK(value_in(only(), "SELECT group_concat(v) FROM t") == "seeded,disturbs");
        files::remove(only());
    }
}

TEST_CASE_FIXTURE(evidence_fixture, "a leak that is put right is no evidence of the case around") {
    const isolite::seed seed = engine_fixture::seed_of_one_row().file((root / "shop.db").string());
    const std::string text = process(
        [](engine_fixture& engine) {
            auto suite = engine.open_copy_on_write("suite");
            isolite::sandbox::case_files running;
            running.begin("first");
            auto first = engine.open_copy_on_write("first");
            auto older = *engine.engine.connect();
            std::string said = failure(first);
            static_cast<void>(running.end());
            running.begin("second");
            auto second = engine.open_copy_on_write("second");
            older.exec("INSERT INTO t VALUES (2, 'disturbs')");
            if (failure(second).find("      + id=2, v='disturbs'\n") == std::string::npos) {
                said += "no evidence";
            }
            said += running.keep_evidence();
            static_cast<void>(running.end());
            return said + failure(suite);
        },
        seed);
    CHECK(text == "");
}

TEST_CASE_FIXTURE(evidence_fixture, "a test that fails and leaks keeps one file") {
    const std::string text = text_of("DELETE FROM t; COMMIT");
    CHECK(text.find(kept_line(only())) == text.rfind("\n  kept:"));
}

TEST_CASE_FIXTURE(evidence_fixture, "a leak that is no row keeps nothing") {
    process([](engine_fixture& engine) {
        auto session = engine.open("orders/first");
        engine.run("PRAGMA cache_size = 10");
        return failure(session);
    });
    CHECK(kept().empty());
}

TEST_CASE_FIXTURE(evidence_fixture, "only the innermost open session keeps evidence") {
    const std::string text = process([](engine_fixture& engine) {
        auto session = engine.open("orders/first");
        static_cast<void>(session.close());
        return session.keep_evidence();
    });
    CHECK(text == "");
}

TEST_CASE_FIXTURE(evidence_fixture, "rows are compared with the collations of on_connect") {
    const auto prepare = [](SQLite::Database& db) {
        const auto by_length = [](void*, int a, const void*, int b, const void*) { return a - b; };
        sqlite3_create_collation(db.getHandle(), "by_length", SQLITE_UTF8, nullptr, by_length);
    };
    const isolite::seed seed =
        isolite::seed("s")
            .on_connect(prepare)
            .step("collation", prepare)
            .sql("CREATE TABLE t (name TEXT PRIMARY KEY COLLATE by_length) WITHOUT ROWID;"
                 "INSERT INTO t VALUES ('a'), ('bb')");
    CHECK(text_of("UPDATE t SET name = 'cc' WHERE name = '12'", seed)
              .find("table t: 1 row added, 1 removed\n"
                    "      - name='bb'\n"
                    "      + name='cc'") != std::string::npos);
}

TEST_CASE_FIXTURE(evidence_fixture,
                  "so they are in a file that a case without a session wrote to") {
    const auto prepare = [](SQLite::Database& db) {
        const auto by_length = [](void*, int a, const void*, int b, const void*) { return a - b; };
        sqlite3_create_collation(db.getHandle(), "by_length", SQLITE_UTF8, nullptr, by_length);
    };
    const isolite::seed seed =
        isolite::seed("s")
            .file((root / "current" / "shop.db").string())
            .on_connect(prepare)
            .step("collation", prepare)
            .sql("CREATE TABLE t (name TEXT PRIMARY KEY COLLATE by_length) WITHOUT ROWID;"
                 "INSERT INTO t VALUES ('a'), ('bb')");
    const std::string text = process(
        [&](engine_fixture&) {
            isolite::sandbox::case_files running;
            running.begin("first");
            SQLite::Database code("shop.db", SQLite::OPEN_READWRITE);
            prepare(code);
            const std::string untouched = running.keep_evidence();
            static_cast<void>(running.end());
            running.begin("second");
            code.exec("UPDATE t SET name = 'cc' WHERE name = '12'");
            return untouched + running.keep_evidence() + running.keep_evidence();
        },
        seed);
    CHECK(text.find("the database of 'second' when it failed:\n  kept: ") == 0);
    CHECK(text.find("table t: 1 row added, 1 removed\n"
                    "      - name='bb'\n"
                    "      + name='cc'") != std::string::npos);
    CHECK(kept().size() == 1);
}
