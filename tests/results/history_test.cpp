#include "../worker/temporary_directory.hpp"
#include "os/lock_file.hpp"
#include "results/history.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using isolite::errc;
using isolite::results::finished_case;
using isolite::results::history;
using isolite::results::history_file;
using isolite::results::kept_cases;
using isolite::results::prune_histories;

using namespace std::chrono_literals;

namespace {

namespace files = std::filesystem;

const std::string shop_history = "shop-0123456789abcdef.history.tsv";
const std::string first_line = "isolite history 1\n";

struct kept_history {
    temporary_directory directory;
    std::string file = directory / shop_history;
    history kept{file, 1ms};

    void record(const std::vector<finished_case>& run) const {
        const auto recorded = kept.record(run);
        INFO((recorded ? "" : recorded.error().text()));
        REQUIRE(recorded);
    }

    [[nodiscard]] kept_cases cases() const {
        const auto found = kept.cases();
        INFO((found ? "" : found.error().text()));
        REQUIRE(found);
        return *found;
    }

    void write(const std::string& text) const { std::ofstream(file) << text; }

    [[nodiscard]] std::string text() const {
        std::ostringstream all;
        all << std::ifstream(file).rdbuf();
        return all.str();
    }

    /// Checks that reading and recording fail with this text, behind the file's name.
    void refuses(const std::string& why) const {
        const std::string before = text();
        const auto read = kept.cases();
        REQUIRE_FALSE(read);
        CHECK(read.error().text() == "cannot read the history of cases: " + file + why);
        const auto recorded = kept.record({{"a", 1ms, false}});
        REQUIRE_FALSE(recorded);
        CHECK(recorded.error().text() == "cannot record the history of cases: " + file + why);
        CHECK(text() == before);
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

/// Holds the lock of a directory's histories in a child, as a process does that records.
pid_t start_to_hold_lock(const std::string& directory) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t child = start([&] {
        auto lock = isolite::os::lock_file::open(directory + "/lock", {"hold the lock", "X"});
        return lock && lock->try_lock().value_or(false) && ::write(ends[1], ".", 1) == 1 &&
               ::pause() == 0;
    });
    char byte = 0;
    REQUIRE(::read(ends[0], &byte, 1) == 1);
    ::close(ends[0]);
    ::close(ends[1]);
    return child;
}

void kill_and_reap(pid_t child) {
    ::kill(child, SIGKILL);
    CHECK(end_of(child) == SIGKILL);
}

} // namespace

TEST_CASE("a program without a history has no past cases, and reading makes no file") {
    const kept_history shop;
    CHECK(shop.cases().empty());
    CHECK_FALSE(files::exists(shop.file));
    CHECK(history("/nowhere/at/all.history.tsv").cases()->empty());
}

TEST_CASE("what is recorded is there the next time, whatever its name") {
    const kept_history shop;
    const std::string odd = std::string("nul\0'\"; \xFF", 10);
    shop.record({{"orders/first", 20ms, false}, {"orders/second", 3ms, true}, {odd, 1ns, false}});
    const auto cases = shop.cases();
    REQUIRE(cases.size() == 3);
    CHECK(cases.at("orders/first").past().duration == 20ms);
    CHECK_FALSE(cases.at("orders/first").failed);
    CHECK(cases.at("orders/second").past().duration == 3ms);
    CHECK(cases.at("orders/second").failed);
    CHECK(cases.at(odd).past().duration == 1ns);
}

TEST_CASE("a case that is not run keeps its past") {
    const kept_history shop;
    shop.record({{"a", 20ms, true}, {"b", 3ms, false}});
    shop.record({{"b", 3ms, false}});
    shop.record({});
    CHECK(shop.cases().at("a").past().duration == 20ms);
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
    CHECK(shop.cases().at("a").past().duration == 400ms);
    shop.record({{"a", 1000ms, false}});
    CHECK(shop.cases().at("a").past().duration.count() ==
          (4 * 1000'000'000LL + 2 * 300'000'000LL + 600'000'000LL) / 7);
    for (int i = 0; i < 9; ++i) {
        shop.record({{"a", 1s, false}});
    }
    CHECK(shop.cases().at("a").past().duration == 1s);
}

TEST_CASE("the last ten durations are kept, the latest first") {
    const kept_history shop;
    for (int i = 1; i <= 12; ++i) {
        shop.record({{"a", std::chrono::nanoseconds(i), false}});
    }
    CHECK(shop.text().find("\t12 11 10 9 8 7 6 5 4 3\n") != std::string::npos);
    CHECK(shop.cases().at("a").durations.size() == 10);
}

TEST_CASE("all that is kept can be asked for: durations, the last verdict, and when that was") {
    const kept_history shop;
    CHECK(shop.kept.cases().value().empty());
    const std::int64_t now = std::time(nullptr);
    shop.record({{"a", 1ms, false}, {"b", 5ms, true}});
    shop.record({{"a", 2ms, false}});
    const auto kept = shop.kept.cases().value();
    CHECK(kept.size() == 2);
    CHECK(kept.at("a").durations == std::vector<std::chrono::nanoseconds>{2ms, 1ms});
    CHECK(kept.at("b").durations == std::vector<std::chrono::nanoseconds>{5ms});
    CHECK_FALSE(kept.at("a").failed);
    CHECK(kept.at("b").failed);
    CHECK(kept.at("b").last_run >= now);
    CHECK(kept.at("a").last_run >= kept.at("b").last_run);
}

TEST_CASE("a history is what `isolite history export` writes") {
    const kept_history shop;
    shop.write(first_line + "shop\tb\tfailed\t4000000000\t9\nshop\tz\tpassed\t3\t4\n");
    const std::int64_t now = std::time(nullptr);
    shop.record({{"new\tone", 2ns, true}, {"b", 1ns, false}, {"a", 25h, false}});
    const std::string when = "\t" + std::to_string(shop.cases().at("a").last_run) + "\t";
    CHECK(shop.cases().at("a").last_run >= now);
    CHECK(shop.text() == first_line + "shop\tb\tpassed" + when + "1 9\n" +
                             "shop\tz\tpassed\t3\t4\n" + "shop\ta\tpassed" + when +
                             "86400000000000\n" + "shop\tnew\\tone\tfailed" + when + "2\n");
}

TEST_CASE("the time of a run is that of the clock, however many runs a second has") {
    const kept_history shop;
    for (int i = 0; i < 20; ++i) {
        shop.record({{"a", 1ms, false}, {"b", 1ms, i == 0}});
    }
    CHECK(shop.cases().at("a").last_run <= std::time(nullptr));
    shop.write(first_line + "shop\ta\tpassed\t4000000000\t1\nshop\tb\tpassed\t4000000000\t1\n");
    shop.record({{"a", 1ms, false}}); // by a clock that is right again
    CHECK(shop.cases().at("a").last_run <= std::time(nullptr));
    CHECK(shop.cases().at("b").last_run == 4'000'000'000);
}

TEST_CASE("of equal names in a run the larger duration counts, and any failure") {
    const kept_history shop;
    shop.record({{"a", 1ms, true}, {"a", 9ms, false}, {"a", 5ms, false}});
    CHECK(shop.cases().size() == 1);
    CHECK(shop.cases().at("a").past().duration == 9ms);
    CHECK(shop.cases().at("a").failed);
}

TEST_CASE("what is made is for its owner only, with one lock for all histories of a directory") {
    const temporary_directory parent;
    const std::string directory = parent / "caches/isolite/history";
    const history kept(directory + "/" + shop_history);
    REQUIRE(kept.record({{"a", 1ms, false}}));
    struct stat status {};
    REQUIRE(::stat((directory + "/" + shop_history).c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    REQUIRE(::stat(directory.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0700);
    const auto entries = files::directory_iterator(directory);
    CHECK(std::distance(begin(entries), end(entries)) == 2); // nothing else stays
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
    std::string old = first_line;
    for (int i = 0; i < 10; ++i) {
        old += "shop\told" + std::to_string(i) + "\tpassed\t" + std::to_string(i) + "\t1\n";
    }
    shop.write(old);
    shop.record(cases_named("run", 19'990));
    CHECK(shop.cases().size() == 20'000);
    shop.record({{"old1", 1ms, false}, {"new1", 1ms, false}, {"new2", 1ms, false}});
    const auto cases = shop.cases();
    CHECK(cases.size() == 20'000);
    CHECK(cases.count("old1") == 1);
    CHECK(cases.count("new1") == 1);
    CHECK(cases.count("new2") == 1);
    CHECK(cases.count("run0") == 1);
    CHECK(cases.count("old0") == 0);
    CHECK(cases.count("old2") == 0);
    CHECK(std::count_if(cases.begin(), cases.end(),
                        [](const auto& each) { return each.first.substr(0, 3) == "old"; }) == 8);
}

TEST_CASE("beyond 20,000 cases those stay that ran just now, whatever the clock said before") {
    const kept_history shop;
    std::string ahead = first_line;
    for (int i = 0; i < 20'000; ++i) {
        ahead += "shop\ta" + std::to_string(i) + "\tpassed\t" +
                 (i == 7 ? "3999999999" : "4000000000") + "\t1\n";
    }
    shop.write(ahead);
    shop.record({{"z", 1ms, true}, {"a3", 1ms, false}});
    const auto cases = shop.cases();
    CHECK(cases.size() == 20'000);
    CHECK(cases.count("z") == 1);
    CHECK(cases.count("a3") == 1);
    CHECK(cases.count("a7") == 0);
    shop.record(cases_named("b", 20'001)); // of which one is too much
    CHECK(shop.cases().size() == 20'000);
    CHECK(shop.cases().count("z") == 0);
}

TEST_CASE("a file that is no history is refused and stays as it is") {
    const kept_history shop;
    shop.write(std::string(10'000, 'x'));
    shop.refuses(": its first line is not \"isolite history 1\"" + shop.deletion_hint());
    shop.write("isolite history 2\n");
    shop.refuses(": its first line is not \"isolite history 1\"" + shop.deletion_hint());
}

TEST_CASE("a damaged file is refused, with the line") {
    const kept_history shop;
    shop.write(first_line + "shop\ta\tpassed\t1\t5\nshop\tb");
    shop.refuses(": line 3: it is cut off" + shop.deletion_hint());
    shop.write(first_line + "shop\ta\tpassed\t1\n");
    shop.refuses(": line 2: it has 4 columns, not 5" + shop.deletion_hint());
}

TEST_CASE("what is wrong in a column is told to readers, and what is recorded leaves it alone") {
    const kept_history shop;
    const std::string wrong = "shop\tb\tpassed\t1\tshort\n";
    shop.write(first_line + wrong);
    REQUIRE(shop.kept.record({{"c", 1ns, false}}));
    CHECK(shop.text().find(first_line + wrong + "shop\tc\tpassed\t") == 0);
    CHECK(shop.kept.cases().error().text() ==
          "cannot read the history of cases: " + shop.file +
              ": line 2: its last column is not 1 to 10 durations in nanoseconds, of a day at "
              "most, with a space between them" +
              shop.deletion_hint());
}

TEST_CASE("while another process records, one can read; who records waits, but not for ever") {
    const kept_history shop;
    shop.record({{"a", 1ms, false}});
    const pid_t other = start_to_hold_lock(shop.directory.path());
    CHECK(shop.cases().size() == 1);
    CHECK(shop.kept.record({{"b", 1ms, false}}).error().text() ==
          "cannot record the history of cases: another process held the lock file " +
              (shop.directory / "lock") +
              " for 1 ms\n  hint: it is probably stopped, e.g. in a debugger; `fuser " +
              (shop.directory / "lock") + "` names it");
    kill_and_reap(other);
    shop.record({{"b", 1ms, false}});
    CHECK(shop.cases().size() == 2);
}

TEST_CASE("a place where no file can be is an error") {
    const kept_history shop;
    files::create_directory(shop.file);
    CHECK(shop.kept.cases().error().text() ==
          "cannot read the history of cases: reading " + shop.file +
              " failed: Is a directory\n  hint: name another directory in ISOLITE_CACHE if this "
              "one cannot be used");
}

TEST_CASE("what the system says against a history is told in its words") {
    const ordinary_user nobody_special; // root may write everywhere
    const std::string denied =
        " failed: Permission denied\n  hint: make it writable for this user, "
        "or name another directory in ISOLITE_CACHE";
    const auto told = [](const auto& tried) { return tried ? "" : tried.error().text(); };
    const kept_history shop;
    const history& kept = shop.kept;
    ::chmod(shop.directory.path().c_str(), 0500);
    CHECK(told(kept.cases()) == "");
    CHECK(told(kept.record({})) == "cannot record the history of cases: making the lock file " +
                                       (shop.directory / "lock") + denied);
    ::chmod(shop.directory.path().c_str(), 0700);
    shop.record({{"a", 1ms, false}});
    ::chmod(shop.directory.path().c_str(), 0500);
    CHECK(told(kept.record({})) ==
          "cannot record the history of cases: writing " + shop.file + denied);
    ::chmod(shop.directory.path().c_str(), 0700);
    ::chmod(shop.file.c_str(), 0);
    CHECK(told(kept.cases()) == "cannot read the history of cases: reading " + shop.file + denied);
    CHECK(told(kept.record({})) ==
          "cannot record the history of cases: reading " + shop.file + denied);
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
        // Another file is there while this one is written.
        const std::string beside = shop.file + ".new-" + std::to_string(child);
        while (runs(child) && !files::exists(beside)) {
            std::this_thread::yield();
        }
        kill_and_reap(child);
        CHECK(shop.cases().size() == 500);
    }
}

TEST_CASE("a history is named after its program and where that is") {
    const std::string file = history_file("/caches", "/build/tests/shop_test");
    CHECK(file.substr(0, file.find("test-") + 5) == "/caches/shop_test-");
    CHECK(file.size() == std::string("/caches/shop_test-0123456789abcdef.history.tsv").size());
    CHECK(file.substr(file.size() - 12) == ".history.tsv");
    CHECK(history_file("/caches", "/build/./tests/../tests/shop_test") == file);
    CHECK(history_file("/caches", "/other/tests/shop_test") != file);
    CHECK(history_file("/caches", "shop_test") ==
          history_file("/caches", files::current_path() / "shop_test"));
    CHECK(history_file("/caches", "").find("/caches/-") == 0);
    CHECK(history_file("/caches", "/a b.c").find("/caches/a-b-c-") == 0);
    CHECK(isolite::results::program_of_history(file) == "shop_test");
    CHECK(isolite::results::program_of_history("/caches/imported.tsv") == "");
    CHECK(history_file("/caches", "/" + std::string(300, 'x')).size() < 100);
}

TEST_CASE("histories of programs that were not run for long are removed") {
    const kept_history shop;
    shop.record({{"a", 1ms, false}});
    const history old(shop.directory / "old.history.tsv");
    REQUIRE(old.record({{"a", 1ms, false}}));
    age(shop.directory / "old.history.tsv", 31);
    age(shop.file, 29);
    std::ofstream(shop.directory / "killed.history.tsv.new-17") << std::string(10'000, 'x');
    age(shop.directory / "killed.history.tsv.new-17", 31);
    std::ofstream(shop.directory / "image.db") << "x";
    age(shop.directory / "image.db", 31);
    prune_histories(shop.directory.path(), 30);
    CHECK(files::exists(shop.file));
    CHECK(files::exists(shop.directory / "image.db"));
    CHECK_FALSE(files::exists(shop.directory / "old.history.tsv"));
    CHECK_FALSE(files::exists(shop.directory / "killed.history.tsv.new-17"));
    prune_histories("/nowhere", 0);
}

TEST_CASE("no history is removed while one is recorded") {
    const kept_history shop;
    shop.record({{"a", 1ms, false}});
    age(shop.file, 31);
    const pid_t user = start_to_hold_lock(shop.directory.path());
    prune_histories(shop.directory.path(), 30);
    CHECK(files::exists(shop.file));
    kill_and_reap(user);
    prune_histories(shop.directory.path(), 30);
    CHECK_FALSE(files::exists(shop.file));
}
