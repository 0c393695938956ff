#include <isolite/engine.hpp>

#include "engine/engine_state.hpp"
#include "engine/worker_engines.hpp"
#include "seed/seed_image.hpp"
#include "store/directory.hpp"
#include "store/open_file.hpp"
#include "store/vfs.hpp"

#include <isolite/ledger.hpp>

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

/// Builds the database of a seed and adds a store on it to the directory.
result<sandboxed_database> build(const seed& seed, std::string schema, const std::string& name) {
    return image_of(seed).map([&](std::shared_ptr<const store::image> image) {
        sandboxed_database built;
        built.schema = std::move(schema);
        built.name = store::directory::of_process().add(name, image);
        built.uri = store::uri_of(built.name);
        built.store = store::directory::of_process().find(built.name);
        built.image = std::move(image);
        return built;
    });
}

/// Builds the database of a seed and those attached to it.
result<std::vector<sandboxed_database>> build_all(const seed& seed) {
    std::vector<sandboxed_database> all;
    const auto add = [&all](sandboxed_database built) { all.push_back(std::move(built)); };
    auto added = build(seed, "main", seed.name()).map(add);
    for (const seed::attachment& each : seed.attachments()) {
        added = std::move(added).and_then([&] {
            return build(each.database, each.schema, seed.name() + "." + each.schema).map(add);
        });
    }
    if (!added) {
        for (const sandboxed_database& built : all) {
            store::directory::of_process().remove(built.name);
        }
        return tl::unexpected(added.error());
    }
    return all;
}

/// The databases that this program describes, and what is ready of each before its engine opens.
std::map<seed (*)(), std::unique_ptr<engine::state>>& described_databases() {
    static auto* const databases = new std::map<seed (*)(), std::unique_ptr<engine::state>>;
    return *databases;
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

result<std::unique_ptr<engine::state>> engine::on_images(const seed& seed) {
    if (auto allowed = check_names(seed); !allowed) {
        return tl::unexpected(allowed.error());
    }
    if (auto registered = store::register_vfs(); !registered) {
        return tl::unexpected(registered.error());
    }
    return build_all(seed).map([&seed](std::vector<sandboxed_database> databases) {
        return std::make_unique<engine::state>(seed, std::move(databases));
    });
}

result<engine> engine::opened(std::unique_ptr<state> state) {
    using clock = std::chrono::steady_clock;
    const auto start = clock::now();
    if (auto started = state->start(); !started) {
        return tl::unexpected(started.error());
    }
    ledger::of_process().add_engine(clock::now() - start);
    return engine(std::move(state));
}

result<engine> engine::open(const seed& seed) {
    return on_images(seed).and_then(opened);
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

result<std::unique_ptr<engine::state>> engine::on_images_of(seed (*describe)()) {
    try {
        return on_images(describe());
    } catch (const std::exception& problem) {
        return tl::unexpected(error{errc::seed, std::string("describe a seed: ") + problem.what(),
                                    "the function seed() of the database threw this exception"});
    } catch (...) {
        return tl::unexpected(error{errc::seed, "describe a seed",
                                    "the function seed() of the database threw something that is "
                                    "no exception"});
    }
}

bool engine::list(seed (*describe)()) {
    described_databases().emplace(describe, nullptr);
    return true;
}

result<engine*> engine::open_for_worker(seed (*describe)()) {
    std::unique_ptr<state>& prepared = described_databases()[describe];
    auto ready =
        prepared ? result<std::unique_ptr<state>>(std::move(prepared)) : on_images_of(describe);
    return std::move(ready).and_then(opened).map([](engine opened) {
        // Never destroyed: tests may hold statements in static variables.
        auto* const kept = new engine(std::move(opened));
        worker_engines().push_back(kept);
        return kept;
    });
}

void prepare_worker_engines() {
    for (auto& [describe, prepared] : described_databases()) {
        if (!prepared) {
            prepared = engine::on_images_of(describe).value_or(nullptr);
        }
    }
}

std::vector<engine*>& worker_engines() {
    static auto* const engines = new std::vector<engine*>;
    return *engines;
}

} // namespace isolite
