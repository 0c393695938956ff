#pragma once

#include "text/packed.hpp"

#include <cstdint>
#include <string>

namespace isolite::results {

/// Something that a worker has to tell its parent: that a case has ended, or what a framework said
/// in it, for the adapter in the parent to say again. The run carries the latter and does not look
/// into it.
struct event {
    std::uint8_t kind = 0; ///< chosen by the adapter, which knows of what type the value is
    std::string value = {};

    template <typename Value>
    [[nodiscard]] static event of(std::uint8_t kind, const Value& value) {
        return {kind, text::packed(value)};
    }

    /// Returns its value, or what that begins with. Requires: it was made of such a value.
    template <typename Value>
    [[nodiscard]] Value as() const {
        return text::unpacked<Value>(value);
    }
};

} // namespace isolite::results
