#include "sandbox/file_claims.hpp"

#include "files/claims.hpp"
#include "files/front.hpp"
#include "seed/seed_image.hpp"
#include "seed/served_path.hpp"

#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace isolite::sandbox {

namespace {

/// The image of a seed, made when it is asked for first.
class lazy_image {
  public:
    explicit lazy_image(const seed& seed) : seed_(seed) {}

    result<std::shared_ptr<const store::image>> get() {
        const std::lock_guard guard(mutex_);
        if (!image_) {
            image_ = seeds::image_of(seed_);
        }
        return *image_;
    }

  private:
    std::mutex mutex_;
    seed seed_;
    std::optional<result<std::shared_ptr<const store::image>>> image_;
};

} // namespace

file_claims::file_claims(const seed& seed, const std::function<result<void>()>& open) {
    if (!claims_files(seed)) {
        return;
    }
    paths::stand_in_front();
    add(seed, open);
    for (const seed::attachment& each : seed.attachments()) {
        add(each.database, open);
    }
}

file_claims::~file_claims() {
    for (const std::uint64_t each : numbers_) {
        paths::claims::of_process().release(each);
    }
}

void file_claims::add(const seed& seed, const std::function<result<void>()>& open) {
    const std::string own = seeds::file_of(seed);
    const auto image = std::make_shared<lazy_image>(seed);
    for (const std::string& pattern : seed.files()) {
        paths::origin from{seed.name()};
        if (!own.empty() && paths::file_pattern(pattern).only_file() == own) {
            from.open = open ? open : [] { return result<void>(); };
        } else {
            from.image = [image] { return image->get(); };
        }
        numbers_.push_back(paths::claims::of_process().add(pattern, std::move(from)));
    }
}

bool claims_files(const seed& seed) {
    const auto& attached = seed.attachments();
    return !seed.files().empty() ||
           std::any_of(attached.begin(), attached.end(),
                       [](const auto& each) { return !each.database.files().empty(); });
}

std::string file_of(const seed& seed) {
    const std::string file = seeds::file_of(seed);
    return file.empty() ? file : paths::full_name(file);
}

} // namespace isolite::sandbox
