#pragma once

#include <isolite/error.hpp>
#include <isolite/shard.hpp>

#include <string>

namespace isolite {

/// Describes one process that executes test cases of a run.
///
/// A run is one launch of a suite, however many processes it has.
struct worker {
    /// Names the run, the same in all its workers.
    ///
    /// Shape: never empty; a run id of two runs at once is never equal unless the launcher chose
    /// so.
    std::string run_id;

    /// Numbers the resources that this worker may use: unique among the running workers of its run.
    ///
    /// Shape: counts from 0, compact: the number of a worker that ended is given to the next one.
    unsigned slot = 0;

    /// Names the worker in messages and reports: `w0`, `w1`, ... in a parallel run, else `main`.
    std::string name = "main";

    /// Counts how often the worker of this slot was replaced, as the launcher says.
    ///
    /// Default: 0, always so for a slot that isolite claimed itself.
    unsigned incarnation = 0;

    /// Says which static part of the suite is to be run. Not related to `slot`.
    isolite::shard shard;

    /// Returns the worker that this process is; detects it at the first call.
    ///
    /// The first of these that applies decides:
    /// 1. ISOLITE_RUN_ID with ISOLITE_WORKER_SLOT (and, if wished, ISOLITE_WORKER_INCARNATION): a
    ///    launcher that numbers its workers itself. ISOLITE_RUN_ID alone: any other launcher (GNU
    ///    parallel, xargs -P, a loop of a shell); the lowest free slot of that run is claimed.
    /// 2. The slot of another runner: NEXTEST_TEST_GLOBAL_SLOT, TEST_PARALLEL_INDEX,
    ///    PYTEST_XDIST_WORKER, and the resource `isolite` of CTest, if its specification has one
    ///    slot for every id and all tests or none of them ask for it. Variables that the nearest
    ///    test runner had inherited itself are passed over: they number something larger than one
    ///    of its tests.
    /// 3. The nearest test runner among the ancestors of this process is `meson test` or `ctest`
    ///    (Linux only): the lowest free slot of its run is claimed.
    /// 4. None of these: slot 0, name `main`, a run of its own.
    ///
    /// A claimed slot is held until this process ends, however it ends. It is a lock on a file in
    /// ISOLITE_RUNTIME_DIR, else in $XDG_RUNTIME_DIR/isolite, else in isolite-<uid> of TMPDIR or
    /// /tmp. Closing all descriptors of the process (`closefrom`) would give it up early.
    ///
    /// Errors: `errc::environment` for a variable that is malformed or contradicts another one;
    ///   `errc::system` if a slot cannot be claimed. An error is final: it is cached as well.
    /// Threads: safe, as long as none changes the environment during the first call.
    /// Processes: a forked child sees the worker of its parent, and does not end its claim.
    /// Lifetime: the reference is good until the process ends, destructors of globals included.
    [[nodiscard]] ISOLITE_API static const result<worker>& current();
};

} // namespace isolite
