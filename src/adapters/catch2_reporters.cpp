#include "adapters/catch2_reporters.hpp"

#include "sandbox/evidence.hpp"

#include <algorithm>
#include <cstdio>
#include <iostream>

namespace isolite::catch2 {

namespace {

constexpr const char* name = "isolite";

using maker = reporter_pointer (*)(const config_pointer& config);

const auto& registry() {
    return Catch::getRegistryHub().getReporterRegistry();
}

#if ISOLITE_CATCH2_VERSION == 3

using reporter_factory = Catch::IReporterFactory;
using reporter_config = Catch::ReporterConfig&&;
using listener_factory = Catch::EventListenerFactory;
using listener_config = config_pointer;
using owner_of_reporter = Catch::IReporterFactoryPtr;
using owner_of_listener = Catch::Detail::unique_ptr<listener_factory>;

config_pointer full(listener_config config) {
    return config;
}

#else

using reporter_factory = Catch::IReporterFactory;
using reporter_config = const Catch::ReporterConfig&;
using listener_factory = Catch::IReporterFactory;
using listener_config = const Catch::ReporterConfig&;
using owner_of_reporter = Catch::IReporterFactoryPtr;
using owner_of_listener = Catch::IReporterFactoryPtr;

config_pointer full(listener_config config) {
    return config.fullConfig();
}

#endif

class taking_factory final : public reporter_factory {
  public:
    taking_factory(owner_of_reporter original, taker take)
        : original_(std::move(original)), take_(take) {}

    [[nodiscard]] reporter_pointer create(reporter_config config) const override {
        return take_(original_->create(static_cast<reporter_config>(config)), false);
    }
    [[nodiscard]] std::string getDescription() const override {
        return original_->getDescription();
    }

  private:
    owner_of_reporter original_;
    taker take_;
};

/// Makes our own listener, or lets another factory make one and takes it.
class taking_listener_factory final : public listener_factory {
  public:
    explicit taking_listener_factory(maker make) : make_(make) {}
    taking_listener_factory(owner_of_listener original, taker take)
        : original_(std::move(original)), take_(take) {}

    [[nodiscard]] reporter_pointer create(listener_config config) const override {
        return original_ ? take_(original_->create(config), true) : make_(full(config));
    }
#if ISOLITE_CATCH2_VERSION == 3
    [[nodiscard]] Catch::StringRef getName() const override {
        return original_ ? original_->getName() : Catch::StringRef(name);
    }
#endif
    [[nodiscard]] std::string getDescription() const override {
        return original_ ? original_->getDescription() : name;
    }

  private:
    owner_of_listener original_;
    taker take_ = nullptr;
    maker make_ = nullptr;
};

auto& listeners() {
    return const_cast<std::vector<owner_of_listener>&>(registry().getListeners());
}

} // namespace

void audience::tell(const Catch::IConfig& config, const Catch::AssertionStats& stats) {
    const bool is_for_all =
        wants_all(config) || stats.assertionResult.getResultType() != Catch::ResultWas::Ok;
    for (member& each : members_) {
        if (is_for_all || each.listening->getPreferences().shouldReportAllAssertions) {
            each.listening->assertionEnded(stats);
        }
    }
    if (stats.assertionResult.hasMessage()) {
        for (std::string& each :
             sandbox::opening_commands(std::string(stats.assertionResult.getMessage()))) {
            auto& all = opening_commands_;
            if (std::find(all.begin(), all.end(), each) == all.end()) {
                all.push_back(std::move(each));
            }
        }
    }
}

void audience::say_opening_commands() {
    if (opening_commands_.empty()) {
        return;
    }
    std::string text = "isolite: databases of failed tests:\n";
    for (const std::string& each : std::exchange(opening_commands_, {})) {
        text += "  " + each + "\n";
    }
    std::cout.flush();
    std::fflush(stdout);
    std::fputs(text.c_str(), stderr);
}

bool audience::wants_passed(const Catch::IConfig& config) const {
    return wants_all(config) ||
           std::any_of(members_.begin(), members_.end(), [](const member& each) {
               return each.listening->getPreferences().shouldReportAllAssertions;
           });
}

/// Version 3 lets output through while it tells of anything.
bool audience::catches_output() const {
    return ISOLITE_CATCH2_VERSION == 2 &&
           std::any_of(members_.begin(), members_.end(), [](const member& each) {
               return !each.is_listener && each.listening->getPreferences().shouldRedirectStdOut;
           });
}

/// Version 2 takes it for granted that listeners want all, and then tells reporters, too.
bool audience::wants_all(const Catch::IConfig& config) const {
    return config.includeSuccessfulResults() || (ISOLITE_CATCH2_VERSION == 2 && has_listeners_);
}

void take_reporters(taker take) {
    static bool done = false;
    if (std::exchange(done, true)) {
        return;
    }
    for (const auto& [called, factory] : registry().getFactories()) {
        auto& owner = const_cast<owner_of_reporter&>(factory);
        owner = owner_of_reporter(new taking_factory(std::move(owner), take));
    }
    // Catch2 goes through them at present, and has come to the first.
    for (std::size_t i = 1; i < listeners().size(); ++i) {
        listeners()[i] =
            owner_of_listener(new taking_listener_factory(std::move(listeners()[i]), take));
    }
}

void register_first_listener(maker make) {
    Catch::getMutableRegistryHub().registerListener(
        owner_of_listener(new taking_listener_factory(make)));
    std::rotate(listeners().begin(), listeners().end() - 1, listeners().end());
}

} // namespace isolite::catch2
