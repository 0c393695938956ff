#include "seed/seed_image.hpp"

#include "ledger/ledger.hpp"
#include "seed/fingerprint.hpp"
#include "seed/workshop.hpp"
#include "worker/effective_settings.hpp"

namespace isolite {

namespace {

result<seeded_image> obtain(const seed& seed, bool may_be_shared) {
    const auto settings = effective_settings(detail::environment::of_process(), chosen_cache());
    if (!settings) {
        return tl::unexpected(settings.error());
    }
    if (!settings->keep || !may_be_shared) {
        return build_image(seed);
    }
    return obtain_image(image_cache(*settings), seed);
}

} // namespace

result<std::shared_ptr<const store::image>> image_of(const seed& seed) {
    const fixture_clock obtaining;
    const std::string why_alone = why_private(seed);
    return obtain(seed, why_alone.empty()).map([&](seeded_image obtained) {
        fixture_details about{seed.name()};
        about.seeding = obtained.seeding;
        obtaining.enter(obtained.origin, about);
        if (!why_alone.empty()) {
            ledger::of_process().add_seeding_alone(seed.name(), why_alone);
        }
        return std::move(obtained.image);
    });
}

} // namespace isolite
