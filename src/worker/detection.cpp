#include "worker/detection.hpp"

#include "text/numbers.hpp"

namespace isolite::workers {
namespace {

const char* const run_variable = "ISOLITE_RUN_ID";
const char* const slot_variable = "ISOLITE_WORKER_SLOT";
const char* const incarnation_variable = "ISOLITE_WORKER_INCARNATION";

error lacks(const std::string& name, const std::string& value, const std::string& missing,
            std::string hint) {
    return variable_error(detecting_worker, name, value, "but " + missing + " is not set",
                          std::move(hint));
}

/// Reads a number that needs another variable beside it; nothing if it is not set.
result<std::optional<unsigned>> read_number(const environment& variables, const std::string& name,
                                            const std::string& kind, const std::string& needed) {
    const auto value = variables.find(name);
    if (!value) {
        return std::nullopt;
    }
    const auto number = text::number_in<unsigned>(*value);
    if (!number) {
        return tl::unexpected(variable_error(detecting_worker, name, *value, "not " + kind,
                                             "write a number from 0 on, or unset " + name));
    }
    if (!variables.find(needed)) {
        return tl::unexpected(
            lacks(name, *value, needed, "set " + needed + " as well, or unset " + name));
    }
    return number;
}

/// The longest id whose file name, three bytes for one at worst, is short enough for any system.
constexpr std::size_t longest_run_id = 80;

/// Reads the variables that belong to isolite; nothing if none is set.
result<std::optional<place>> detect_own_place(const environment& variables) {
    const auto slot = read_number(variables, slot_variable, "a slot number", run_variable);
    if (!slot) {
        return tl::unexpected(slot.error());
    }
    const auto incarnation =
        read_number(variables, incarnation_variable, "an incarnation number", slot_variable);
    if (!incarnation) {
        return tl::unexpected(incarnation.error());
    }
    const auto run_id = variables.find(run_variable);
    if (!run_id) {
        return std::nullopt;
    }
    if (run_id->empty() || run_id->size() > longest_run_id) {
        return tl::unexpected(variable_error(
            detecting_worker, run_variable, *run_id,
            run_id->empty() ? "not a run id" : "too long for a run id",
            "write 1 to " + std::to_string(longest_run_id) +
                " bytes that no other run uses at this time, or unset ISOLITE_RUN_ID"));
    }
    return place{*run_id, *slot, incarnation->value_or(0), true};
}

} // namespace

surroundings surroundings::of_process() {
    surroundings around;
    around.variables = environment::of_process();
    around.self = os::this_process();
    const std::vector<os::process> ancestors = os::ancestors_of(around.self);
    around.parent.pid = around.self.parent;
    if (!ancestors.empty()) {
        around.parent = ancestors.front();
    }
    around.runner = find_test_runner(ancestors);
    return around;
}

std::string place::name_of(unsigned number) const {
    return parallel ? "w" + std::to_string(number) : "main";
}

result<place> detect_place(const surroundings& around) {
    auto found = detect_own_place(around.variables);
    if (found && !*found) {
        found = detect_foreign_place(around);
    }
    if (!found) {
        return tl::unexpected(found.error());
    }
    if (*found) {
        return **found;
    }
    if (around.runner) {
        return place{around.runner->run_id, std::nullopt, 0, true};
    }
    return place{"process-" + around.self.identity(), 0, 0, false};
}

} // namespace isolite::workers
