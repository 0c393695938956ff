#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include <sched.h>

namespace isolite::run {

/// Returns how many cores this process may keep busy: those of its affinity mask, but no more than
/// the CPU quota of its cgroup pays for.
/// Ensures: at least 1.
[[nodiscard]] unsigned usable_cores();

/// Reads an affinity mask of `bytes` bytes. Returns 0, or -1 and sets errno.
using mask_reader = std::function<int(std::size_t bytes, cpu_set_t* mask)>;

/// Counts the cores of an affinity mask, however many the kernel knows.
/// Ensures: at least 1, also where the mask cannot be read.
[[nodiscard]] unsigned cores_of_mask(const mask_reader& read);

/// Bounds `cores` by the CPU quotas of the cgroup of this process and of all around it, each
/// rounded up. `root` is put before every path that is read: "" or, in a test, a made-up system.
/// What is missing or malformed bounds nothing.
/// Ensures: at least 1.
/// Source: https://docs.kernel.org/admin-guide/cgroup-v2.html (cpu.max), and
///   https://docs.kernel.org/scheduler/sched-bwc.html for version 1.
[[nodiscard]] unsigned cores_of_quota(const std::string& root, unsigned cores);

} // namespace isolite::run
