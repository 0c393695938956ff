#pragma once

#include <isolite/fixture.hpp>
#include <isolite/seed.hpp>
#include <isolite/timed_fixture.hpp>
#include <isolite/worker.hpp>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

/// What the cases of the subjects about reports do. Two variables tell, real_run.py sets them:
/// SUBJECT has words CASE:ACT, `*` being all cases; SUBJECT_LOG names a file, to which each case
/// adds a line when it begins and one at its very end.
namespace subject {

struct shop {
    static isolite::seed seed() {
        return isolite::seed("shop").sql(
            "CREATE TABLE products(id INTEGER PRIMARY KEY, name TEXT, stock INTEGER);"
            "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < "
            "2000) INSERT INTO products(name, stock) SELECT 'product ' || n, n FROM number");
    }
};

inline std::string variable(const char* name) {
    const char* const value = std::getenv(name);
    return value ? value : "";
}

/// One write each, so that lines of several processes do not mix, and outlive any kill.
inline void log(const std::string& what, const std::string& name) {
    const auto& worker = isolite::worker::current();
    const std::string line = what + " " + name + " " + (worker ? worker->name : "?") + " " +
                             std::to_string(::getpid()) + "\n";
    const int to =
        ::open(variable("SUBJECT_LOG").c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (to >= 0) {
        static_cast<void>(::write(to, line.data(), line.size()) < 0);
        ::close(to);
    }
}

/// Says whether the case has begun once only.
inline bool is_first_time(const std::string& name) {
    std::ifstream log(variable("SUBJECT_LOG"));
    unsigned times = 0;
    for (std::string what, who, worker, pid; log >> what >> who >> worker >> pid;) {
        times += what == "begin" && who == name ? 1U : 0U;
    }
    return times == 1;
}

inline void sleep(int ms) {
    std::this_thread::sleep_for(std::chrono::milliseconds(ms));
}

/// Makes the database SUBJECT_FILE, as code that opens it by path.
inline void open_by_path() {
    sqlite3* opened = nullptr;
    const int code = sqlite3_open(variable("SUBJECT_FILE").c_str(), &opened);
    if (code != SQLITE_OK ||
        sqlite3_exec(opened, "CREATE TABLE t (a)", nullptr, nullptr, nullptr) != SQLITE_OK) {
        std::abort();
    }
    sqlite3_close(opened);
}

/// Does what the case of this name is to do: sleeps so many milliseconds, dies, fails, opens a
/// database by path, or says something. `fail` is an assertion of the framework that fails.
template <typename Fail>
void act(const std::string& name, Fail fail) {
    log("begin", name);
    std::istringstream words(variable("SUBJECT"));
    for (std::string word; words >> word;) {
        const auto colon = word.find(':');
        const std::string what = word.substr(colon + 1);
        if (word.compare(0, colon, name) != 0 && word[0] != '*') {
            continue;
        }
        if (what == "kill") {
            ::kill(::getpid(), SIGKILL);
        } else if (what == "abort") {
            std::abort();
        } else if (what == "fail" || (what == "fail_once" && is_first_time(name))) {
            fail();
        } else if (what == "kill_once" && is_first_time(name)) {
            ::kill(::getpid(), SIGKILL);
        } else if (what == "open") {
            open_by_path();
        } else if (what == "say") {
            std::printf("%s says it\n", name.c_str());
        } else {
            sleep(std::atoi(what.c_str()));
        }
    }
    log("end", name);
}

inline void read(isolite::fixture& test) {
    static_cast<void>(test.template value<int>("SELECT sum(stock) FROM products"));
}

inline void update(isolite::fixture& test) {
    test.execute("UPDATE products SET stock = stock + 1, name = name || ' (new)'");
}

/// Adds as many products as SUBJECT_ROWS says, for good.
inline void commit(isolite::fixture& test) {
    const std::string rows = variable("SUBJECT_ROWS");
    for (int row = 0; row < (rows.empty() ? 1 : std::atoi(rows.c_str())); ++row) {
        test.execute("INSERT INTO products(name, stock) VALUES ('new', 0)");
    }
    test.execute("COMMIT");
}

constexpr int fixture_ms = 30;
constexpr int data_ms = 90; // more than a program needs for anything else

inline void make_own_fixture() {
    const isolite::timed_fixture timed("server");
    sleep(fixture_ms);
}

/// Data of a suite, which takes its time.
template <typename Suite>
struct data_of : Suite {
    data_of() {
        this->execute("INSERT INTO products(name, stock) VALUES ('of the suite', 1)");
        sleep(data_ms);
    }
};

} // namespace subject
