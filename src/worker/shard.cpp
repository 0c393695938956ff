#include "worker/detection.hpp"

#include "os/files.hpp"
#include "text/numbers.hpp"

#include <cerrno>
#include <cstring>

namespace isolite {
namespace workers {
namespace {

const char* const detecting_shard = "detect the shard";

/// The variables that name a shard.
struct pair_of_names {
    std::string index;
    std::string total;
};

const pair_of_names of_isolite = {"ISOLITE_SHARD_INDEX", "ISOLITE_TOTAL_SHARDS"};
const pair_of_names of_bazel = {"TEST_SHARD_INDEX", "TEST_TOTAL_SHARDS"};
const pair_of_names of_google_test = {"GTEST_SHARD_INDEX", "GTEST_TOTAL_SHARDS"};

bool is_set(const environment& variables, const pair_of_names& names) {
    return variables.find(names.index) || variables.find(names.total);
}

result<unsigned> read_number(const environment& variables, const std::string& name,
                             const std::string& other) {
    const auto value = variables.find(name);
    if (!value) {
        return tl::unexpected(variable_error(detecting_shard, other, *variables.find(other),
                                             "but " + name + " is not set",
                                             "set " + name + " as well, or unset " + other));
    }
    const auto number = text::number_in<unsigned>(*value);
    if (!number) {
        return tl::unexpected(variable_error(
            detecting_shard, name, *value, "not a number",
            "write the index of the shard, from 0 on, and the total number of shards"));
    }
    return *number;
}

/// Reads one pair of variables; nothing if neither of them is set.
result<std::optional<shard>> read_pair(const environment& variables, const pair_of_names& names) {
    const auto& [index_name, total_name] = names;
    if (!is_set(variables, names)) {
        return std::nullopt;
    }
    const auto index = read_number(variables, index_name, total_name);
    if (!index) {
        return tl::unexpected(index.error());
    }
    const auto total = read_number(variables, total_name, index_name);
    if (!total) {
        return tl::unexpected(total.error());
    }
    if (*total == 0) {
        return tl::unexpected(variable_error(detecting_shard, total_name, "0",
                                             "but a suite has a shard or more",
                                             "write 1 or more, or unset both"));
    }
    if (*index >= *total) {
        return tl::unexpected(variable_error(
            detecting_shard, index_name, std::to_string(*index),
            "but " + total_name + " is \"" + std::to_string(*total) + "\"",
            "write an index from 0 to " + std::to_string(*total - 1) + ": shards count from 0"));
    }
    return shard{*index, *total};
}

/// Tells Bazel that this suite understood its variables, otherwise it fails the test.
result<void> touch_status_file(const environment& variables) {
    const auto path = variables.find("TEST_SHARD_STATUS_FILE");
    if (!path) {
        return {};
    }
    if (!os::touch(*path)) {
        const int cause = errno;
        return tl::unexpected(error{errc::system,
                                    std::string(detecting_shard) +
                                        ": touching TEST_SHARD_STATUS_FILE \"" + *path +
                                        "\" failed: " + std::strerror(cause),
                                    "make its directory exist and writable, or unset "
                                    "TEST_SHARD_STATUS_FILE if Bazel did not set it"});
    }
    return {};
}

} // namespace

result<std::optional<shard>> named_shard(const environment& variables) {
    result<std::optional<shard>> found(std::nullopt);
    for (const pair_of_names& names : {of_isolite, of_bazel, of_google_test}) {
        if (found && !*found) {
            found = read_pair(variables, names);
        }
    }
    return found;
}

result<shard> detect_shard(const environment& variables) {
    return named_shard(variables).and_then([&](const std::optional<shard>& named) -> result<shard> {
        if (named && !is_set(variables, of_isolite) && is_set(variables, of_bazel)) {
            if (const auto touched = touch_status_file(variables); !touched) {
                return tl::unexpected(touched.error());
            }
        }
        return named.value_or(shard{});
    });
}

std::string shard_notice(const environment& variables, const shard& shard, std::size_t own,
                         std::size_t all, const std::string& cut) {
    const std::string text = "this is shard " + std::to_string(shard.index) + " of " +
                             std::to_string(shard.total) + ", with " + std::to_string(own) +
                             " of the " + std::to_string(all) + " cases";
    const std::string end = "; cut " + cut;
    if (chosen_shard()) {
        return text + ", by --shard=" + std::to_string(shard.index) + "/" +
               std::to_string(shard.total) + end;
    }
    for (const pair_of_names& names : {of_isolite, of_bazel, of_google_test}) {
        if (is_set(variables, names)) {
            return text + ", by " + names.index + "=" + std::to_string(shard.index) + " and " +
                   names.total + "=" + std::to_string(shard.total) + end;
        }
    }
    return text + end; // the program has unset them
}

} // namespace workers

result<shard> shard::detect() {
    return workers::detect_shard(workers::environment::of_process());
}

} // namespace isolite
