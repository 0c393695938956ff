#include <isolite/engine.hpp>

#include "engine/engine_state.hpp"
#include "engine/worker_engines.hpp"
#include "seed/apply.hpp"
#include "store/directory.hpp"
#include "store/open_file.hpp"
#include "store/vfs.hpp"

#include <isolite/ledger.hpp>

#include <SQLiteCpp/Exception.h>

#include <array>
#include <chrono>
#include <utility>

namespace isolite {

namespace {

/// Returns the URI of a database of the VFS; what has a meaning in URIs is escaped.
std::string uri_of(const std::string& name) {
    std::string path;
    for (const char c : name) {
        if (c == '%' || c == '?' || c == '#') {
            std::array<char, 4> escaped{};
            std::snprintf(escaped.data(), escaped.size(), "%%%02x", static_cast<unsigned char>(c));
            path += escaped.data();
        } else {
            path += c;
        }
    }
    return "file:" + path + "?vfs=" + store::vfs_name;
}

/// Adds a store to the directory under `name`, with a number behind it if that is taken.
std::string add_store(const std::string& name, const std::shared_ptr<const store::image>& image) {
    std::string unique = name;
    for (int number = 2; !store::directory::of_process().create(unique, image); ++number) {
        unique = name + "-" + std::to_string(number);
    }
    return unique;
}

/// A store that exists while a seed is applied to it.
class workshop {
  public:
    explicit workshop(const std::string& name) : name_(add_store(name + " (seeding)", nullptr)) {}
    ~workshop() { store::directory::of_process().remove(name_); }
    workshop(const workshop&) = delete;
    workshop& operator=(const workshop&) = delete;

    /// Applies the seed and returns the finished bytes.
    result<std::shared_ptr<const store::image>> build(const seed& seed) {
        try {
            SQLite::Database database(uri_of(name_), SQLite::OPEN_READWRITE | SQLite::OPEN_URI);
            database.exec(connection_settings);
            return apply(seed, database).map([&] {
                // Writes the header of a database in which the seed made nothing: connections
                // tell by its change counter whether what they cached is still true.
                database.exec("BEGIN IMMEDIATE; PRAGMA user_version = 0; COMMIT");
                return store::directory::of_process().find(name_)->freeze();
            });
        } catch (const SQLite::Exception& problem) {
            return tl::unexpected(error{
                errc::database, "build the database '" + seed.name() + "': " + problem.what(),
                "a PRAGMA that the seed set may forbid writing", problem.getExtendedErrorCode()});
        }
    }

  private:
    std::string name_;
};

} // namespace

engine::state::state(const seed& seed, std::string unique_name,
                     std::shared_ptr<const store::image> finished)
    : name(std::move(unique_name)), uri(uri_of(name)), connection_steps(seed.connection_steps()),
      image(std::move(finished)), store(store::directory::of_process().find(name)) {}

engine::state::~state() {
    connection.reset();
    store::directory::of_process().remove(name);
}

result<void> engine::state::start() {
    if (connection) {
        // Kept reachable, so that a leak checker sees what this is: memory that is still in use.
        static auto* const cut_off = new std::vector<std::unique_ptr<isolite::connection>>;
        cut_off->push_back(std::move(connection));
        store::directory::of_process().remove(name);
        store = store::directory::of_process().create(name, image);
        session = 0;
    }
    return isolite::connection::open(uri, connection_steps)
        .map([this](std::unique_ptr<isolite::connection> opened) {
            connection = std::move(opened);
            store->set_owner(store::holder_of(connection->database.getHandle(), "main"));
            static_cast<void>(store->checkpoint());
        });
}

engine::engine(std::unique_ptr<state> state) noexcept : state_(std::move(state)) {}
engine::engine(engine&&) noexcept = default;
engine& engine::operator=(engine&&) noexcept = default;
engine::~engine() = default;

result<engine> engine::open(const seed& seed) {
    using clock = std::chrono::steady_clock;
    const auto start = clock::now();
    if (seed.name().empty()) {
        return tl::unexpected(error{errc::usage, "open an engine: its seed has no name",
                                    "give it one: isolite::seed(\"shop\")"});
    }
    if (auto registered = store::register_vfs(); !registered) {
        return tl::unexpected(registered.error());
    }
    auto image = workshop(seed.name()).build(seed);
    if (!image) {
        return tl::unexpected(image.error());
    }
    const auto seeded = clock::now();
    auto state = std::make_unique<engine::state>(seed, add_store(seed.name(), *image), *image);
    if (auto started = state->start(); !started) {
        return tl::unexpected(started.error());
    }
    ledger::of_process().add_engine(seeded - start, clock::now() - seeded);
    return engine(std::move(state));
}

SQLite::Database& engine::db() noexcept {
    return state_->connection->database;
}

const std::string& engine::name() const noexcept {
    return state_->name;
}

std::string engine::uri() const {
    return state_->uri;
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

result<engine*> engine::open_for_worker(seed (*describe)()) {
    try {
        return open(describe()).map([](engine opened) {
            // Never destroyed: tests may hold statements in static variables.
            auto* const kept = new engine(std::move(opened));
            worker_engines().push_back(kept);
            return kept;
        });
    } catch (const std::exception& problem) {
        return tl::unexpected(error{errc::seed, std::string("describe a seed: ") + problem.what(),
                                    "the function seed() of the database threw this exception"});
    } catch (...) {
        return tl::unexpected(error{errc::seed, "describe a seed",
                                    "the function seed() of the database threw something that is "
                                    "no exception"});
    }
}

std::vector<engine*>& worker_engines() {
    static auto* const engines = new std::vector<engine*>;
    return *engines;
}

} // namespace isolite
