#include "child_process.hpp"
#include "os/process_tree.hpp"
#include "temporary_directory.hpp"

#include <isolite/worker.hpp>

#include <doctest/doctest.h>
#include <filesystem>

TEST_CASE("a process outside of any run is the worker main") {
    const std::string line = child_process::orphan_probe({}).read_line();
    CHECK(line.find("main slot=0 run=process-") == 0);
    CHECK(line.find(" incarnation=0 shard=0/1") != std::string::npos);
}

TEST_CASE("a process that a launcher numbered claims nothing") {
    const temporary_directory directory;
    auto worker = child_process::probe(
        {}, {"ISOLITE_RUNTIME_DIR=" + directory.path(), "ISOLITE_RUN_ID=r", "ISOLITE_WORKER_SLOT=3",
             "ISOLITE_WORKER_INCARNATION=1", "ISOLITE_SHARD_INDEX=1", "ISOLITE_TOTAL_SHARDS=4"});
    CHECK(worker.read_line() == "w3 slot=3 run=r incarnation=1 shard=1/4");
    CHECK(std::filesystem::is_empty(directory.path()));
}

TEST_CASE("a runner that tells no run id is named after the process that started the worker") {
    CHECK(child_process::probe({}, {"TEST_PARALLEL_INDEX=5"}).read_line() ==
          "w5 slot=5 run=parent-" + isolite::os::this_process().identity() +
              " incarnation=0 shard=0/1");
}

TEST_CASE("a process of a run without slots claims one") {
    const temporary_directory directory;
    auto worker = child_process::probe(
        {}, {"ISOLITE_RUNTIME_DIR=" + directory.path(), "ISOLITE_RUN_ID=nightly 7"});
    CHECK(worker.read_line() == "w0 slot=0 run=nightly 7 incarnation=0 shard=0/1");
}

TEST_CASE("a worker that is killed leaves its slot to the next one") {
    const temporary_directory directory;
    for (int i = 0; i < 3; ++i) {
        auto worker = child_process::probe(
            {"--kill"}, {"ISOLITE_RUNTIME_DIR=" + directory.path(), "ISOLITE_RUN_ID=r"});
        CHECK(worker.read_line().find("w0 ") == 0);
        CHECK(worker.wait() == -9);
    }
}

TEST_CASE("an error of the environment reaches the caller") {
    CHECK(child_process::probe({}, {"ISOLITE_WORKER_SLOT=1"}).read_all() ==
          "cannot detect the worker: ISOLITE_WORKER_SLOT is \"1\", but ISOLITE_RUN_ID is not set\n"
          "  hint: set ISOLITE_RUN_ID as well, or unset ISOLITE_WORKER_SLOT\n");
    CHECK(child_process::probe({}, {"ISOLITE_SHARD_INDEX=1"}).read_all() ==
          "cannot detect the shard: ISOLITE_SHARD_INDEX is \"1\", but ISOLITE_TOTAL_SHARDS is not "
          "set\n  hint: set ISOLITE_TOTAL_SHARDS as well, or unset ISOLITE_SHARD_INDEX\n");
    CHECK(child_process::probe({}, {"ISOLITE_RUN_ID=r", "ISOLITE_RUNTIME_DIR=/proc/nowhere/run"})
              .read_all() ==
          "cannot claim a worker slot: making the directory /proc/nowhere failed: No such file or "
          "directory\n  hint: name another directory in ISOLITE_RUNTIME_DIR if this one cannot be "
          "used\n");
}

TEST_CASE("every call returns the same worker") {
    const std::string seen =
        child_process::fork([]() -> std::string {
            return &isolite::worker::current() == &isolite::worker::current() ? "same" : "another";
        }).read_all();
    CHECK(seen == "same");
}
