// What the benchmark `files` measures of databases that are opened by path, BENCH_ROUNDS times.
// Arguments: what to do, by a name of `actions`, and a path. Writes what the best 50 in a row took
// of the processor: nothing waits for a disk, and others on the machine are not counted.

#include "engines.hpp"
#include "number_of.hpp"
#include "sandbox/case_files.hpp"

#include <isolite/files.hpp>
#include <isolite/session.hpp>

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace {

constexpr const char* name_of_test = "orders/an_order_reduces_the_stock";
constexpr int rows = 1'400;
constexpr int rounds_at_once = 50;

[[noreturn]] void give_up(const char* why) {
    std::fprintf(stderr, "cannot run the subject: %s\n", why);
    std::exit(EXIT_FAILURE);
}

/// A connection of code under test.
class application {
  public:
    explicit application(const std::string& name) {
        check(sqlite3_open_v2(name.c_str(), &handle_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI,
                              nullptr));
    }
    ~application() { sqlite3_close(handle_); }
    application(const application&) = delete;
    application& operator=(const application&) = delete;

    void run(const char* sql) const {
        check(sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr));
    }

  private:
    void check(int code) const {
        if (code != SQLITE_OK) {
            give_up(sqlite3_errmsg(handle_));
        }
    }

    sqlite3* handle_ = nullptr;
};

constexpr const char* look = "SELECT name FROM products WHERE id = 55";

void open_once(const std::string& name) {
    application(name).run(look);
}

/// What a test does that opens its database, writes and reads.
void use(const std::string& name) {
    const application code(name);
    code.run("BEGIN IMMEDIATE; UPDATE products SET price = price + 1 WHERE id = 1000; COMMIT");
    code.run(look);
}

/// A case as the adapters begin and end it.
template <typename Body>
void in_case(Body body) {
    static isolite::sandbox::case_files files;
    files.begin(name_of_test);
    body();
    for (const std::string& each : files.end()) {
        give_up(each.c_str());
    }
}

void in_session(isolite::engine& engine, const std::string& name) {
    in_case([&] {
        auto session = bench::require(
            isolite::session::open(engine, name_of_test, isolite::mode::copy_on_write));
        use(name);
        bench::require(session.close());
    });
}

using work = std::function<void()>;

isolite::engine& opened(const isolite::seed& seed) {
    static auto* const engine = new isolite::engine(bench::require(isolite::engine::open(seed)));
    return *engine;
}

work open_plain(const std::string& path) {
    return [path] { open_once(path); };
}

work open_claimed(const std::string& path) {
    opened(bench::table_of(rows).file(path));
    return open_plain(path);
}

/// The path is none of those that are claimed.
work open_other(const std::string& path) {
    constexpr int most = 20;
    std::vector<std::string> patterns;
    for (int number = 0; number < most; ++number) {
        patterns.push_back("/var/lib/shop/" + std::to_string(number) + "/*.db");
    }
    static const isolite::files claimed(patterns);
    return open_plain(path);
}

work test_by_path(const std::string& path) {
    auto& engine = opened(bench::table_of(rows).file(path));
    return [&engine, path] { in_session(engine, path); };
}

work test_by_uri(const std::string& /*path*/) {
    auto& engine = opened(bench::table_of(rows));
    return [&engine, uri = engine.uri()] { in_session(engine, uri); };
}

/// The path is looked at as SQLite looks at each one that it opens, whose VFS asks the system for
/// each part of it.
work test_by_uri_and_look(const std::string& path) {
    auto& engine = opened(bench::table_of(rows));
    return [&engine, uri = engine.uri(), path] {
        sqlite3_vfs* const vfs = sqlite3_vfs_find(nullptr);
        std::array<char, 4096> full{};
        vfs->xFullPathname(vfs, path.c_str(), static_cast<int>(full.size()), full.data());
        in_session(engine, uri);
    };
}

work test_by_pattern(const std::string& path) {
    opened(bench::table_of(rows).file("*" + path));
    return [path] { in_case([&] { use(path); }); };
}

const std::map<std::string, work (*)(const std::string&)> actions = {
    {"open", open_plain},
    {"open_claimed", open_claimed},
    {"open_other", open_other},
    {"test_by_path", test_by_path},
    {"test_by_pattern", test_by_pattern},
    {"test_by_uri", test_by_uri},
    {"test_by_uri_and_look", test_by_uri_and_look},
};

} // namespace

int main(int argc, char** argv) {
    if (argc != 3 || actions.count(argv[1]) == 0) {
        return 2;
    }
    const work once = actions.at(argv[1])(argv[2]);
    once();
    double best = 1e300;
    for (int rounds = bench::number_of("BENCH_ROUNDS", 1); rounds > 0; rounds -= rounds_at_once) {
        const std::clock_t start = std::clock();
        for (int round = 0; round < std::min(rounds, rounds_at_once); ++round) {
            once();
        }
        best = std::min(best, static_cast<double>(std::clock() - start));
    }
    std::printf("%.0f\n", best);
}
