#include "../sandbox/in_child.hpp"
#include "../worker/temporary_directory.hpp"
#include "run/cores.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <map>

using isolite::run::cores_of_mask;
using isolite::run::cores_of_quota;
using isolite::run::usable_cores;

namespace {

using file_texts = std::map<std::string, std::string>;

/// Returns the cores of 64 that a made-up system with these files leaves.
unsigned cores_with(const file_texts& files, unsigned cores = 64) {
    const temporary_directory root;
    for (const auto& [path, text] : files) {
        std::filesystem::create_directories(std::filesystem::path(root / path).parent_path());
        std::ofstream(root / path) << text;
    }
    return cores_of_quota(root.path(), cores);
}

/// Returns a system of version 2 in which this process is in the group /a/b.
file_texts unified(const file_texts& quotas) {
    file_texts files = {{"proc/self/cgroup", "0::/a/b\n"},
                        {"proc/self/mountinfo",
                         "30 24 0:27 / /proc rw - proc proc rw\n"
                         "31 24 0:28 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw\n"}};
    for (const auto& [group, quota] : quotas) {
        files["sys/fs/cgroup" + group + "/cpu.max"] = quota;
    }
    return files;
}

/// Returns a system of version 1 in which this process is in the group /a of the CPU's hierarchy.
file_texts separate(const std::string& quota, const std::string& period) {
    return {{"proc/self/cgroup", "3:memory:/elsewhere\n2:cpu,cpuacct:/a\n1:name=systemd:/b\n"},
            {"proc/self/mountinfo",
             "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
             "33 31 0:30 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n"},
            {"sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us", quota},
            {"sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us", period},
            {"sys/fs/cgroup/cpuset/cpu.cfs_quota_us", "100000\n"},
            {"sys/fs/cgroup/cpuset/cpu.cfs_period_us", "100000\n"}};
}

} // namespace

TEST_CASE("only the cores of the affinity mask are usable") {
    const std::string seen = in_child([] {
        cpu_set_t mask;
        CPU_ZERO(&mask);
        CPU_SET(static_cast<unsigned>(::sched_getcpu()), &mask);
        return ::sched_setaffinity(0, sizeof mask, &mask) == 0 ? std::to_string(usable_cores())
                                                               : "no affinity";
    });
    CHECK(seen == "1");
    cpu_set_t mask;
    REQUIRE(::sched_getaffinity(0, sizeof mask, &mask) == 0);
    CHECK(usable_cores() == cores_of_quota("", static_cast<unsigned>(CPU_COUNT(&mask))));
}

TEST_CASE("a kernel for more than 1024 cores has all of them counted") {
    const auto read = [](std::size_t bytes, cpu_set_t* mask) {
        if (bytes < 4096 / 8) {
            errno = EINVAL;
            return -1;
        }
        CPU_SET_S(0, bytes, mask);
        CPU_SET_S(1500, bytes, mask);
        CPU_SET_S(4095, bytes, mask);
        return 0;
    };
    CHECK(cores_of_mask(read) == 3);
}

TEST_CASE("without an affinity mask there is a core or more") {
    for (const int failure : {EINVAL, EPERM, ENOSYS}) {
        CHECK(cores_of_mask([failure](std::size_t, cpu_set_t*) {
                  errno = failure;
                  return -1;
              }) >= 1);
    }
}

TEST_CASE("a quota bounds the cores, rounded up") {
    CHECK(cores_with(unified({{"/a/b", "200000 100000\n"}})) == 2);
    CHECK(cores_with(unified({{"/a/b", "200001 100000\n"}})) == 3);
    CHECK(cores_with(unified({{"/a/b", "1000 100000\n"}})) == 1);
    CHECK(cores_with(unified({{"/a/b", "800000 100000\n"}}), 4) == 4);
}

TEST_CASE("the smallest quota of a group and those around it counts") {
    CHECK(cores_with(unified({{"/a/b", "max 100000\n"}, {"/a", "300000 100000\n"}})) == 3);
    CHECK(cores_with(unified({{"/a/b", "500000 100000\n"}, {"", "400000 100000\n"}})) == 4);
    CHECK(cores_with(unified({{"/a/b", "200000 100000\n"}, {"/a", "400000 100000\n"}})) == 2);
    CHECK(cores_with(unified({{"/a/c", "100000 100000\n"}})) == 64);
}

TEST_CASE("a quota of version 1 bounds the cores too") {
    CHECK(cores_with(separate("250000\n", "100000\n")) == 3);
    CHECK(cores_with(separate("-1\n", "100000\n")) == 64);
}

TEST_CASE("a container finds its own group by the name that the host gave it") {
    CHECK(cores_with({{"proc/self/cgroup", "0::/host/box\\x2d1/inner\n"},
                      {"proc/self/mountinfo", "31 24 0:28 /host/box\\134x2d1 /my\\040groups rw - "
                                              "cgroup2 cgroup2 rw\n"},
                      {"my groups/cpu.max", "300000 100000\n"},
                      {"my groups/inner/cpu.max", "200000 100000\n"}}) == 2);
    // Of a group outside of what is mounted, only the mount itself can be seen.
    CHECK(cores_with({{"proc/self/cgroup", "0::/other\n"},
                      {"proc/self/mountinfo", "31 24 0:28 /host /groups rw - cgroup2 cgroup2 rw\n"},
                      {"groups/cpu.max", "300000 100000\n"}}) == 3);
    CHECK(cores_with({{"proc/self/cgroup", "0::/../other\n"},
                      {"proc/self/mountinfo", "31 24 0:28 / /groups rw - cgroup2 cgroup2 rw\n"},
                      {"other/cpu.max", "100000 100000\n"},
                      {"groups/cpu.max", "300000 100000\n"}}) == 3);
}

TEST_CASE("a quota that is missing or malformed bounds nothing") {
    CHECK(cores_with({}) == 64);
    CHECK(cores_with(unified({})) == 64);
    for (const char* const text : {"", "max", "200000", "200000 0", "0 100000", "-1 100000",
                                   "1 -100000", "x y", "1e300 1", "nan 1"}) {
        CAPTURE(text);
        CHECK(cores_with(unified({{"/a/b", text}})) == 64);
    }
    CHECK(cores_with({{"proc/self/cgroup", "nonsense\n0:\n"},
                      {"proc/self/mountinfo", "nonsense\n1 - cgroup2\n"}}) == 64);
    CHECK(cores_with({}, 0) == 1);
}
