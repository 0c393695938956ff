#include <isolite/engine.hpp>

#include "sandbox/engine_state.hpp"
#include "sandbox/worker_engines.hpp"
#include "ledger/ledger.hpp"
#include "seed/seed_image.hpp"
#include "store/directory.hpp"
#include "store/open_file.hpp"
#include "store/vfs.hpp"

#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

#include <chrono>
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
    auto added = image_of(seed).map(add);
    for (const seed::attachment& each : seed.attachments()) {
        added = std::move(added).and_then([&] { return image_of(each.database).map(add); });
    }
    return std::move(added).map([&all] { return std::move(all); });
}

/// Adds a store on an image to the directory.
sandboxed_database put_store_on(std::shared_ptr<const store::image> image, std::string schema,
                                const std::string& name) {
    sandboxed_database made;
    made.schema = std::move(schema);
    made.name = store::directory::of_process().add(name, image);
    made.uri = store::uri_of(made.name);
    made.store = store::directory::of_process().find(made.name);
    made.image = std::move(image);
    return made;
}

std::vector<sandboxed_database> put_stores_on(const images& all, const seed& seed) {
    std::vector<sandboxed_database> made = {put_store_on(all.front(), "main", seed.name())};
    for (std::size_t i = 1; i < all.size(); ++i) {
        const std::string& schema = seed.attachments()[i - 1].schema;
        made.push_back(put_store_on(all[i], schema, seed.name() + "." + schema));
    }
    return made;
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

engine::state::state(const seed& seed, std::vector<sandboxed_database> finished)
    : databases(std::move(finished)) {
    recipe.uri = databases.front().uri;
    recipe.steps = seed.connection_steps();
    for (auto each = databases.begin() + 1; each != databases.end(); ++each) {
        recipe.attached.push_back({each->schema, each->uri});
    }
}

engine::state::~state() {
    connection.reset();
    leave_stores();
}

void engine::state::leave_stores() {
    for (const sandboxed_database& each : databases) {
        store::directory::of_process().remove(each.name);
    }
}

result<void> engine::state::start() {
    if (connection) {
        // Kept reachable, so that a leak checker sees what this is: memory that is still in use.
        static auto* const cut_off = new std::vector<std::unique_ptr<isolite::connection>>;
        cut_off->push_back(std::move(connection));
        leave_stores();
        for (sandboxed_database& each : databases) {
            each.store = store::directory::of_process().create(each.name, each.image);
        }
        sessions.clear();
    }
    return isolite::connection::open(recipe, [this] { return usual_settings(); })
        .map([this](std::unique_ptr<isolite::connection> opened) {
            connection = std::move(opened);
            name_owner();
            for (const sandboxed_database& each : databases) {
                static_cast<void>(each.store->checkpoint()); // nobody else can be writing yet
            }
        });
}

std::vector<std::string> engine::state::usual_settings() const {
    auto& directory = store::directory::of_process();
    std::vector<std::string> names;
    connection_recipe copy = recipe;
    copy.attached.clear();
    for (const sandboxed_database& each : databases) {
        names.push_back(directory.add(each.name + " (settings)", each.image));
        const std::string uri = store::uri_of(names.back());
        if (names.size() == 1) {
            copy.uri = uri;
        } else {
            copy.attached.push_back({each.schema, uri});
        }
    }
    const auto settings = opening(copy.uri, [&copy] {
        SQLite::Database database(copy.uri, SQLite::OPEN_READWRITE | SQLite::OPEN_URI);
        copy.prepare(database);
        return connection_watch::settings_of(database.getHandle());
    });
    for (const std::string& name : names) {
        directory.remove(name);
    }
    return settings.value_or(std::vector<std::string>());
}

void engine::state::name_owner() {
    for (const sandboxed_database& each : databases) {
        each.store->set_owner(
            store::holder_of(connection->database.getHandle(), each.schema.c_str()));
    }
}

engine::engine(std::unique_ptr<state> state) noexcept : state_(std::move(state)) {}
engine::engine(engine&&) noexcept = default;
engine& engine::operator=(engine&&) noexcept = default;
engine::~engine() = default;

result<engine> engine::open_on(const std::vector<std::shared_ptr<const store::image>>& images,
                               const seed& seed) {
    const fixture_clock opening;
    auto state = std::make_unique<engine::state>(seed, put_stores_on(images, seed));
    if (auto started = state->start(); !started) {
        return tl::unexpected(started.error());
    }
    opening.enter(fixture_kind::engine_opened, {state->databases.front().name});
    return engine(std::move(state));
}

result<engine> engine::open(const seed& seed) {
    return checked_images_of(seed).and_then(
        [&seed](const images& images) { return open_on(images, seed); });
}

SQLite::Database& engine::db() noexcept {
    return state_->connection->database;
}

const std::string& engine::name() const noexcept {
    return state_->databases.front().name;
}

std::string engine::uri() const {
    return state_->recipe.uri;
}

result<std::string> engine::uri(std::string_view schema) const {
    for (const sandboxed_database& each : state_->databases) {
        if (each.schema == schema) {
            return each.uri;
        }
    }
    return tl::unexpected(
        error{errc::usage,
              "tell the URI of '" + std::string(schema) + "': no database is attached as that",
              "name what was given to seed::attach, or main"});
}

result<SQLite::Database> engine::connect(std::chrono::milliseconds busy_timeout) const {
    return opening(state_->recipe.uri, [&] {
        SQLite::Database opened(state_->recipe.uri,
                                SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_URI,
                                static_cast<int>(busy_timeout.count()));
        state_->recipe.prepare(opened);
        return opened;
    });
}

SQLite::Statement& engine::statement(std::string_view sql) {
    return state_->connection->statements.get(sql);
}

void* engine::find_kept(std::type_index type) noexcept {
    const auto& objects = state_->connection->objects;
    const auto found = objects.find(type);
    return found == objects.end() ? nullptr : found->second.get();
}

void engine::keep(std::type_index type, std::shared_ptr<void> object) {
    state_->connection->objects.emplace(type, std::move(object));
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
    return (ready.empty() ? open(*seed) : open_on(ready, *seed)).map([](engine opened) {
        // Never destroyed: tests may hold statements in static variables.
        auto* const kept = new engine(std::move(opened));
        worker_engines().push_back(kept);
        return kept;
    });
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

} // namespace isolite
