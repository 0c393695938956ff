#include "seed/checksum.hpp"

#include <xxhash.h>

#include <new>

namespace isolite {

checksum::checksum() : state_(XXH3_createState()) {
    if (!state_) {
        throw std::bad_alloc();
    }
    XXH3_128bits_reset(state_.get());
}

void checksum::free_state::operator()(XXH3_state_s* state) const noexcept {
    XXH3_freeState(state);
}

void checksum::add(const void* bytes, std::size_t count) {
    XXH3_128bits_update(state_.get(), bytes, count);
}

std::string checksum::text() const {
    XXH128_canonical_t canonical{};
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state_.get()));
    constexpr const char* digits = "0123456789abcdef";
    std::string text;
    for (const unsigned char byte : canonical.digest) {
        text += digits[byte / 16];
        text += digits[byte % 16];
    }
    return text;
}

std::string checksum_of(const std::string& text) {
    checksum sum;
    sum.add(text.data(), text.size());
    return sum.text();
}

} // namespace isolite
