#pragma once

#include "programs/framework.hpp"

#include <isolite/error.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace isolite::programs {

/// Linux has no room for a longer word on a command line.
constexpr std::size_t longest_word = 128 * 1024 - 1;

/// A program of a test framework that knows nothing of isolite.
struct test_program {
    std::vector<std::string> words; ///< the command line of a user
    const framework* of = nullptr;

    [[nodiscard]] std::vector<std::string> arguments() const;

    /// Returns its command line without some of the arguments.
    [[nodiscard]] std::vector<std::string> without(const std::vector<bool>& left_out) const;

    /// Returns its command line with more options.
    [[nodiscard]] std::vector<std::string> with(const std::vector<std::string>& options) const;

    /// Returns the command line by which it runs some cases, whatever the user's would select.
    /// `file`: for the program to read, where there are very many; "": none.
    [[nodiscard]] std::vector<std::string> running(const std::vector<std::string>& selectors,
                                                   std::optional<unsigned> seed,
                                                   const std::string& file = "") const;
};

/// Says which framework a program has, without running its cases: it is asked for its --help.
/// Returns nothing if it has isolite, which can do more. `file`: for what it prints.
/// Errors: errc::environment if it has no framework that is known; errc::system.
[[nodiscard]] result<std::optional<test_program>> look_at(const std::vector<std::string>& words,
                                                          const std::string& file);

/// Returns the cases that a program lists. `file`: for what it prints.
/// Errors: errc::environment if there are none, or they cannot be listed as they are selected.
[[nodiscard]] result<std::vector<listed_case>> list(const test_program& program,
                                                    const std::string& file);

} // namespace isolite::programs
