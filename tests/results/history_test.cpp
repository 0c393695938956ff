#include "../worker/temporary_directory.hpp"
#include "results/history.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <thread>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using isolite::errc;
using isolite::results::finished_case;
using isolite::results::history;
using isolite::results::history_file;
using isolite::results::past_case;
using isolite::results::prune_histories;

using namespace std::chrono_literals;

namespace {

namespace files = std::filesystem;

struct kept_history {
    temporary_directory directory;
    std::string file = directory / "shop.history.db";
    history kept{file, 1ms};

    void record(const std::vector<finished_case>& run) const {
        const auto recorded = kept.record(run);
        INFO((recorded ? "" : recorded.error().text()));
        REQUIRE(recorded);
    }

    [[nodiscard]] std::map<std::string, past_case> cases() const {
        const auto found = kept.cases();
        INFO((found ? "" : found.error().text()));
        REQUIRE(found);
        return *found;
    }

    void run_sql(const std::string& sql) const {
        SQLite::Database database(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        database.exec(sql);
    }

    /// Checks that reading and recording fail with this text, behind the file's name.
    void refuses(const std::string& why, errc code = errc::database) const {
        const auto read = kept.cases();
        REQUIRE_FALSE(read);
        CHECK(read.error().text() == "cannot read the history of cases: " + file + why);
        CHECK(read.error().code == code);
        const auto recorded = kept.record({{"a", 1ms, false}});
        REQUIRE_FALSE(recorded);
        CHECK(recorded.error().text() == "cannot record the history of cases: " + file + why);
        CHECK(recorded.error().code == code);
    }

    [[nodiscard]] std::string deletion_hint() const {
        return "\n  hint: delete " + file + ": the next run makes a new one";
    }
};

/// Takes the rights of root away for one test, where it has them.
class ordinary_user {
  public:
    ordinary_user() {
        constexpr uid_t nobodys_number = 61001;
        is_changed_ = ::geteuid() == 0 && ::seteuid(nobodys_number) == 0;
    }
    ordinary_user(const ordinary_user&) = delete;
    ordinary_user& operator=(const ordinary_user&) = delete;
    ~ordinary_user() { static_cast<void>(is_changed_ && ::seteuid(0) != 0); }

  private:
    bool is_changed_ = false;
};

std::vector<finished_case> cases_named(const std::string& prefix, int count) {
    std::vector<finished_case> run;
    for (int i = 0; i < count; ++i) {
        run.push_back({prefix + std::to_string(i), 1ms, false});
    }
    return run;
}

void age(const std::string& file, int days) {
    files::last_write_time(file, files::last_write_time(file) - std::chrono::hours(24 * days));
}

/// Runs `body` in a child of this process, and does not wait for its end.
template <typename Body>
pid_t start(const Body& body) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::_exit(body() ? 0 : 1);
    }
    return child;
}

int end_of(pid_t child) {
    int status = -1;
    ::waitpid(child, &status, 0);
    return status;
}

/// Says whether a child did not come to its end.
bool runs(pid_t child) {
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT);
    return info.si_pid == 0;
}

bool has_open(pid_t process, const std::string& file) {
    std::error_code failed;
    for (files::directory_iterator at("/proc/" + std::to_string(process) + "/fd", failed), end;
         !failed && at != end; at.increment(failed)) {
        std::error_code closed;
        if (files::equivalent(at->path(), file, closed)) {
            return true;
        }
    }
    return false;
}

} // namespace

TEST_CASE("a program without a history has no past cases, and reading makes no file") {
    const kept_history shop;
    CHECK(shop.cases().empty());
    CHECK_FALSE(files::exists(shop.file));
    CHECK(history("/nowhere/at/all.history.db").cases()->empty());
}

TEST_CASE("what is recorded is there the next time, whatever its name") {
    const kept_history shop;
    const std::string odd = std::string("nul\0'\"; \xFF", 10);
    shop.record({{"orders/first", 20ms, false}, {"orders/second", 3ms, true}, {odd, 1ns, false}});
    const auto cases = shop.cases();
    REQUIRE(cases.size() == 3);
    CHECK(cases.at("orders/first").duration == 20ms);
    CHECK_FALSE(cases.at("orders/first").failed);
    CHECK(cases.at("orders/second").duration == 3ms);
    CHECK(cases.at("orders/second").failed);
    CHECK(cases.at(odd).duration == 1ns);
}

TEST_CASE("a case that is not run keeps its past") {
    const kept_history shop;
    shop.record({{"a", 20ms, true}, {"b", 3ms, false}});
    shop.record({{"b", 3ms, false}});
    shop.record({});
    CHECK(shop.cases().at("a").duration == 20ms);
    CHECK(shop.cases().at("a").failed);
}

