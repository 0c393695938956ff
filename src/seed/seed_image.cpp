#include "seed/seed_image.hpp"

#include "seed/fingerprint.hpp"
#include "seed/workshop.hpp"
#include "worker/effective_settings.hpp"

#include <chrono>

namespace isolite {

namespace {

result<obtained_image> build_alone(const loaded_seed& seed) {
    return build_image(seed).map([](seeded_image image) {
        return obtained_image{std::move(image), image_origin::built_alone};
    });
}

result<obtained_image> obtain(const loaded_seed& seed, bool may_be_shared) {
    const auto settings = effective_settings(detail::environment::of_process(), chosen_cache());
    if (!settings) {
        return tl::unexpected(settings.error());
    }
    if (!settings->keep || !may_be_shared) {
        return build_alone(seed);
    }
    return obtain_image(image_cache(*settings), seed.seed->name(), fingerprint_of(seed),
                        [&seed] { return build_image(seed); });
}

} // namespace

result<std::shared_ptr<const store::image>> image_of(const seed& seed) {
    using clock = std::chrono::steady_clock;
    const auto start = clock::now();
    const auto loaded = load(seed);
    if (!loaded) {
        return tl::unexpected(loaded.error());
    }
    const std::string why_alone = why_private(seed);
    return obtain(*loaded, why_alone.empty()).map([&](obtained_image obtained) {
        ledger::of_process().add_image(seed.name(), obtained.origin, why_alone,
                                       clock::now() - start);
        return std::move(obtained.image);
    });
}

} // namespace isolite
