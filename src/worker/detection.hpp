#pragma once

#include "os/process_tree.hpp"
#include "worker/environment.hpp"
#include "worker/test_runner.hpp"

#include <isolite/shard.hpp>

#include <optional>
#include <string>

namespace isolite::workers {

/// What fails where a place cannot be told, for the message.
constexpr const char* detecting_worker = "detect the worker";

/// Everything that the detection looks at, so that a test can make it up.
struct surroundings {
    environment variables{std::map<std::string, std::string>()};
    os::process self;
    os::process parent;
    std::optional<test_runner> runner;

    /// Looks around in this process.
    static surroundings of_process();
};

/// Where this process stands in its run, before a slot is claimed.
struct place {
    std::string run_id;
    /// Not set: a slot has to be claimed.
    std::optional<unsigned> slot;
    unsigned incarnation = 0;
    bool parallel = true;

    /// Returns the name of the worker that has `number` in this run.
    [[nodiscard]] std::string name_of(unsigned number) const;
};

/// Decides as `worker::current` promises.
[[nodiscard]] result<place> detect_place(const surroundings& around);

/// Returns the shard that the variables name, if they do. Errors: as `shard::detect`.
[[nodiscard]] result<std::optional<shard>> named_shard(const environment& variables);

/// Decides as `shard::detect` promises.
[[nodiscard]] result<shard> detect_shard(const environment& variables);

/// Lets this process run a shard, whatever the environment says: for the command line. Also
/// `worker::current` tells of it from now on.
void choose_shard(const shard& chosen);

/// Returns the shard that was chosen so, nothing if none was.
[[nodiscard]] std::optional<shard> chosen_shard();

/// Says in a line that this process runs but a part of its suite, `own` of `all` cases, and which
/// option or variables make it so: some programs inherit them from where nobody thinks of them.
/// `cut` says how the suite was cut.
[[nodiscard]] std::string shard_notice(const environment& variables, const shard& shard,
                                       std::size_t own, std::size_t all, const std::string& cut);

/// Reads the slot that another runner gave to this process, nothing if none did.
///
/// The run id is the one of that runner if it tells one, else derived from the parent process.
[[nodiscard]] result<std::optional<place>> detect_foreign_place(const surroundings& around);

} // namespace isolite::workers
