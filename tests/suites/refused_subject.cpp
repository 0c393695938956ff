// Two databases and cases that use them, one of which fails; refusals_test.py lets the system
// refuse what isolite keeps of them.
#include <isolite/doctest_main.hpp>
#include <isolite/seed.hpp>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

namespace {

struct one {
    static isolite::seed seed() { return isolite::seed("one").sql("CREATE TABLE t (a)"); }
};

struct two {
    static isolite::seed seed() { return isolite::seed("two").sql("CREATE TABLE t (b)"); }
};

/// In a directory that is asked for, waits until four cases run at once, each in a worker of its
/// own, and fails.
void meet(const char* name) {
    const char* const folder = std::getenv("SUBJECT_MEETS");
    if (folder == nullptr) {
        return;
    }
    std::ofstream(std::filesystem::path(folder) / name).close();
    using clock = std::chrono::steady_clock;
    const auto too_late = clock::now() + std::chrono::seconds(30);
    const auto met = [folder] {
        const std::filesystem::directory_iterator cases(folder);
        return std::distance(begin(cases), end(cases));
    };
    while (met() < 4 && clock::now() < too_late) {
        std::this_thread::yield();
    }
    FAIL("as it was asked to"); // so that its output is shown
}

} // namespace

TEST_CASE("meets 1") {
    meet("1");
}
TEST_CASE("meets 2") {
    meet("2");
}
TEST_CASE("meets 3") {
    meet("3");
}
TEST_CASE("meets 4") {
    meet("4");
}

#define CASES(name)                                                                                \
    TEST_CASE_FIXTURE(isolite::doc_test::session<one>, "one/" name) {}                             \
    TEST_CASE_FIXTURE(isolite::doc_test::session<two>, "two/" name) {}

CASES("first")
CASES("second")
CASES("third")
CASES("fourth")

TEST_CASE_FIXTURE(isolite::doc_test::session<one>, "fails") {
    execute("INSERT INTO t VALUES (1)");
    FAIL("as it was asked to");
}
