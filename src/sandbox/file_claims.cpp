#include "sandbox/file_claims.hpp"

#include "files/claim_uses.hpp"
#include "files/claims.hpp"
#include "files/front.hpp"
#include "seed/making.hpp"
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

    seeds::shared_image get() {
        const auto known = present();
        auto image = known ? *known
                           : seeds::make_alone(
                                 seed_, [this] { return make(); }, seeds::patience_for_files);
        if (!image) {
            seeds::note_failure(image.error());
        }
        return image;
    }

    [[nodiscard]] const seed& of() const noexcept { return seed_; }

  private:
    std::optional<seeds::shared_image> present() {
        const std::lock_guard guard(mutex_);
        return image_;
    }

    seeds::shared_image make() {
        if (const auto known = present()) { // made by the thread that was waited for
            return *known;
        }
        auto made = seeds::image_in_the_making(seed_);
        const std::lock_guard guard(mutex_);
        image_ = made;
        return made;
    }

    std::mutex mutex_;
    seed seed_;
    std::optional<seeds::shared_image> image_;
};

/// Opens the engine of a seed, for whoever opens its file first.
result<void> open_engine_of(const seed& seed, const std::function<result<void>()>& open) {
    auto opened = seeds::is_made_here(seed) ? tl::unexpected(seeds::refusal_of(seed))
                  : open                    ? open()
                                            : result<void>();
    if (!opened) {
        seeds::note_failure(opened.error());
    }
    return opened;
}

} // namespace

file_claims::file_claims(const seed& seed, const std::function<result<void>()>& open) {
    if (!claims_files(seed)) {
        return;
    }
    paths::stand_in_front();
    const unsigned statement = paths::claim_uses::of_process().add_statement();
    add(seed, open, statement);
    for (const seed::attachment& each : seed.attachments()) {
        add(each.database, open, statement);
    }
}

file_claims::~file_claims() {
    for (const std::uint64_t each : numbers_) {
        paths::claims::of_process().release(each);
    }
}

void file_claims::add(const seed& seed, const std::function<result<void>()>& open,
                      unsigned statement) {
    const std::string own = seeds::file_of(seed);
    const auto image = std::make_shared<lazy_image>(seed);
    for (const std::string& pattern : seed.files()) {
        paths::origin from{seed.name()};
        from.statement = statement;
        if (!own.empty() && paths::file_pattern(pattern).only_file() == own) {
            from.open = [image, open] { return open_engine_of(image->of(), open); };
        } else {
            from.image = [image] { return image->get(); };
            from.serve = [image](const std::string& full_name) {
                return seeds::serve_to_step(image->of(), full_name);
            };
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
