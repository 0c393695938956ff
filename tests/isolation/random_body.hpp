#pragma once

#include "random_kind.hpp"

#include <isolite/mode.hpp>

#include <string>
#include <vector>

/// A kind of statement with what it rolls, on one of the connections of its test.
struct step {
    std::size_t kind = 0;
    unsigned argument = 0;
    unsigned connection = 0;
};

/// What one test does, and the mode of the test that looks at everything after it.
struct body {
    isolite::mode mode = isolite::mode::rollback;
    isolite::mode next = isolite::mode::rollback;
    std::vector<step> steps;
};

/// Tests that run one after another in a process of their own.
struct experiment {
    configuration config;
    std::vector<body> suites; // what the sessions around the tests do
    std::vector<body> bodies;
    bool is_pair = false; // of the last of which all that it sees is told

    /// Returns what `of` reads again, on one line.
    [[nodiscard]] std::string text() const;
    [[nodiscard]] static experiment of(const std::string& text);
};

/// Which kinds may be rolled.
struct choice {
    std::vector<std::size_t> only;    // one of these is in each body; none: any
    std::vector<std::size_t> without; // none of these is in any
};

/// Rolls an experiment of many tests, or of one or two tests and the one that is compared.
[[nodiscard]] experiment rolled_bodies(dice& d, const choice& choice, std::size_t count);
[[nodiscard]] experiment rolled_pair(dice& d, const choice& choice);

/// Returns what a test must get to hear in all, by what was done of it.
[[nodiscard]] verdict expected(const body& body, const std::vector<bool>& done, bool is_strict);

/// Says whether a kind can be in a test of this configuration.
[[nodiscard]] bool fits(const kind& kind, const configuration& configuration);
