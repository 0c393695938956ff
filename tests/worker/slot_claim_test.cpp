#include "child_process.hpp"
#include "temporary_directory.hpp"
#include "worker/runtime_directory.hpp"
#include "worker/slot_claim.hpp"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

using isolite::workers::slot_claim;
using isolite::workers::slot_file_name;

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

/// Says whether `pid` has the lock file `path` open for good: the descriptor that only creates it
/// is one that is closed on exec.
bool waits_for(pid_t pid, const std::string& path) {
    const std::string process = "/proc/" + std::to_string(pid);
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(process + "/fd", ignored)) {
        if (std::filesystem::read_symlink(entry, ignored) == path) {
            std::ifstream info(process + "/fdinfo/" + entry.path().filename().string());
            std::string word;
            long flags = 0;
            while (info >> word && word != "flags:") {
            }
            return info >> std::oct >> flags && (flags & O_CLOEXEC) == 0;
        }
    }
    return false;
}

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

TEST_CASE("a worker that ends normally deletes its file and no other") {
    const temporary_directory directory;
    auto first = claimer(directory, "r");
    CHECK(name_of(first) == "w0");
    auto second = claimer(directory, "r");
    CHECK(name_of(second) == "w1");
    CHECK(names_in(directory.path()) == names{"guard", "run-r.slot-0", "run-r.slot-1"});
    first.close_input();
    first.wait();
    CHECK(names_in(directory.path()) == names{"guard", "run-r.slot-1"});
    second.close_input();
    second.wait();
    CHECK(names_in(directory.path()) == names{"guard"});
}

TEST_CASE("the next run deletes what killed workers left, and nothing that is in use") {
    const temporary_directory directory;
    auto crashed = claimer(directory, "crashed");
    CHECK(name_of(crashed) == "w0");
    auto killed = claimer(directory, "alive");
    CHECK(name_of(killed) == "w0");
    auto alive = claimer(directory, "alive");
    CHECK(name_of(alive) == "w1");
    killed.kill();
    crashed.kill();
    CHECK(names_in(directory.path()).size() == 4);

    auto next = claimer(directory, "next");
    CHECK(name_of(next) == "w0");
    CHECK(names_in(directory.path()) == names{"guard", "run-alive.slot-1", "run-next.slot-0"});
    auto replacement = claimer(directory, "alive");
    CHECK(name_of(replacement) == "w0");
    auto third = claimer(directory, "alive");
    CHECK(name_of(third) == "w2");
}

TEST_CASE("files of others are left alone and do no harm") {
    const temporary_directory directory;
    const names foreign = {"notes.txt", "run-old", "run-old.slot-", "run-old.slot-x", "old.slot-1"};
    for (const std::string& name : foreign) {
        std::ofstream(directory / name).close();
    }
    std::filesystem::create_directory(directory / "run-directory.slot-0");
    auto worker = claimer(directory, "r");
    CHECK(name_of(worker) == "w0");
    names expected = foreign;
    expected.insert({"guard", "run-directory.slot-0", "run-r.slot-0"});
    CHECK(names_in(directory.path()) == expected);
}

TEST_CASE("a forked child neither deletes nor frees what its parent holds") {
    const temporary_directory directory;
    auto worker = child_process::probe(
        {"--fork"}, {"ISOLITE_RUNTIME_DIR=" + directory.path(), "ISOLITE_RUN_ID=r"});
    CHECK(name_of(worker) == "w0");
    CHECK(names_in(directory.path()) == names{"guard", "run-r.slot-0"});
    auto other = claimer(directory, "r");
    CHECK(name_of(other) == "w1");
}

TEST_CASE("a forked child deletes nothing, even if its parent is not in the run any more") {
    const temporary_directory directory;
    auto claim = slot_claim::claim(directory.path(), "r");
    REQUIRE(claim.has_value());
    auto child = child_process::fork([&]() -> std::string {
        char byte = 0;
        static_cast<void>(::read(STDIN_FILENO, &byte, 1));
        claim->release();
        return "released";
    });
    claim = tl::unexpected(isolite::error{});
    child.close_input();
    CHECK(child.read_all() == "released");
    CHECK(names_in(directory.path()) == names{"guard", "run-r.slot-0"});
}

