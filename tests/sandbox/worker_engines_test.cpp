#include "../worker/temporary_directory.hpp"
#include "in_child.hpp"
#include "open_engine.hpp"
#include "sandbox/worker_engines.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

using isolite::engine;
using isolite::sandbox::prepare_worker_engines;
using isolite::sandbox::worker_engines;

namespace {

/// Where seeds note that they ran, a byte each time: all processes of a test see it.
std::string& notes() {
    static std::string directory;
    return directory;
}

void note(const std::string& name) {
    std::ofstream(notes() + "/" + name, std::ios::app) << 'x';
}

std::string times(const std::string& name) {
    std::error_code missing;
    const auto size = std::filesystem::file_size(notes() + "/" + name, missing);
    return missing ? "0" : std::to_string(size);
}

struct prepared_shop {
    static isolite::seed seed() {
        note("described");
        return isolite::seed("shop")
            .sql("CREATE TABLE shop (id)")
            .step("fill", [](SQLite::Database& db) {
                note("filled");
                db.exec("INSERT INTO shop VALUES (1), (2)");
            });
    }
};

/// Cannot be described, until somebody has noted that it can.
struct late_shop {
    static isolite::seed seed() {
        if (times("late") == "0") {
            throw std::runtime_error("too early");
        }
        return isolite::seed("late").sql("CREATE TABLE late (id)");
    }
};

struct failing_shop {
    static isolite::seed seed() {
        return isolite::seed("failing").step("fail", [](SQLite::Database&) {
            note("failed");
            throw std::runtime_error("no stock");
        });
    }
};

/// Asks for its own engine in a step.
struct circular_shop {
    static isolite::seed seed() {
        return isolite::seed("circular").step("ask", [](SQLite::Database&) {
            throw std::runtime_error(engine::of_worker<circular_shop>().error().text());
        });
    }
};

/// Runs `body` in a process with a directory for its notes, and no cache.
std::string in_parent(const std::function<std::string()>& body) {
    const temporary_directory directory;
    return in_child([&] {
        notes() = directory.path();
        ::setenv("ISOLITE_CACHE", "off", 1);
        return body();
    });
}

template <typename Database>
std::string rows(const std::string& sql = "SELECT count(*) FROM shop") {
    const auto& opened = engine::of_worker<Database>();
    return opened ? std::to_string((*opened)->template value<int>(sql)) : opened.error().text();
}

} // namespace

TEST_CASE("images are built before the fork, and the workers only open them") {
    const std::string seen = in_parent([] {
        prepare_worker_engines();
        std::string text = times("filled");
        for (int i = 0; i < 3; ++i) {
            text += " " + in_child([] { return rows<prepared_shop>(); });
        }
        return text + ", filled " + times("filled") + ", described " + times("described");
    });
    CHECK(seen == "1 2 2 2, filled 1, described 4");
}

TEST_CASE("without preparing, every worker builds for itself") {
    const std::string seen = in_parent([] {
        for (int i = 0; i < 3; ++i) {
            static_cast<void>(in_child([] { return rows<prepared_shop>(); }));
        }
        return times("filled");
    });
    CHECK(seen == "3");
}

TEST_CASE("preparing opens no engine, whose connection would cross the fork") {
    const std::string seen = in_parent([] {
        const auto before = worker_engines().size(); // other tests may have opened theirs
        prepare_worker_engines();
        std::string text = std::to_string(worker_engines().size() - before);
        text += " " + rows<prepared_shop>();
        return text + " " + std::to_string(worker_engines().size() - before);
    });
    CHECK(seen == "0 2 1");
}

TEST_CASE("preparing twice builds once") {
    const std::string seen = in_parent([] {
        prepare_worker_engines();
        prepare_worker_engines();
        const std::string count = rows<prepared_shop>();
        return count + " " + times("filled");
    });
    CHECK(seen == "2 1");
}

TEST_CASE("an engine that was opened on a prepared image is that of an unprepared one") {
    const auto described = [] {
        const std::string count = rows<prepared_shop>();
        engine& shop = **engine::of_worker<prepared_shop>();
        const std::string keys = std::to_string(shop.value<int>("PRAGMA foreign_keys"));
        return shop.name() + " " + shop.uri() + " " + count + " " + keys;
    };
    const std::string prepared = in_parent([&] {
        prepare_worker_engines();
        return described();
    });
    CHECK(prepared == "shop file:shop?vfs=isolite 2 1");
    CHECK(prepared == in_parent(described));
}

// [promise: workers] No worker sees what another one does to a database of one name.
TEST_CASE("what one worker does to a prepared database, no other one sees") {
    const std::string seen = in_parent([] {
        prepare_worker_engines();
        const std::string first = in_child([] {
            static_cast<void>(rows<prepared_shop>());
            (*engine::of_worker<prepared_shop>())->execute("DELETE FROM shop");
            return rows<prepared_shop>();
        });
        return first + in_child([] { return rows<prepared_shop>(); }) + rows<prepared_shop>();
    });
    CHECK(seen == "022");
}

// [control: workers]
TEST_CASE("what one process does to a file of the disk, another one sees") {
    const std::string seen = in_parent([] {
        const std::string path = notes() + "/shop.db";
        const auto count = [&path] {
            SQLite::Database shop(path, SQLite::OPEN_READONLY);
            return shop.execAndGet("SELECT count(*) FROM shop").getString();
        };
        SQLite::Database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
            .exec("CREATE TABLE shop (id); INSERT INTO shop VALUES (1), (2)");
        const std::string first = in_child([&] {
            SQLite::Database(path, SQLite::OPEN_READWRITE).exec("DELETE FROM shop");
            return count();
        });
        return first + in_child(count) + count();
    });
    CHECK(seen == "000");
}

TEST_CASE("a seed that fails while it is prepared is left to the first test that needs it") {
    const std::string seen = in_parent([] {
        prepare_worker_engines();
        const std::string early = times("failed");
        const std::string text = rows<failing_shop>();
        return early + " " + times("failed") + " " + text;
    });
    CHECK(seen == "1 2 cannot apply the seed 'failing': step 'fail' failed: no stock\n"
                  "  hint: the step threw this exception");
}

TEST_CASE("a seed that cannot be described while it is prepared is described anew") {
    const std::string seen = in_parent([] {
        prepare_worker_engines();
        const std::string early =
            in_child([] { return rows<late_shop>("SELECT count(*) FROM late"); });
        note("late");
        return early + "\n" + in_child([] { return rows<late_shop>("SELECT count(*) FROM late"); });
    });
    CHECK(seen == "cannot describe a seed: too early\n"
                  "  hint: the function seed() of the database threw this exception\n0");
}

TEST_CASE("a step that asks for the engine of its own seed is told, and does not wait for itself") {
    const char* const sentence =
        "cannot apply the seed 'circular': step 'ask' failed: cannot open the engine of the seed "
        "'circular' while it is being made\n"
        "  hint: let the step use the connection that it is given\n"
        "  hint: the step threw this exception";
    CHECK(in_parent([] { return rows<circular_shop>(); }) == sentence);
    CHECK(in_parent([] {
              prepare_worker_engines();
              return rows<circular_shop>();
          }) == sentence);
}

TEST_CASE("threads that ask for an engine first, at once, get the same one") {
    const std::string seen = in_parent([] {
        const engine* got[2] = {};
        std::thread other([&got] { got[0] = *engine::of_worker<prepared_shop>(); });
        got[1] = *engine::of_worker<prepared_shop>();
        other.join();
        return times("filled") + (got[0] == got[1] ? " same" : " others");
    });
    CHECK(seen == "1 same");
}
