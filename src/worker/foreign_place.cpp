#include "worker/detection.hpp"

#include "text/numbers.hpp"

#include <algorithm>
#include <sstream>

namespace isolite::workers {
namespace {

/// Finds `name` unless the nearest runner had the same value: then it numbers an outer run.
std::optional<std::string> find_own(const surroundings& around, const std::string& name) {
    auto value = around.variables.find(name);
    if (value && around.runner && around.runner->variables.find(name) == value) {
        return std::nullopt;
    }
    return value;
}

/// Names a run whose runner gives slots but no id. Never a run that slots are claimed in as well:
/// the two kinds of slots would clash.
std::string unnamed_run(const surroundings& around) {
    // The process that started this one is the runner, or a worker of it that lives as long.
    return "parent-" + around.parent.identity();
}

/// Builds the place of `slot` in the run that the runner names in `id_name`, if it does.
result<std::optional<place>> place_in_run(const surroundings& around, const std::string& id_name,
                                          unsigned slot) {
    const auto run_id = around.variables.find(id_name);
    if (run_id && run_id->empty()) {
        return tl::unexpected(variable_error(detecting_worker, id_name, "", "not a run id",
                                             "let the runner set it, or unset " + id_name));
    }
    return place{run_id.value_or(unnamed_run(around)), slot, 0, true};
}

result<std::optional<unsigned>> read_slot(const surroundings& around, const std::string& name) {
    const auto value = find_own(around, name);
    if (!value) {
        return std::nullopt;
    }
    const auto slot = text::number_in<unsigned>(*value);
    if (!slot) {
        return tl::unexpected(variable_error(detecting_worker, name, *value, "not a slot number",
                                             "write a number from 0 on, or unset " + name));
    }
    return slot;
}

result<std::optional<place>> from_nextest(const surroundings& around) {
    const auto slot = read_slot(around, "NEXTEST_TEST_GLOBAL_SLOT");
    if (!slot) {
        return tl::unexpected(slot.error());
    }
    return *slot ? place_in_run(around, "NEXTEST_RUN_ID", **slot) : std::nullopt;
}

result<std::optional<place>> from_parallel_index(const surroundings& around) {
    const auto slot = read_slot(around, "TEST_PARALLEL_INDEX");
    if (!slot) {
        return tl::unexpected(slot.error());
    }
    return *slot ? std::optional(place{unnamed_run(around), *slot, 0, true}) : std::nullopt;
}

result<std::optional<place>> from_xdist(const surroundings& around) {
    const std::string name = "PYTEST_XDIST_WORKER";
    const auto value = find_own(around, name);
    if (!value || *value == "master") {
        return std::nullopt;
    }
    const auto slot = value->compare(0, 2, "gw") == 0 ? text::number_in<unsigned>(value->substr(2))
                                                      : std::nullopt;
    if (!slot) {
        return tl::unexpected(variable_error(detecting_worker, name, *value,
                                             "not a worker of pytest-xdist",
                                             "write gw0, gw1, ... or unset " + name));
    }
    return place_in_run(around, "PYTEST_XDIST_TESTRUNUID", *slot);
}

std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, separator);) {
        parts.push_back(part);
    }
    return parts;
}

/// Reads the first id of `id:0,slots:1;id:1,slots:1`.
std::optional<unsigned> first_id(const std::string& allocation) {
    const std::string first = allocation.substr(0, allocation.find(';'));
    const std::size_t comma = first.find(',');
    if (first.compare(0, 3, "id:") != 0 || comma == std::string::npos ||
        first.compare(comma, 7, ",slots:") != 0) {
        return std::nullopt;
    }
    const auto slots = text::number_in<unsigned>(first.substr(comma + 7));
    return slots && *slots > 0 ? text::number_in<unsigned>(first.substr(3, comma - 3))
                               : std::nullopt;
}

/// CTest gives a resource of type `gpus` to several tests at once if its specification says so,
/// therefore only a type that exists for this very purpose is taken for a slot.
result<std::optional<place>> from_ctest_group(const surroundings& around,
                                              const std::string& group) {
    const auto types = around.variables.find(group);
    if (!types) {
        return tl::unexpected(error{errc::environment,
                                    std::string(detecting_worker) +
                                        ": CTEST_RESOURCE_GROUP_COUNT promises " + group +
                                        ", which is not set",
                                    "unset CTEST_RESOURCE_GROUP_COUNT, or let ctest set both"});
    }
    const auto names = split(*types, ',');
    if (std::find(names.begin(), names.end(), "isolite") == names.end()) {
        return std::nullopt;
    }
    const std::string name = group + "_ISOLITE";
    const auto allocation = around.variables.find(name);
    const auto slot = allocation ? first_id(*allocation) : std::nullopt;
    if (!slot) {
        return tl::unexpected(variable_error(
            detecting_worker, name, allocation.value_or(""),
            "not an allocation with a number as id",
            "number the ids of resource isolite from 0 in the resource specification file, with "
            "\"slots\": 1 each, so that ctest sets id:0,slots:1"));
    }
    // Not the plain id of the runner: in that run, tests without the resource claim their slots.
    const std::string run_id =
        around.runner ? around.runner->run_id + "-resources" : unnamed_run(around);
    return place{run_id, *slot, 0, true};
}

result<std::optional<place>> from_ctest(const surroundings& around) {
    const std::string name = "CTEST_RESOURCE_GROUP_COUNT";
    const auto value = find_own(around, name);
    if (!value) {
        return std::nullopt;
    }
    const auto count = text::number_in<unsigned>(*value);
    if (!count) {
        return tl::unexpected(variable_error(detecting_worker, name, *value,
                                             "not a number of groups",
                                             "let ctest set it, or unset it"));
    }
    for (unsigned i = 0; i < *count; ++i) {
        auto found = from_ctest_group(around, "CTEST_RESOURCE_GROUP_" + std::to_string(i));
        if (!found || *found) {
            return found;
        }
    }
    return std::nullopt;
}

} // namespace

result<std::optional<place>> detect_foreign_place(const surroundings& around) {
    auto found = from_nextest(around);
    if (found && !*found) {
        found = from_parallel_index(around);
    }
    if (found && !*found) {
        found = from_xdist(around);
    }
    if (found && !*found) {
        found = from_ctest(around);
    }
    return found;
}

} // namespace isolite::workers
