#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace isolite::run {

/// Something that a framework said in a worker, for the adapter in the parent to say again. The
/// run carries it and does not look into it.
struct event {
    std::uint8_t kind = 0; ///< chosen by the adapter
    std::vector<std::string> fields;
};

} // namespace isolite::run
