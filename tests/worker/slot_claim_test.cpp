#include "child_process.hpp"
#include "temporary_directory.hpp"
#include "worker/slot_claim.hpp"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <set>

using isolite::detail::run_directory_name;
using isolite::detail::slot_claim;

namespace {

/// Claims a slot in another process, which holds it until its input ends or it is killed.
child_process claimer(const temporary_directory& directory, const std::string& run_id) {
    return child_process::probe(
        {"--until-eof"}, {"ISOLITE_RUNTIME_DIR=" + directory.path(), "ISOLITE_RUN_ID=" + run_id});
}

std::string name_of(child_process& child) {
    const std::string line = child.read_line();
    return line.substr(0, line.find(' '));
}

std::set<std::string> names_in(const std::string& directory) {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
        names.insert(entry.path().filename());
    }
    return names;
}

using names = std::set<std::string>;

} // namespace

TEST_CASE("workers get the lowest free slots, and a slot is given again when its worker ends") {
    const temporary_directory directory;
    auto first = claimer(directory, "r");
    CHECK(name_of(first) == "w0");
    auto second = claimer(directory, "r");
    CHECK(name_of(second) == "w1");
    auto third = claimer(directory, "r");
    CHECK(name_of(third) == "w2");

    second.close_input();
    second.wait();
    auto fourth = claimer(directory, "r");
    CHECK(name_of(fourth) == "w1");
    first.kill();
    auto fifth = claimer(directory, "r");
    CHECK(name_of(fifth) == "w0");
}

TEST_CASE("two runs do not share slots") {
    const temporary_directory directory;
    auto first = claimer(directory, "r");
    CHECK(name_of(first) == "w0");
    auto second = claimer(directory, "s");
    CHECK(name_of(second) == "w0");
}

TEST_CASE("the last worker of a run deletes its directory, an earlier one does not") {
    const temporary_directory directory;
    auto first = claimer(directory, "r");
    CHECK(name_of(first) == "w0");
    auto second = claimer(directory, "r");
    CHECK(name_of(second) == "w1");
    first.close_input();
    first.wait();
    CHECK(names_in(directory.path()) == names{"guard", "run-r"});
    second.close_input();
    second.wait();
    CHECK(names_in(directory.path()) == names{"guard"});
}

TEST_CASE("a claim deletes what runs left that ended by a crash, and nothing that is in use") {
    const temporary_directory directory;
    auto crashed = claimer(directory, "crashed");
    CHECK(name_of(crashed) == "w0");
    auto alive = claimer(directory, "alive");
    CHECK(name_of(alive) == "w0");
    auto also_alive = claimer(directory, "alive");
    CHECK(name_of(also_alive) == "w1");
    alive.kill();
    crashed.kill();
    std::filesystem::create_directory(directory / "run-killed_20before_20its_20slot");
    CHECK(names_in(directory.path()).size() == 4);

    auto next = claimer(directory, "next");
    CHECK(name_of(next) == "w0");
    CHECK(names_in(directory.path()) == names{"guard", "run-alive", "run-next"});
}

TEST_CASE("one claim deletes a bounded number of leftovers") {
    const temporary_directory directory;
    for (int i = 0; i < 100; ++i) {
        std::filesystem::create_directory(directory / ("run-" + std::to_string(i)));
    }
    auto first = claimer(directory, "first");
    CHECK(name_of(first) == "w0");
    CHECK(names_in(directory.path()).size() == 100 - 64 + 2);
    auto second = claimer(directory, "second");
    CHECK(name_of(second) == "w0");
    CHECK(names_in(directory.path()) == names{"guard", "run-first", "run-second"});
}

TEST_CASE("foreign files are left alone and do no harm") {
    const temporary_directory directory;
    std::filesystem::create_directory(directory / "run-old");
    for (const char* const name :
         {"notes.txt", "run-old/slot-", "run-old/slot-x", "run-old/core"}) {
        std::ofstream(directory / name).close();
    }
    std::filesystem::create_directory(directory / "somebody");
    auto worker = claimer(directory, "r");
    CHECK(name_of(worker) == "w0");
    CHECK(names_in(directory.path()) ==
          names{"guard", "notes.txt", "run-old", "run-r", "somebody"});
    CHECK(names_in(directory / "run-old") == names{"slot-", "slot-x", "core"});
}

TEST_CASE("a forked child neither deletes nor frees what its parent holds") {
    const temporary_directory directory;
    auto worker = child_process::probe(
        {"--fork"}, {"ISOLITE_RUNTIME_DIR=" + directory.path(), "ISOLITE_RUN_ID=r"});
    CHECK(name_of(worker) == "w0");
    CHECK(names_in(directory / "run-r") == names{"slot-0"});
    auto other = claimer(directory, "r");
    CHECK(name_of(other) == "w1");
}

TEST_CASE("a claim that was released can be made again in the same process") {
    const temporary_directory directory;
    for (int i = 0; i < 3; ++i) {
        auto claim = slot_claim::claim(directory.path(), "r");
        REQUIRE(claim.has_value());
        CHECK(claim->slot() == 0);
        claim->release();
        claim->release();
        CHECK(names_in(directory.path()) == names{"guard"});
    }
}

TEST_CASE("different run ids have different directories, with harmless names") {
    const std::string ids[] = {"a", "A",  "_", "_41",   "a/b", "a_2fb", "..",    "/",  "a b",
                               "-", "\n", "ä", "run-a", "",    "a.b",   "a_2eb", "%2", "\xff"};
    std::set<std::string> directories;
    for (const std::string& id : ids) {
        const std::string name = run_directory_name(id);
        CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") ==
              std::string::npos);
        directories.insert(name);
    }
    CHECK(directories.size() == std::size(ids));
    CHECK(run_directory_name("ci/Run 1") == "run-ci_2f_52un_201");
    CHECK(run_directory_name(std::string(80, '_')).size() < 255);
}

TEST_CASE("a run whose directory or slot is something else is an error with the path") {
    const temporary_directory directory;
    std::ofstream(directory / "run-file").close();
    CHECK(slot_claim::claim(directory.path(), "file").error().text() ==
          "cannot claim a worker slot: " + (directory / "run-file") +
              " is not a directory\n  hint: delete it if it is a leftover, or name another "
              "directory in ISOLITE_RUNTIME_DIR");
    std::filesystem::create_directories(directory / "run-r/slot-0");
    CHECK(slot_claim::claim(directory.path(), "r").error().text() ==
          "cannot claim a worker slot: opening the lock file " + (directory / "run-r/slot-0") +
              " failed: Is a directory\n  hint: something else stands where isolite keeps a lock "
              "file: delete it");
    std::filesystem::remove(directory / "guard");
    std::filesystem::create_directory(directory / "guard");
    CHECK(slot_claim::claim(directory.path(), "r").error().text() ==
          "cannot claim a worker slot: opening the lock file " + (directory / "guard") +
              " failed: Is a directory\n  hint: something else stands where isolite keeps a lock "
              "file: delete it");
}