TEST_CASE("a worker that waits for a guard which is deleted meanwhile takes the new one") {
    const temporary_directory directory;
    const std::string path = directory / "guard";
    auto holder = child_process::fork([&]() -> std::string {
        auto guard = isolite::os::lock_file::open(path, isolite::workers::claiming_a_slot);
        const bool held = guard && guard->try_lock().value_or(false);
        static_cast<void>(::write(STDOUT_FILENO, held ? "held\n" : "free\n", 5));
        char byte = 0;
        static_cast<void>(::read(STDIN_FILENO, &byte, 1));
        return "";
    });
    REQUIRE(holder.read_line() == "held");
    auto worker = claimer(directory, "r");
    while (!waits_for(worker.pid(), path)) {
        std::this_thread::yield();
    }
    std::filesystem::remove(path);
    holder.kill();
    CHECK(name_of(worker) == "w0");
    CHECK(std::filesystem::exists(path));
}

TEST_CASE("a file that somebody put in the place of a deleted one is not deleted") {
    const temporary_directory directory;
    auto claim = slot_claim::claim(directory.path(), "r");
    REQUIRE(claim.has_value());
    std::filesystem::remove(directory / "run-r.slot-0");
    std::ofstream(directory / "run-r.slot-0").close();
    claim->release();
    CHECK(names_in(directory.path()) == names{"guard", "run-r.slot-0"});
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

TEST_CASE("every claim of a process gets a slot of its own, below the limit") {
    const temporary_directory directory;
    auto other = claimer(directory, "r");
    CHECK(name_of(other) == "w0");
    auto first = slot_claim::claim_below(3, directory.path(), "r");
    auto second = slot_claim::claim_below(3, directory.path(), "r");
    const auto third = slot_claim::claim_below(3, directory.path(), "r");
    REQUIRE(first);
    REQUIRE(*first);
    REQUIRE(second);
    REQUIRE(*second);
    CHECK((*first)->slot() == 1);
    CHECK((*second)->slot() == 2);
    REQUIRE(third);
    CHECK_FALSE(*third);
    CHECK(names_in(directory.path()) ==
          names{"guard", "run-r.slot-0", "run-r.slot-1", "run-r.slot-2"});
    auto further = claimer(directory, "r");
    CHECK(name_of(further) == "w3"); // the slots of this process are locked for others

    (*first)->release();
    const auto again = slot_claim::claim_below(3, directory.path(), "r");
    REQUIRE(again);
    REQUIRE(*again);
    CHECK((*again)->slot() == 1);
}

TEST_CASE("below a limit of 0 there is no slot, and no file") {
    const temporary_directory directory;
    const auto claim = slot_claim::claim_below(0, directory.path(), "r");
    REQUIRE(claim);
    CHECK_FALSE(*claim);
    CHECK(names_in(directory.path()) == names{"guard"});
}

TEST_CASE("a claim of slot 0 leaves the slots alone that this process holds") {
    const temporary_directory directory;
    auto first = slot_claim::claim(directory.path(), "r");
    auto second = slot_claim::claim(directory.path(), "r");
    auto other = slot_claim::claim(directory.path(), "s");
    REQUIRE(first);
    REQUIRE(second);
    REQUIRE(other);
    CHECK(other->slot() == 0);
    CHECK(names_in(directory.path()) ==
          names{"guard", "run-r.slot-0", "run-r.slot-1", "run-s.slot-0"});
    auto further = claimer(directory, "r");
    CHECK(name_of(further) == "w2");
}

TEST_CASE("different run ids have different files, with harmless names") {
    const std::string ids[] = {"a", "A", "_",  "_41",  "a/b", "a_2fb", "..",  "/",     "a b",
                               "-", "",  "\n", "\xff", "ä",   "run-a", "a.b", "a_2eb", "a.slot-0"};
    names files;
    for (const std::string& id : ids) {
        const std::string name = slot_file_name(id, 0);
        CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_.") ==
              std::string::npos);
        CHECK(name.find('.') == name.rfind(".slot-0"));
        files.insert(name);
    }
    CHECK(files.size() == std::size(ids));
    CHECK(slot_file_name("ci/Run 1", 12) == "run-ci_2f_52un_201.slot-12");
    CHECK(slot_file_name(std::string(80, '_'), 4095).size() <= 255);
}

TEST_CASE("something else in the place of a lock file is an error with its path") {
    const temporary_directory directory;
    const std::string hint =
        " is not a regular file\n  hint: something else stands where isolite keeps a lock file: "
        "delete it";
    std::filesystem::create_directory(directory / "run-r.slot-0");
    CHECK(slot_claim::claim(directory.path(), "r").error().text() ==
          "cannot claim a worker slot: " + (directory / "run-r.slot-0") + hint);
    std::filesystem::remove(directory / "guard");
    std::filesystem::create_directory(directory / "guard");
    CHECK(slot_claim::claim(directory.path(), "r").error().text() ==
          "cannot claim a worker slot: " + (directory / "guard") + hint);
}
