#pragma once

#include <isolite/error.hpp>
#include <isolite/seed.hpp>

#include <string>

namespace isolite::seeds {

class image_cache;

/// Returns the text of a part that is no step. Whoever asks holds it: it may be large.
/// Errors: errc::seed, which names the file.
[[nodiscard]] result<std::string> read_text(const seed& seed, const seed::part& part);

/// Returns the checksum of the text of a part that is no step, and holds nothing of it. A file is
/// read only if it is not in the state that the cache has on record; null for no cache.
/// Errors: as above.
[[nodiscard]] result<std::string> checksum_of_text(const seed& seed, const seed::part& part,
                                                   const image_cache* cache);

/// Returns the error of a seed that cannot be applied because of `what`.
[[nodiscard]] tl::unexpected<error> seed_failure(const seed& seed, const std::string& what,
                                                 std::string hint, int code = 0);

} // namespace isolite::seeds
