#include "store/image.hpp"

namespace isolite::store {

image::image(std::vector<std::byte> bytes) : size_(bytes.size()) {
    bytes.resize((bytes.size() + page_size - 1) / page_size * page_size);
    auto kept = std::make_shared<const std::vector<std::byte>>(std::move(bytes));
    bytes_ = kept->data();
    keeper_ = std::move(kept);
}

} // namespace isolite::store
