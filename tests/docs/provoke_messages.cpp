// Provokes the messages that users can see, and prints each with a line "%%" behind it, for
// troubleshooting_test.py to compare with the headings of docs/troubleshooting.md.

#include "provoke.hpp"

#include "files/real_directory.hpp"
#include "os/lock_file.hpp"
#include "os/private_directory.hpp"
#include "suites/suite_process.hpp"
#include "worker/detection.hpp"
#include "worker/runtime_directory.hpp"

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <stdexcept>

#include <sys/stat.h>
#include <unistd.h>

namespace {

using isolite::engine;
using isolite::seed;
using variables = std::map<std::string, std::string>;

void provoke_seeds(const std::string& directory) {
    const auto apply = [](const std::function<void(seed&)>& describe) {
        seed described("shop");
        describe(described);
        print_error(engine::open(described));
    };
    const auto step = [&apply](const seed::step_function& write) {
        apply([&](seed& s) { s.step("prices", write); });
    };
    print_error(engine::open(seed("")));
    print_error(engine::open(seed(":memory:")));
    print_error(engine::open(seed("shop").attach("main", seed("books"))));
    for (const char* const pattern : {"", "./", ":memory:", "~/x.db", "x\\", "[", "*/../x.db"}) {
        apply([pattern](seed& s) { s.file(pattern); });
    }
    apply([](seed& s) { s.sql_file("/nowhere/schema.sql"); });
    apply([&](seed& s) { s.sql_file(directory); });
    apply([](seed& s) { s.sql("CREATE TABLE t (x);\nINSERT INTO u VALUES (1);"); });
    apply([](seed& s) { s.sql("CREATE TABLE t (x COLLATE rev PRIMARY KEY)"); });
    apply([](seed& s) { s.sql(std::string("SELECT 1;\0", 10)); });
    apply([](seed& s) { s.sql("BEGIN; CREATE TABLE t (x);"); });
    apply([](seed& s) { s.sql("PRAGMA query_only = ON;"); });
    step([](SQLite::Database& db) { db.exec("INSERT INTO u VALUES (1)"); });
    step([](SQLite::Database& db) { db.exec("SELECT f()"); });
    step([](SQLite::Database&) {});
    step([](SQLite::Database&) { throw std::runtime_error("no prices"); });
    step([](SQLite::Database&) { throw 1; });
    step([](SQLite::Database& db) { db.exec("BEGIN"); });
    apply([](seed& s) { s.on_connect([](SQLite::Database& db) { db.exec("SELECT f()"); }); });
    apply([](seed& s) {
        s.on_connect([](SQLite::Database&) { throw std::runtime_error("no functions"); });
    });
    struct undescribed {
        static isolite::seed seed() { throw std::runtime_error("no file"); }
    }; // namespace
    print_error(engine::of_worker<undescribed>());
    struct circular {
        static isolite::seed seed() {
            return isolite::seed("s").step(
                "ask", [](SQLite::Database&) { print_error(engine::of_worker<circular>()); });
        }
    };
    static_cast<void>(engine::of_worker<circular>());
}

void provoke_queries() {
    engine stock = open_engine();
    const auto failing = [](const std::function<void()>& query) {
        try {
            query();
            print("nothing failed");
        } catch (const isolite::query_error& problem) {
            print(problem.what());
        }
    };
    failing([&] { stock.execute("INSERT INTO orders VALUES (?, ?)", 1); });
    failing([&] { stock.execute("INSERT INTO order VALUES (1)"); });
    failing([&] { static_cast<void>(stock.value<int>("SELECT * FROM orders")); });
    failing([&] { static_cast<void>(stock.value<int>("SELECT id FROM orders WHERE id = 9")); });
    failing([&] { static_cast<void>(stock.value<int>("SELECT id FROM orders")); });
    failing(
        [&] { static_cast<void>(stock.value<int>("SELECT max(id) FROM orders WHERE id = 9")); });
    failing([&] { static_cast<void>(stock.value<signed char>("SELECT 1000")); });
}

void provoke_environments() {
    const auto worker = [](const variables& set) {
        isolite::workers::surroundings around;
        around.variables = isolite::workers::environment(set);
        print_error(isolite::workers::detect_place(around));
    };
    worker({{"ISOLITE_RUN_ID", "r"}, {"ISOLITE_WORKER_SLOT", "one"}});
    worker({{"ISOLITE_RUN_ID", "r"},
            {"ISOLITE_WORKER_SLOT", "1"},
            {"ISOLITE_WORKER_INCARNATION", ""}});
    worker({{"ISOLITE_WORKER_SLOT", "1"}});
    worker({{"ISOLITE_RUN_ID", ""}});
    worker({{"ISOLITE_RUN_ID", std::string(81, 'r')}});
    worker({{"TEST_PARALLEL_INDEX", "-1"}});
    worker({{"NEXTEST_TEST_GLOBAL_SLOT", "0"}, {"NEXTEST_RUN_ID", ""}});
    worker({{"PYTEST_XDIST_WORKER", "worker-1"}});
    worker({{"CTEST_RESOURCE_GROUP_COUNT", "one"}});
    worker({{"CTEST_RESOURCE_GROUP_COUNT", "1"}});
    worker({{"CTEST_RESOURCE_GROUP_COUNT", "1"},
            {"CTEST_RESOURCE_GROUP_0", "isolite"},
            {"CTEST_RESOURCE_GROUP_0_ISOLITE", "id:a,slots:1"}});
    const auto shard = [](const variables& set) {
        print_error(isolite::workers::detect_shard(isolite::workers::environment(set)));
    };
    const variables inherited = {{"ISOLITE_SHARD_INDEX", "1"}, {"ISOLITE_TOTAL_SHARDS", "4"}};
    print(isolite::workers::shard_notice(isolite::workers::environment(inherited), {1, 4}, 2, 8,
                                         "2b2f8d8cbcbf7a14 by count"));
    shard({{"ISOLITE_SHARD_INDEX", "0"}});
    shard({{"ISOLITE_SHARD_INDEX", "first"}, {"ISOLITE_TOTAL_SHARDS", "4"}});
    shard({{"ISOLITE_SHARD_INDEX", "0"}, {"ISOLITE_TOTAL_SHARDS", "0"}});
    shard({{"ISOLITE_SHARD_INDEX", "4"}, {"ISOLITE_TOTAL_SHARDS", "4"}});
    shard({{"TEST_SHARD_INDEX", "0"},
           {"TEST_TOTAL_SHARDS", "4"},
           {"TEST_SHARD_STATUS_FILE", "/nowhere/status"}});
    ::setenv("ISOLITE_SUMMARY", "yes", 1);
    print_error(isolite::suites::suite_process::start());
    ::unsetenv("ISOLITE_SUMMARY");
}

void provoke_real_files() {
    engine stock = open_engine();
    print_error(stock.real_file("cellar"));
    ::setenv("TMPDIR", "here", 1);
    print_error(stock.real_file());
    ::unsetenv("TMPDIR");
}

void provoke_directories(const std::string& directory) {
    using namespace isolite::workers;
    using namespace isolite::os;
    print_error(runtime_directory(environment(variables{{"ISOLITE_RUNTIME_DIR", "locks"}})));
    std::ofstream(directory + "/file").close();
    std::filesystem::create_symlink(directory, directory + "/link");
    std::filesystem::create_directory(directory + "/open");
    ::chmod((directory + "/open").c_str(), 0777);
    // Only root can give a directory away; others find root's.
    const std::string foreign = ::geteuid() == 0 ? directory + "/foreign" : "/usr";
    if (::geteuid() == 0) {
        std::filesystem::create_directory(foreign);
        static_cast<void>(::chown(foreign.c_str(), 1, 0));
    }
    for (const purpose& each : {claiming_a_slot, isolite::paths::making_files}) {
        print_error(make_private_directory("/proc/nowhere/locks", each));
        for (const std::string& path :
             {directory + "/file", directory + "/link", directory + "/open", foreign}) {
            print_error(make_private_directory(path, each));
        }
    }
    print_error(lock_file::open("/nowhere/lock", claiming_a_slot));
    print_error(lock_file::open(directory + "/open", claiming_a_slot));
    const auto held = lock_file::open(directory + "/lock", claiming_a_slot);
    print_error(lock_file::open(directory + "/lock", claiming_a_slot));
}

/// Provokes what a SQLite says that isolite does not know of, or not yet.
void provoke_missing_vfs() {
    sqlite3* connection = nullptr;
    sqlite3_open_v2("file:shop?vfs=isolite", &connection, SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI,
                    nullptr);
    print(sqlite3_errmsg(connection));
    sqlite3_close(connection);
}

void provoke_two_sqlites() {
    static constexpr const char* other = "2020-12-01 16:14:00 another one";
    isolite::tell_sqlite([] { return other; }, [] { return "3.34.0"; });
    print_error(engine::open(seed("shop")));
}

} // namespace

int main() {
    std::string directory =
        (std::filesystem::temp_directory_path() / "isolite-docs-XXXXXX").string();
    if (!::mkdtemp(directory.data())) {
        return EXIT_FAILURE;
    }
    ::setenv("ISOLITE_CACHE", (directory + "/cache").c_str(), 1);
    provoke_missing_vfs();
    provoke_workers(directory); // first: its processes find out anew where they stand
    provoke_seeds(directory);
    provoke_images(directory);
    provoke_queries();
    ::setenv("ISOLITE_EVIDENCE", "off", 1);
    provoke_leaks(directory);
    provoke_ledger(directory);
    provoke_sessions(directory);
    provoke_environments();
    provoke_directories(directory);
    provoke_real_files();
    provoke_two_sqlites(); // last: no engine is opened after this
    std::filesystem::remove_all(directory);
    return EXIT_SUCCESS;
}
