#pragma once

#include "run/options.hpp"

#include <array>
#include <string>

namespace isolite::run {

/// How one option of the command line is written, read and explained.
struct option_rule {
    enum class value_kind { none, optional, required };

    const char* name;      ///< With its hyphens.
    const char* value;     ///< As the help shows it, behind the name.
    value_kind kind;       ///< An optional value stands behind `=` only.
    const char* variable;  ///< The variable that stands for the option, or null.
    const char* task;      ///< What the option is for: it reads after "cannot ".
    const char* complaint; ///< What a malformed value is: it reads after: is "VALUE",
    const char* hint;
    const char* meaning; ///< For the help.
    /// Reads a value. Returns false when it is malformed.
    bool (*read)(const std::string& value, options& to);
    /// Says whether the option asks for what cannot be had in this process; null: it never does.
    bool (*needs_workers)(const options& values);
};

/// The rules of all options, in the order of the help.
extern const std::array<option_rule, 25> option_rules;

} // namespace isolite::run
