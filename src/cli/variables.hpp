#pragma once

#include <map>
#include <string>
#include <vector>

namespace isolite::cli {

using variable_map = std::map<std::string, std::string>;

/// Returns the whole environment of this process.
[[nodiscard]] variable_map variables_of_process();

/// Returns those of `all` that isolite reads, and all that begin with ISOLITE_.
[[nodiscard]] variable_map relevant_variables(const variable_map& all);

/// Says whether isolite reads a variable.
[[nodiscard]] bool is_known_variable(const std::string& name);

/// Returns the variable of isolite that is spelled most like `name`, "" if none is like it.
[[nodiscard]] std::string similar_variable(const std::string& name);

} // namespace isolite::cli
