#include "sandbox/worker_engines.hpp"

#include "sandbox/engine_state.hpp"

#include <isolite/engine.hpp>
#include <isolite/worker_database.hpp>

#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace isolite {

struct opened_engine {
    result<engine*> it;
};

namespace {

using images = sandbox::live_database::images;

/// What is known of a database that this program describes.
struct description {
    std::recursive_mutex one_at_a_time; ///< Makes its image or its engine.
    bool is_being_made = false;
    std::string name;                   ///< Of its seed, once it was described.
    std::function<result<void>()> open; ///< Opens the worker's engine, for who opens its files.
    std::optional<sandbox::file_claims> files;
    images ready; ///< None until they were made ready.
    std::optional<opened_engine> opened;
    std::optional<opened_engine> refused; ///< What its own steps get.
};

std::map<worker_database*, description>& descriptions() {
    static auto* const all = new std::map<worker_database*, description>;
    return *all;
}

/// Calls a function of the user's.
result<seed> describe(const worker_database& database, description& one) {
    try {
        seed described = database.describe();
        one.name = described.name();
        return described;
    } catch (const std::exception& problem) {
        return tl::unexpected(error{errc::seed, std::string("describe a seed: ") + problem.what(),
                                    "the function seed() of the database threw this exception"});
    } catch (...) {
        return tl::unexpected(error{errc::seed, "describe a seed",
                                    "the function seed() of the database threw something that is "
                                    "no exception"});
    }
}

/// Says for as long as it lives that an image or an engine is being made.
class making {
  public:
    explicit making(description& one) : lock_(one.one_at_a_time), flag_(one.is_being_made) {
        flag_ = true;
    }
    ~making() { flag_ = false; }
    making(const making&) = delete;
    making& operator=(const making&) = delete;

  private:
    std::lock_guard<std::recursive_mutex> lock_;
    bool& flag_;
};

/// `task` is what a step does to its own seed, with the words before its name.
tl::unexpected<error> opened_by_itself(const char* task, const description& one, const char* hint) {
    return tl::unexpected(error{errc::seed, task + one.name + "' while it is being made", hint});
}

/// Claims the files of a database that the program describes.
void claim_files(description& one, const seed& seed) {
    if (!one.files) {
        one.files.emplace(seed, one.open);
    }
}

result<void> make_ready(description& one, const seed& seed) {
    return sandbox::images_of(seed).map([&one](images made) { one.ready = std::move(made); });
}

} // namespace

bool list_database(worker_database& database) {
    description& one = descriptions()[&database];
    one.open = [&database, &one]() -> result<void> {
        if (one.is_being_made) {
            return opened_by_itself("open a file of the seed '", one,
                                    "let a path_step open it, by the path that it is given; a step "
                                    "gets a connection and opens none");
        }
        return engine::of_worker(database).map([](engine*) {});
    };
    return true;
}

const result<engine*>& engine::of_worker(worker_database& database) {
    if (const opened_engine* const before = database.opened.load(std::memory_order_acquire)) {
        return before->it;
    }
    description& one = descriptions()[&database];
    const std::lock_guard<std::recursive_mutex> lock(one.one_at_a_time);
    if (one.is_being_made) {
        one.refused.emplace(
            opened_engine{opened_by_itself("open the engine of the seed '", one,
                                           "let the step use the connection that it is given")});
        return one.refused->it;
    }
    if (!one.opened) {
        const making now(one);
        const auto seed = describe(database, one);
        one.opened.emplace(opened_engine{
            seed.map([&one](const isolite::seed& each) { claim_files(one, each); })
                .and_then(
                    [&] { return one.ready.empty() ? make_ready(one, *seed) : result<void>(); })
                .and_then([&] { return state::open_on(one.ready, *seed); })
                .map([](engine opened) {
                    // Never destroyed: tests may hold statements in static variables.
                    auto* const kept = new engine(std::move(opened));
                    sandbox::worker_engines().push_back(kept);
                    return kept;
                })});
        database.opened.store(&*one.opened, std::memory_order_release);
    }
    return one.opened->it;
}

namespace sandbox {

bool describes_databases() {
    return !descriptions().empty();
}

std::size_t prepare_worker_engines() {
    for (auto& [database, one] : descriptions()) {
        const making now(one);
        if (one.ready.empty()) { // what fails is tried again by the first test that asks
            static_cast<void>(describe(*database, one).and_then([&one = one](const seed& seed) {
                return make_ready(one, seed);
            }));
        }
    }
    return descriptions().size();
}

void claim_described_files() {
    for (auto& [database, one] : descriptions()) {
        if (const auto seed = describe(*database, one)) {
            claim_files(one, *seed);
        }
    }
}

std::vector<engine*>& worker_engines() {
    static auto* const engines = new std::vector<engine*>;
    return *engines;
}

} // namespace sandbox

} // namespace isolite