TEST_CASE("a case failed if it failed the last time") {
    const kept_history shop;
    shop.record({{"a", 1ms, true}});
    shop.record({{"a", 1ms, false}});
    CHECK_FALSE(shop.cases().at("a").failed);
    shop.record({{"a", 1ms, true}});
    CHECK(shop.cases().at("a").failed);
}

TEST_CASE("a program has failures as long as the last run of any case failed") {
    const kept_history shop;
    const history asked(shop.file);
    CHECK_FALSE(asked.has_failures().value());
    shop.record({{"a", 1ms, true}, {"b", 1ms, false}});
    CHECK(asked.has_failures().value());
    shop.record({{"b", 1ms, false}});
    CHECK(asked.has_failures().value());
    shop.record({{"a", 1ms, false}});
    CHECK_FALSE(asked.has_failures().value());
}

TEST_CASE("each duration weighs twice as much as the one before it, down to the tenth") {
    const kept_history shop;
    shop.record({{"a", 600ms, false}});
    shop.record({{"a", 300ms, false}});
    CHECK(shop.cases().at("a").duration == 400ms);
    shop.record({{"a", 1000ms, false}});
    CHECK(shop.cases().at("a").duration.count() ==
          (4 * 1000'000'000LL + 2 * 300'000'000LL + 600'000'000LL) / 7);
    for (int i = 0; i < 9; ++i) {
        shop.record({{"a", 1s, false}});
    }
    CHECK(shop.cases().at("a").duration == 1s);
}

TEST_CASE("the last ten durations are kept, the latest first") {
    const kept_history shop;
    for (int i = 1; i <= 12; ++i) {
        shop.record({{"a", std::chrono::nanoseconds(i), false}});
    }
    SQLite::Database database(shop.file);
    CHECK(database.execAndGet("SELECT durations FROM cases").getString() ==
          "12 11 10 9 8 7 6 5 4 3");
}

TEST_CASE("all that is kept can be asked for: durations, the last verdict, and when that was") {
    const kept_history shop;
    CHECK(shop.kept.kept().value().empty());
    const std::int64_t now = std::time(nullptr);
    shop.record({{"a", 1ms, false}, {"b", 5ms, true}});
    shop.record({{"a", 2ms, false}});
    const auto kept = shop.kept.kept().value();
    CHECK(kept.size() == 2);
    CHECK(kept.at("a").durations == std::vector<std::chrono::nanoseconds>{2ms, 1ms});
    CHECK(kept.at("b").durations == std::vector<std::chrono::nanoseconds>{5ms});
    CHECK_FALSE(kept.at("a").failed);
    CHECK(kept.at("b").failed);
    CHECK(kept.at("b").last_run >= now);
    CHECK(kept.at("a").last_run >= kept.at("b").last_run);
}

