#include <isolite/cache_settings.hpp>
#include <isolite/engine.hpp>

#include "text_file.hpp"

#include <SQLiteCpp/Database.h>
#include <doctest/doctest.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <unistd.h>

namespace {

/// A cache of this test alone.
class private_cache {
  public:
    private_cache() {
        ::unsetenv("ISOLITE_CACHE"); // set for all tests of the build
        isolite::cache_settings settings;
        settings.directory = directory_;
        isolite::use_cache(settings);
    }
    ~private_cache() {
        isolite::use_cache({});
        std::filesystem::remove_all(directory_);
    }
    private_cache(const private_cache&) = delete;
    private_cache& operator=(const private_cache&) = delete;

  private:
    std::string directory_ =
        std::filesystem::temp_directory_path() / ("isolite-threads-" + std::to_string(::getpid()));
};

std::atomic<int> applied{0};

isolite::seed counted(const std::string& name, const std::string& version) {
    return isolite::seed(name).step("count", version, [](SQLite::Database& database) {
        ++applied;
        database.exec("CREATE TABLE t (a); INSERT INTO t VALUES (42)");
    });
}

/// Opens engines in as many threads as there are seeds, all at once, and returns how often a seed
/// was applied.
int open_at_once(const std::vector<isolite::seed>& seeds) {
    applied = 0;
    std::atomic<std::size_t> ready{0};
    std::atomic<std::size_t> right{0};
    std::vector<std::thread> threads;
    for (const isolite::seed& seed : seeds) {
        threads.emplace_back([&] {
            ++ready;
            while (ready < seeds.size()) {
                std::this_thread::yield();
            }
            auto engine = isolite::engine::open(seed);
            right += engine && engine->value<int>("SELECT a FROM t") == 42 ? 1 : 0;
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    CHECK(right == seeds.size());
    return applied;
}

} // namespace

TEST_CASE("threads of a process that want the same image build it once") {
    const private_cache cache;
    for (int round = 0; round < 20; ++round) {
        const auto seed = counted("shop", std::to_string(round));
        CHECK(open_at_once({seed, seed, seed, seed}) == 1);
    }
}

TEST_CASE("threads that want different images do not wait for each other's lock") {
    const private_cache cache;
    for (int round = 0; round < 20; ++round) {
        const std::string version = std::to_string(round);
        CHECK(open_at_once({counted("a", version), counted("b", version), counted("a", version)}) ==
              2);
    }
}

TEST_CASE("a step may open an engine on another seed") {
    const private_cache cache;
    const auto outer = isolite::seed("outer").step("copy", "1", [](SQLite::Database& database) {
        auto inner = isolite::engine::open(counted("inner", "1"));
        REQUIRE(inner);
        database.exec("CREATE TABLE t (a); INSERT INTO t VALUES (" +
                      std::to_string(inner->value<int>("SELECT a FROM t")) + ")");
    });
    CHECK(open_at_once({outer, outer}) == 1);
}

TEST_CASE("an image is named by what was applied, when a file changes meanwhile") {
    const private_cache cache;
    const text_file file("CREATE TABLE old (a)");
    bool changes = true;
    const auto seed = isolite::seed("changing")
                          .step("change", "1",
                                [&](SQLite::Database& /*database*/) {
                                    ++applied;
                                    if (changes) {
                                        file.write("CREATE TABLE young (a)");
                                    }
                                })
                          .sql_file(file.path());
    const auto table = [&seed] {
        auto engine = isolite::engine::open(seed);
        REQUIRE_MESSAGE(engine, engine.error().text());
        return engine->value<std::string>("SELECT name FROM sqlite_master");
    };
    applied = 0;
    CHECK(table() == "young");
    changes = false;
    CHECK(table() == "young");
    CHECK(applied == 1);
    file.write("CREATE TABLE old (a)");
    CHECK(table() == "old");
    CHECK(applied == 2);
}
