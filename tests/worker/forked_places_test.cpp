#include "child_process.hpp"
#include "temporary_directory.hpp"
#include "worker/forked_places.hpp"

#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <set>

namespace {

using texts = std::vector<std::string>;

child_process::variables run_in(const temporary_directory& directory, texts others = {}) {
    others.push_back("ISOLITE_RUNTIME_DIR=" + directory.path());
    others.emplace_back("ISOLITE_RUN_ID=r");
    return others;
}

/// Returns a process that could fork up to `most` workers, and keeps their slots.
child_process parent_of(unsigned most, unsigned limit, child_process::variables variables) {
    return child_process::probe({"--places", std::to_string(most), std::to_string(limit)},
                                std::move(variables));
}

/// Returns where its workers stand, without what all of them have in common.
texts places_of(child_process& parent, const std::string& common) {
    texts places;
    for (std::string line = parent.read_line(); !line.empty(); line = parent.read_line()) {
        const std::size_t at = line.find(common);
        places.push_back(at == std::string::npos ? line : line.substr(0, at));
    }
    return places;
}

texts files_in(const temporary_directory& directory) {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(directory.path())) {
        names.insert(entry.path().filename());
    }
    return {names.begin(), names.end()};
}

const std::string in_r = " run=r incarnation=0 shard=0/1";

} // namespace

TEST_CASE("the workers of a process whose slot was claimed have further slots of its run") {
    const temporary_directory directory;
    auto parent = parent_of(3, 100, run_in(directory));
    CHECK(places_of(parent, in_r) == texts{"w0 slot=0", "w1 slot=1", "w2 slot=2"});
    CHECK(files_in(directory) == texts{"guard", "run-r.slot-0", "run-r.slot-1", "run-r.slot-2"});
}

TEST_CASE("the slots of workers are held by their parent, and free when it has ended") {
    const temporary_directory directory;
    auto parent = parent_of(3, 100, run_in(directory));
    CHECK(places_of(parent, in_r).size() == 3);
    auto other = parent_of(2, 100, run_in(directory));
    CHECK(places_of(other, in_r) == texts{"w3 slot=3", "w4 slot=4"});
    parent.close_input();
    CHECK(parent.wait() == 0);
    CHECK(files_in(directory) == texts{"guard", "run-r.slot-3", "run-r.slot-4"});
    auto next = parent_of(4, 100, run_in(directory));
    CHECK(places_of(next, in_r) == texts{"w0 slot=0", "w1 slot=1", "w2 slot=2", "w5 slot=5"});
    next.kill();
    auto last = parent_of(3, 100, run_in(directory));
    CHECK(places_of(last, in_r) == texts{"w0 slot=0", "w1 slot=1", "w2 slot=2"});
}

TEST_CASE("two processes of a run share the slots below the limit, and each has at least one") {
    const temporary_directory directory;
    auto first = parent_of(2, 4, run_in(directory));
    CHECK(places_of(first, in_r) == texts{"w0 slot=0", "w1 slot=1"});
    auto second = parent_of(4, 4, run_in(directory));
    CHECK(places_of(second, in_r) == texts{"w2 slot=2", "w3 slot=3"});
    auto third = parent_of(4, 4, run_in(directory));
    CHECK(places_of(third, in_r) == texts{"w4 slot=4"});
}

TEST_CASE("the workers of a process that was given its slot are a run of their own") {
    const temporary_directory directory;
    auto parent = parent_of(3, 1,
                            run_in(directory, {"ISOLITE_WORKER_SLOT=3", "ISOLITE_SHARD_INDEX=1",
                                               "ISOLITE_TOTAL_SHARDS=4"}));
    CHECK(places_of(parent, " incarnation=0 shard=1/4") ==
          texts{"w0 slot=0 run=r.w3", "w1 slot=1 run=r.w3", "w2 slot=2 run=r.w3"});
    CHECK(files_in(directory).empty());
}

TEST_CASE("the workers of a process outside of any run have its run to themselves") {
    const temporary_directory directory;
    auto parent = child_process::orphan_probe({"ISOLITE_RUNTIME_DIR=" + directory.path()},
                                              {"--places", "2", "1"});
    const auto places = places_of(parent, " incarnation=0 shard=0/1");
    REQUIRE(places.size() == 2);
    const std::string run = places[0].substr(places[0].find(" run="));
    CHECK(run.find(" run=process-") == 0);
    CHECK(run.find(".main") == std::string::npos);
    CHECK(places == texts{"w0 slot=0" + run, "w1 slot=1" + run});
    CHECK(files_in(directory).empty());
}

TEST_CASE("a process that cannot tell where it stands cannot tell it of its workers either") {
    CHECK(parent_of(2, 2, {"ISOLITE_WORKER_SLOT=1"}).read_all() ==
          "cannot detect the worker: ISOLITE_WORKER_SLOT is \"1\", but ISOLITE_RUN_ID is not set\n"
          "  hint: set ISOLITE_RUN_ID as well, or unset ISOLITE_WORKER_SLOT\n");
}

TEST_CASE("a slot that cannot be claimed for a worker is an error") {
    const temporary_directory directory;
    std::filesystem::create_directory(directory / "run-r.slot-1");
    CHECK(parent_of(2, 2, run_in(directory)).read_all() ==
          "cannot claim a worker slot: " + (directory / "run-r.slot-1") +
              " is not a regular file\n  hint: something else stands where isolite keeps a lock "
              "file: delete it\n");
}

TEST_CASE("a forked worker is what it became, and claims nothing for that") {
    const temporary_directory directory;
    const std::string seen =
        child_process::fork([&]() -> std::string {
            ::setenv("ISOLITE_RUNTIME_DIR", directory.path().c_str(), 1);
            ::setenv("ISOLITE_RUN_ID", "r", 1);
            isolite::workers::become({"other", 5, "w5", 2, {1, 3}});
            const auto& worker = isolite::worker::current();
            return worker->name + " " + worker->run_id + " " +
                   std::to_string(worker->slot + worker->incarnation + worker->shard.total);
        }).read_all();
    CHECK(seen == "w5 other 10");
    CHECK(std::filesystem::is_empty(directory.path()));
}

TEST_CASE("what a forked worker became does not change its parent") {
    const temporary_directory directory;
    const std::string seen =
        child_process::fork([&]() -> std::string {
            ::setenv("ISOLITE_RUN_ID", "r", 1);
            ::setenv("ISOLITE_WORKER_SLOT", "4", 1);
            const std::string before = isolite::worker::current()->name;
            const std::string child = child_process::fork([]() -> std::string {
                                          isolite::workers::become({"r.w4", 0, "w0", 0, {}});
                                          return isolite::worker::current()->name;
                                      }).read_all();
            return before + " " + child + " " + isolite::worker::current()->name;
        }).read_all();
    CHECK(seen == "w4 w0 w4");
}
