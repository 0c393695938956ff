#include "store/image.hpp"

#include <utility>

namespace isolite::store {

image::image(std::vector<std::byte> bytes) : size_(bytes.size()), bytes_(std::move(bytes)) {
    bytes_.resize((bytes_.size() + page_size - 1) / page_size * page_size);
}

} // namespace isolite::store
