#include "seed/checksum.hpp"

#include "error/hexadecimal.hpp"

#include <new>

namespace isolite {

checksum::checksum() : state_(XXH3_createState(), &XXH3_freeState) {
    if (!state_) {
        throw std::bad_alloc();
    }
    XXH3_128bits_reset(state_.get());
}

void checksum::add(const void* bytes, std::size_t count) {
    XXH3_128bits_update(state_.get(), bytes, count);
}

std::string checksum::text() const {
    XXH128_canonical_t canonical{};
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state_.get()));
    return hexadecimal({reinterpret_cast<const char*>(canonical.digest), sizeof canonical.digest});
}

std::string checksum_of(const std::string& text) {
    checksum sum;
    sum.add(text.data(), text.size());
    return sum.text();
}

} // namespace isolite