TEST_CASE("the time of a run is that of the clock, however many runs a second has") {
    const kept_history shop;
    for (int i = 0; i < 20; ++i) {
        shop.record({{"a", 1ms, false}, {"b", 1ms, i == 0}});
    }
    CHECK(shop.kept.kept().value().at("a").last_run <= std::time(nullptr));
    SQLite::Database(shop.file, SQLite::OPEN_READWRITE).exec("UPDATE cases SET last_run = 4e9");
    shop.record({{"a", 1ms, false}}); // by a clock that is right again
    CHECK(shop.kept.kept().value().at("a").last_run <= std::time(nullptr));
    CHECK(shop.kept.kept().value().at("b").last_run == 4'000'000'000);
}

TEST_CASE("of equal names in a run the larger duration counts, and any failure") {
    const kept_history shop;
    shop.record({{"a", 1ms, true}, {"a", 9ms, false}, {"a", 5ms, false}});
    CHECK(shop.cases().size() == 1);
    CHECK(shop.cases().at("a").duration == 9ms);
    CHECK(shop.cases().at("a").failed);
}

TEST_CASE("the file and its directories are made for their owner only") {
    const temporary_directory parent;
    const std::string directory = parent / "caches/isolite/history";
    const history kept(directory + "/shop.history.db");
    REQUIRE(kept.record({{"a", 1ms, false}}));
    struct stat status {};
    REQUIRE(::stat((directory + "/shop.history.db").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    REQUIRE(::stat(directory.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0700);
    const auto entries = files::directory_iterator(directory);
    CHECK(std::distance(begin(entries), end(entries)) == 1); // no journal stays
}

TEST_CASE("an empty file is a history that was not written yet") {
    const kept_history shop;
    std::ofstream(shop.file).close();
    CHECK(shop.cases().empty());
    shop.record({{"a", 1ms, false}});
    CHECK(shop.cases().size() == 1);
}

TEST_CASE("beyond 20,000 cases those go that were not run for longest") {
    const kept_history shop;
    shop.record(cases_named("old", 10));
    shop.record(cases_named("run", 19'990));
    CHECK(shop.cases().size() == 20'000);
    shop.record({{"old1", 1ms, false}, {"new1", 1ms, false}, {"new2", 1ms, false}});
    const auto cases = shop.cases();
    CHECK(cases.size() == 20'000);
    CHECK(cases.count("old1") == 1);
    CHECK(cases.count("new1") == 1);
    CHECK(cases.count("new2") == 1);
    CHECK(cases.count("run0") == 1);
    CHECK(std::count_if(cases.begin(), cases.end(),
                        [](const auto& each) { return each.first.substr(0, 3) == "old"; }) == 8);
}

TEST_CASE("a file that is none of SQLite's is refused") {
    const kept_history shop;
    std::ofstream(shop.file) << std::string(10'000, 'x');
    shop.refuses(": file is not a database" + shop.deletion_hint());
}

TEST_CASE("a damaged file is refused") {
    const kept_history shop;
    shop.record(cases_named("case", 1000));
    {
        std::fstream bytes(shop.file, std::ios::in | std::ios::out | std::ios::binary);
        bytes.seekp(4096);
        bytes << std::string(8192, 'x');
    }
    shop.refuses(": database disk image is malformed" + shop.deletion_hint());
}

TEST_CASE("the database of somebody else is refused") {
    const kept_history shop;
    shop.run_sql("CREATE TABLE cases (name)");
    shop.refuses(": not a history of isolite's" + shop.deletion_hint());
    shop.run_sql("DROP TABLE cases; PRAGMA application_id = 7");
    shop.refuses(": not a history of isolite's" + shop.deletion_hint());
}

TEST_CASE("a history of another version is refused") {
    const kept_history shop;
    shop.record({{"a", 1ms, false}});
    shop.run_sql("PRAGMA user_version = 2");
    shop.refuses(": written by another version of isolite" + shop.deletion_hint());
}

TEST_CASE("a malformed duration is refused") {
    const kept_history shop;
    shop.record({{"a", 1ms, false}});
    for (const char* const text : {"x", "1 x", "1,2", " 1", "99999999999999999999"}) {
        shop.run_sql(std::string("UPDATE cases SET durations = '") + text + "'");
        shop.refuses(": it holds a malformed duration" + shop.deletion_hint());
    }
}

TEST_CASE("a history that another process keeps locked is an error") {
    const kept_history shop;
    shop.record({{"a", 1ms, false}});
    SQLite::Database other(shop.file, SQLite::OPEN_READWRITE);
    other.exec("BEGIN EXCLUSIVE");
    shop.refuses(": database is locked\n  hint: another process keeps it locked: end that one if "
                 "it hangs");
    other.exec("COMMIT");
    CHECK(shop.cases().size() == 1);
}

TEST_CASE("a place where no file can be is an error") {
    const kept_history shop;
    files::create_directory(shop.file);
    shop.refuses(": unable to open database file\n  hint: make it possible to write there, or name "
                 "another directory in ISOLITE_CACHE");
}

TEST_CASE("what the system says against a history is told in its words") {
    const ordinary_user nobody_special; // root may write everywhere
    const std::string denied =
        ": Permission denied\n  hint: make it possible to write there, or name "
        "another directory in ISOLITE_CACHE";
    const auto told = [](const auto& tried) { return tried ? "" : tried.error().text(); };
    const kept_history shop;
    const history& kept = shop.kept;
    ::chmod(shop.directory.path().c_str(), 0500);
    CHECK(told(kept.cases()) == "");
    CHECK(told(kept.record({})) == "cannot record the history of cases: " + shop.file + denied);
    ::chmod(shop.directory.path().c_str(), 0700);
    shop.record({{"a", 1ms, false}});
    ::chmod(shop.file.c_str(), 0400);
    CHECK(told(kept.cases()) == "");
    CHECK(told(kept.record({})) == "cannot record the history of cases: " + shop.file + denied);
    ::chmod(shop.file.c_str(), 0);
    CHECK(told(kept.cases()) == "cannot read the history of cases: " + shop.file + denied);
}

TEST_CASE("a directory where others may write is an error") {
    const kept_history shop;
    shop.record({{"a", 1ms, false}});
    ::chmod(shop.directory.path().c_str(), 0777);
    const std::string why =
        shop.directory.path() +
        " may be written by other users\n  hint: name a directory of your own in ISOLITE_CACHE, "
        "e.g. a new one, which isolite will make";
    CHECK(shop.kept.cases().error().text() == "cannot read the history of cases: " + why);
    CHECK(shop.kept.record({}).error().text() == "cannot record the history of cases: " + why);
    CHECK(shop.kept.record({}).error().code == errc::system);
}

TEST_CASE("processes that record at once lose nothing of one another") {
    constexpr int rounds = 20; // with fewer, they hardly meet
    const kept_history shop;
    std::vector<pid_t> children;
    for (const char* const name : {"a", "b", "c", "d"}) {
        children.push_back(start([&] {
            const history kept(shop.file, 60s);
            bool done = true;
            for (int i = 0; i < rounds; ++i) {
                done = done && kept.record(cases_named(name + std::to_string(i) + "-", 5)) &&
                       kept.cases();
            }
            return done;
        }));
    }
    for (const pid_t child : children) {
        CHECK(end_of(child) == 0);
    }
    CHECK(shop.cases().size() == 4 * rounds * 5);
}

TEST_CASE("a process that is killed while it records leaves a sound history") {
    const kept_history shop;
    for (int round = 0; round < 10; ++round) {
        int ends[2];
        REQUIRE(::pipe(ends) == 0);
        const pid_t child = start([&] {
            const auto run = cases_named("case", 500);
            while (shop.kept.record(run) && ::write(ends[1], ".", 1) == 1) {
            }
            return false;
        });
        char byte = 0;
        REQUIRE(::read(ends[0], &byte, 1) == 1);
        ::close(ends[0]);
        ::close(ends[1]);
        // A journal is there while the file is written.
        while (runs(child) && !files::exists(shop.file + "-journal")) {
            std::this_thread::yield();
        }
        ::kill(child, SIGKILL);
        CHECK(end_of(child) == SIGKILL);
        CHECK(shop.cases().size() == 500);
    }
}

TEST_CASE("a history that is removed under a process that waits for it is made anew") {
    const kept_history shop;
    shop.record({{"a", 1ms, false}});
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t child =
        start([&] { // before the lock is taken: SQLite's locks must not cross a fork
            char byte = 0;
            return ::read(ends[0], &byte, 1) == 1 &&
                   history(shop.file, 60s).record({{"b", 1ms, false}});
        });
    SQLite::Database other(shop.file, SQLite::OPEN_READWRITE);
    other.exec("BEGIN EXCLUSIVE");
    REQUIRE(::write(ends[1], ".", 1) == 1);
    while (runs(child) && !has_open(child, shop.file)) {
        std::this_thread::yield();
    }
    files::remove(shop.file);
    other.exec("COMMIT");
    CHECK(end_of(child) == 0);
    ::close(ends[0]);
    ::close(ends[1]);
    const auto cases = shop.cases();
    CHECK(cases.count("a") == 0);
    CHECK(cases.count("b") == 1);
}

TEST_CASE("a history is named after its program and where that is") {
    const std::string file = history_file("/caches", "/build/tests/shop_test");
    CHECK(file.substr(0, file.find("test-") + 5) == "/caches/shop_test-");
    CHECK(file.size() == std::string("/caches/shop_test-0123456789abcdef.history.db").size());
    CHECK(file.substr(file.size() - 11) == ".history.db");
    CHECK(history_file("/caches", "/build/./tests/../tests/shop_test") == file);
    CHECK(history_file("/caches", "/other/tests/shop_test") != file);
    CHECK(history_file("/caches", "shop_test") ==
          history_file("/caches", files::current_path() / "shop_test"));
    CHECK(history_file("/caches", "").find("/caches/-") == 0);
    CHECK(history_file("/caches", "/a b.c").find("/caches/a-b-c-") == 0);
    CHECK(history_file("/caches", "/" + std::string(300, 'x')).size() < 100);
}

TEST_CASE("histories of programs that were not run for long are removed") {
    const kept_history shop;
    shop.record({{"a", 1ms, false}});
    const history old(shop.directory / "old.history.db");
    REQUIRE(old.record({{"a", 1ms, false}}));
    age(shop.directory / "old.history.db", 31);
    age(shop.file, 29);
    std::ofstream(shop.directory / "damaged.history.db") << std::string(10'000, 'x');
    age(shop.directory / "damaged.history.db", 31);
    std::ofstream(shop.directory / "image.db") << "x";
    age(shop.directory / "image.db", 31);
    prune_histories(shop.directory.path(), 30);
    CHECK(files::exists(shop.file));
    CHECK(files::exists(shop.directory / "image.db"));
    CHECK_FALSE(files::exists(shop.directory / "old.history.db"));
    CHECK_FALSE(files::exists(shop.directory / "damaged.history.db"));
    prune_histories("/nowhere", 0);
}

TEST_CASE("a history in use is not removed") {
    const kept_history shop;
    shop.record({{"a", 1ms, false}});
    age(shop.file, 31);
    SQLite::Database user(shop.file, SQLite::OPEN_READWRITE);
    user.exec("BEGIN IMMEDIATE");
    prune_histories(shop.directory.path(), 30);
    CHECK(files::exists(shop.file));
    user.exec("ROLLBACK");
    prune_histories(shop.directory.path(), 30);
    CHECK_FALSE(files::exists(shop.file));
}
