#pragma once

#include "os/process_tree.hpp"
#include "worker/environment.hpp"

#include <optional>
#include <string>
#include <vector>

namespace isolite::workers {

/// A program among the ancestors that runs the tests of one run, perhaps several at once.
struct test_runner {
    /// Shape: `meson-PID-STARTTIME` or `ctest-PID-STARTTIME`.
    std::string run_id;
    /// What the runner itself was started with: its tests share these values.
    environment variables{std::map<std::string, std::string>()};
};

/// Returns `meson` or `ctest` if `arguments` is the command line of such a runner, else nothing.
[[nodiscard]] std::optional<std::string>
test_runner_kind(const std::vector<std::string>& arguments);

/// Returns the first runner in `ancestors`, the nearest if the parent comes first.
[[nodiscard]] std::optional<test_runner>
find_test_runner(const std::vector<os::process>& ancestors);

} // namespace isolite::workers
