#include "run/cores.hpp"

#include "text/numbers.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>
#include <thread>
#include <vector>

namespace isolite::run {

namespace {

constexpr unsigned no_bound = std::numeric_limits<unsigned>::max();

/// Where a hierarchy of cgroups is mounted, as a line of /proc/self/mountinfo has it.
struct mount {
    std::string type; ///< "cgroup2", or "cgroup" for version 1
    std::string controllers;
    std::string group; ///< the group that is seen at the mount point
    std::string point;
};

/// Says whether `word` is one of `list`, which is separated by commas.
bool lists(const std::string& list, const std::string& word) {
    return ("," + list + ",").find("," + word + ",") != std::string::npos;
}

/// Decodes `\040` and the like: the kernel writes blanks and backslashes so, and the names of
/// systemd's groups are full of the latter.
std::string decoded(const std::string& text) {
    constexpr std::size_t digits = 3;
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::string code = text.substr(i + 1, digits);
        const auto byte = code.size() == digits ? text::number_in<unsigned>(code, 8) : std::nullopt;
        const bool is_code = text[i] == '\\' && byte;
        plain += is_code ? static_cast<char>(*byte) : text[i];
        i += is_code ? digits : 0;
    }
    return plain;
}

/// Shape of a line: 32 31 0:29 /group /mount/point rw,relatime shared:1 - cgroup cgroup rw,cpu
std::vector<mount> cgroup_mounts(const std::string& root) {
    std::ifstream file(root + "/proc/self/mountinfo");
    std::vector<mount> mounts;
    for (std::string line; std::getline(file, line);) {
        const std::size_t separator = line.find(" - ");
        if (separator == std::string::npos) {
            continue;
        }
        mount found;
        std::string skipped;
        std::istringstream(line) >> skipped >> skipped >> skipped >> found.group >> found.point;
        std::istringstream(line.substr(separator + 3)) >> found.type >> skipped >>
            found.controllers;
        if (found.type == "cgroup2" ||
            (found.type == "cgroup" && lists(found.controllers, "cpu"))) {
            found.group = decoded(found.group);
            found.point = decoded(found.point);
            mounts.push_back(found);
        }
    }
    return mounts;
}

/// Returns the cgroup of this process in the hierarchy of a mount.
/// Shape of a line: 0::/group, or 1:cpu,cpuacct:/group for version 1.
std::string group_in(const std::string& root, const mount& mount) {
    std::ifstream file(root + "/proc/self/cgroup");
    for (std::string line; std::getline(file, line);) {
        const std::size_t first = line.find(':');
        const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
        if (second == std::string::npos) {
            continue;
        }
        const std::string controllers = line.substr(first + 1, second - first - 1);
        if (mount.type == "cgroup2" ? controllers.empty() : lists(controllers, "cpu")) {
            return line.substr(second + 1);
        }
    }
    return "/";
}

/// Returns the path of a group below the mount point. A container may have its own group mounted
/// but be told the name by which the host knows it.
std::string path_below(const mount& mount, std::string group) {
    const std::string seen = mount.group == "/" ? "" : mount.group;
    if (group.compare(0, seen.size(), seen) != 0) {
        return "";
    }
    group.erase(0, seen.size());
    const bool is_below =
        !group.empty() && group.front() == '/' && group.find("..") == std::string::npos;
    return is_below && group != "/" ? group : "";
}

unsigned rounded_up(double quota, double period) {
    if (!(quota > 0 && period > 0) || quota / period >= no_bound) {
        return no_bound;
    }
    const double cores = quota / period;
    const auto whole = static_cast<unsigned>(cores);
    return whole + (cores > whole ? 1 : 0);
}

unsigned bound_of(const mount& mount, const std::string& directory) {
    double quota = -1; // what version 1 writes for none; version 2 writes "max"
    double period = 0;
    if (mount.type == "cgroup2") {
        std::ifstream(directory + "/cpu.max") >> quota >> period;
    } else {
        std::ifstream(directory + "/cpu.cfs_quota_us") >> quota;
        std::ifstream(directory + "/cpu.cfs_period_us") >> period;
    }
    return rounded_up(quota, period);
}

} // namespace

unsigned cores_of_quota(const std::string& root, unsigned cores) {
    for (const mount& mount : cgroup_mounts(root)) {
        std::string below = path_below(mount, group_in(root, mount));
        for (;;) {
            cores = std::min(cores, bound_of(mount, root + mount.point + below));
            if (below.empty()) {
                break;
            }
            below.erase(below.rfind('/'));
        }
    }
    return std::max(cores, 1U);
}

unsigned cores_of_mask(const mask_reader& read) {
    // The kernel refuses a mask that is shorter than its own, and does not say how long that is.
    constexpr std::size_t most = std::size_t(1) << 20;
    for (std::size_t count = CPU_SETSIZE; count <= most; count *= 2) {
        std::vector<cpu_set_t> mask(count / CPU_SETSIZE);
        const std::size_t bytes = mask.size() * sizeof(cpu_set_t);
        if (read(bytes, mask.data()) == 0) {
            return std::max(static_cast<unsigned>(CPU_COUNT_S(bytes, mask.data())), 1U);
        }
        if (errno != EINVAL) {
            break;
        }
    }
    return std::max(std::thread::hardware_concurrency(), 1U);
}

unsigned usable_cores() {
    return cores_of_quota("", cores_of_mask([](std::size_t bytes, cpu_set_t* mask) {
                              return ::sched_getaffinity(0, bytes, mask);
                          }));
}

} // namespace isolite::run
