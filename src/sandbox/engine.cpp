#include <isolite/engine.hpp>

#include "files/file_pattern.hpp"
#include "files/front.hpp"
#include "ledger/ledger.hpp"
#include "sandbox/engine_state.hpp"
#include "sandbox/file_claims.hpp"
#include "sandbox/worker_engines.hpp"
#include "seed/seed_image.hpp"
#include "store/vfs.hpp"

#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <utility>

namespace isolite {

namespace {

result<void> check_files(const seed& seed) {
    result<void> checked;
    for (const std::string& each : seed.files()) {
        checked = checked.and_then([&] { return paths::file_pattern::check(each); });
    }
    for (const seed::attachment& each : seed.attachments()) {
        checked = checked.and_then([&] { return check_files(each.database); });
    }
    return checked;
}

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
    return check_files(seed);
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

/// A database that this program describes.
struct described {
    std::function<result<void>()> open; ///< Opens the worker's engine.
    images ready;                       ///< None until they were made ready.
    bool is_being_opened = false;
    std::string name = {}; ///< Of its seed, once that has claimed its files.
    std::optional<sandbox::file_claims> files = {};
};

std::map<seed (*)(), described>& described_databases() {
    static auto* const databases = new std::map<seed (*)(), described>;
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
    if (auto one = check_one_sqlite(); !one) {
        return tl::unexpected(one.error());
    }
    if (auto registered = store::register_vfs(); !registered) {
        return tl::unexpected(registered.error());
    }
    paths::stand_in_front_now(); // a URI may arrive there as the name of a file
    return images_of(seed);
}

/// Says for as long as it lives that an engine is being opened.
class being_opened {
  public:
    explicit being_opened(bool& flag) : flag_(flag) { flag_ = true; }
    ~being_opened() { flag_ = false; }
    being_opened(const being_opened&) = delete;
    being_opened& operator=(const being_opened&) = delete;

  private:
    bool& flag_;
};

/// Claims the files of a database that the program describes.
void claim_files(described& one, const seed& seed) {
    if (!one.files) {
        one.name = seed.name();
        one.files.emplace(seed, one.open);
    }
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
            opening.enter(records::fixture_kind::engine_opened, {opened->recorded_name()});
            return engine(std::make_unique<state>(std::move(opened)));
        });
}

result<engine> engine::open(const seed& seed) {
    return check_names(seed).and_then([&seed] {
        sandbox::file_claims claimed(seed); // before its steps open them
        return checked_images_of(seed).and_then([&](const images& images) {
            return state::open_on(images, seed).map([&claimed](engine opened) {
                opened.state_->files = std::move(claimed);
                return opened;
            });
        });
    });
}

SQLite::Database& engine::db() noexcept {
    return state_->database->db();
}

sqlite3* engine::handle() noexcept {
    return state_->database->handle();
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

bool engine::list(seed (*describe)(), const result<engine*>& (*open)()) {
    described& one = described_databases()[describe];
    one.open = [open, &one]() -> result<void> {
        if (one.is_being_opened) {
            return tl::unexpected(error{
                errc::seed, "open a file of the seed '" + one.name + "' while it is being made",
                "let a path_step open it, by the path that it is given; a step gets a "
                "connection and opens none"});
        }
        return open().map([](engine*) {});
    };
    return true;
}

result<engine*> engine::open_for_worker(seed (*describe)()) {
    const auto seed = described_by(describe);
    if (!seed) {
        return tl::unexpected(seed.error());
    }
    described& one = described_databases()[describe];
    claim_files(one, *seed);
    const being_opened now(one.is_being_opened);
    if (one.ready.empty()) {
        auto found = checked_images_of(*seed);
        if (!found) {
            return tl::unexpected(found.error());
        }
        one.ready = *std::move(found);
    }
    return state::open_on(one.ready, *seed).map([](engine opened) {
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

bool describes_databases() {
    return !described_databases().empty();
}

std::size_t prepare_worker_engines() {
    for (auto& [describe, one] : described_databases()) {
        if (one.ready.empty()) {
            const being_opened now(one.is_being_opened);
            one.ready = described_by(describe).and_then(checked_images_of).value_or(images());
        }
    }
    return described_databases().size();
}

void claim_described_files() {
    for (auto& [describe, one] : described_databases()) {
        if (const auto seed = described_by(describe)) {
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
