#pragma once

#include <isolite/error.hpp>
#include <isolite/seed.hpp>

#include <string>
#include <vector>

namespace isolite {

/// A seed with the texts of its SQL files, read once: what is applied is what was fingerprinted.
struct loaded_seed {
    const isolite::seed* seed;
    std::vector<std::string> texts; ///< Shape: one for each part of the seed, empty for a step.
};

/// Reads the files of a seed. Lifetime: the seed must outlive what is returned.
/// Errors: errc::seed, which names the file.
[[nodiscard]] result<loaded_seed> load(const seed& seed);

/// Returns the error of a seed that cannot be applied because of `what`.
[[nodiscard]] error seed_error(const seed& seed, const std::string& what, std::string hint,
                               int code = 0);

} // namespace isolite
