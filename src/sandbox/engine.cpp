#include <isolite/engine.hpp>

#include "ledger/ledger.hpp"
#include "sandbox/engine_state.hpp"
#include "sandbox/worker_engines.hpp"
#include "seed/seed_image.hpp"
#include "store/vfs.hpp"

#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

#include <algorithm>
#include <map>
#include <utility>

namespace isolite {

namespace {

/// Returns what is wrong with the names that a seed gives, if anything is.
result<void> check_names(const seed& seed) {
    if (seed.name().empty()) {
        return tl::unexpected(error{errc::usage, "open an engine: its seed has no name",
                                    "give it one: isolite::seed(\"shop\")"});
    }
    if (const std::string why = store::why_unusable(seed.name()); !why.empty()) {
        return tl::unexpected(error{
            errc::usage, "open an engine: its seed cannot be called '" + seed.name() + "': " + why,
            "call it as the database it describes: isolite::seed(\"shop\")"});
    }
    std::vector<std::string> taken = {"", "main", "temp"};
    for (const seed::attachment& each : seed.attachments()) {
        for (const std::string& other : taken) {
            if (sqlite3_stricmp(other.c_str(), each.schema.c_str()) == 0) {
                return tl::unexpected(
                    error{errc::usage,
                          "open an engine: its seed attaches a database as '" + each.schema +
                              "', which is no name or is taken",
                          "give each attached database a name of its own, not main or temp"});
            }
        }
        taken.push_back(each.schema);
    }
    return {};
}

/// The images of a seed's database and of those attached to it.
using images = std::vector<std::shared_ptr<const store::image>>;

result<images> images_of(const seed& seed) {
    images all;
    const auto add = [&all](std::shared_ptr<const store::image> one) {
        all.push_back(std::move(one));
    };
    auto added = seeds::image_of(seed).map(add);
    for (const seed::attachment& each : seed.attachments()) {
        added = std::move(added).and_then([&] { return seeds::image_of(each.database).map(add); });
    }
    return std::move(added).map([&all] { return std::move(all); });
}

tl::unexpected<error> no_such_database(const char* task, std::string_view schema) {
    return tl::unexpected(error{errc::usage,
                                std::string(task) + " of '" + std::string(schema) +
                                    "': no database is attached as that",
                                "name what was given to seed::attach, or main"});
}

/// The databases that this program describes, and the images that were made ready of them.
std::map<seed (*)(), images>& described_databases() {
    static auto* const databases = new std::map<seed (*)(), images>;
    return *databases;
}

/// Calls a function of the user's.
result<seed> described_by(seed (*describe)()) {
    try {
        return describe();
    } catch (const std::exception& problem) {
        return tl::unexpected(error{errc::seed, std::string("describe a seed: ") + problem.what(),
                                    "the function seed() of the database threw this exception"});
    } catch (...) {
        return tl::unexpected(error{errc::seed, "describe a seed",
                                    "the function seed() of the database threw something that is "
                                    "no exception"});
    }
}

/// Returns the images of a seed that an engine may be opened on.
result<images> checked_images_of(const seed& seed) {
    if (auto allowed = check_names(seed); !allowed) {
        return tl::unexpected(allowed.error());
    }
    if (auto registered = store::register_vfs(); !registered) {
        return tl::unexpected(registered.error());
    }
    return images_of(seed);
}

} // namespace

engine::engine(std::unique_ptr<state> state) noexcept : state_(std::move(state)) {}
engine::engine(engine&&) noexcept = default;
engine& engine::operator=(engine&&) noexcept = default;
engine::~engine() = default;

result<engine> engine::state::open_on(const images& images, const seed& seed) {
    const records::fixture_clock opening;
    return sandbox::live_database::open(seed, images)
        .map([&opening](std::unique_ptr<sandbox::live_database> opened) {
            opening.enter(records::fixture_kind::engine_opened, {opened->name()});
            return engine(std::make_unique<state>(std::move(opened)));
        });
}

result<engine> engine::open(const seed& seed) {
    return checked_images_of(seed).and_then(
        [&seed](const images& images) { return state::open_on(images, seed); });
}

SQLite::Database& engine::db() noexcept {
    return state_->database->db();
}

const std::string& engine::name() const noexcept {
    return state_->database->name();
}

std::string engine::uri() const {
    return state_->database->recipe().uri;
}

result<std::string> engine::uri(std::string_view schema) const {
    if (const auto* const found = state_->database->databases().find(schema)) {
        return found->uri;
    }
    return no_such_database("tell the URI", schema);
}

result<std::string> engine::real_file(std::string_view schema) {
    if (const auto* const found = state_->database->databases().find(schema)) {
        return state_->real_files.path_of(found->name, state_->sessions.innermost());
    }
    return no_such_database("make a real file", schema);
}

result<SQLite::Database> engine::connect(std::chrono::milliseconds busy_timeout) const {
    return state_->database->connect(busy_timeout);
}

SQLite::Statement& engine::statement(std::string_view sql) {
    return state_->database->statements().get(sql);
}

void* engine::keep(std::type_index type, const object_kind& kind) {
    return state_->database->kept(type, kind);
}

bool engine::list(seed (*describe)()) {
    described_databases()[describe];
    return true;
}

result<engine*> engine::open_for_worker(seed (*describe)()) {
    const auto seed = described_by(describe);
    if (!seed) {
        return tl::unexpected(seed.error());
    }
    const images& ready = described_databases()[describe];
    return (ready.empty() ? open(*seed) : state::open_on(ready, *seed)).map([](engine opened) {
        // Never destroyed: tests may hold statements in static variables.
        auto* const kept = new engine(std::move(opened));
        sandbox::worker_engines().push_back(kept);
        return kept;
    });
}

namespace sandbox {

engine_parts::engine_parts(std::unique_ptr<live_database> opened)
    : database(std::move(opened)), sessions(*database),
      real_files([this](const std::string& name) { return content_of(name); }) {}

store::file_content engine_parts::content_of(const std::string& name) const {
    const auto& all = database->databases();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == name; });
    return found == all.end() ? store::file_content() : found->store->content_of_checkpoint();
}

std::size_t prepare_worker_engines() {
    for (auto& [describe, ready] : described_databases()) {
        if (ready.empty()) {
            ready = described_by(describe).and_then(checked_images_of).value_or(images());
        }
    }
    return described_databases().size();
}

std::vector<engine*>& worker_engines() {
    static auto* const engines = new std::vector<engine*>;
    return *engines;
}

} // namespace sandbox

} // namespace isolite
