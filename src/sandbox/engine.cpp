#include <isolite/engine.hpp>

#include "files/file_pattern.hpp"
#include "files/front.hpp"
#include "ledger/ledger.hpp"
#include "sandbox/engine_state.hpp"
#include "sandbox/file_claims.hpp"
#include "seed/seed_image.hpp"
#include "store/one_sqlite.hpp"
#include "store/vfs.hpp"

#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

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

result<images> cached_images_of(const seed& seed) {
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
        return sandbox::images_of(seed).and_then([&](const images& images) {
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

namespace sandbox {

result<live_database::images> images_of(const seed& seed) {
    if (auto allowed = check_names(seed); !allowed) {
        return tl::unexpected(allowed.error());
    }
    if (auto one = store::check_one_sqlite(); !one) {
        return tl::unexpected(one.error());
    }
    if (auto registered = store::register_vfs(); !registered) {
        return tl::unexpected(registered.error());
    }
    paths::stand_in_front_now(); // a URI may arrive there as the name of a file
    return cached_images_of(seed);
}

engine_parts::engine_parts(std::unique_ptr<live_database> opened)
    : database(std::move(opened)), sessions(*database),
      real_files([this](const std::string& name) { return content_of(name); }) {}

store::file_content engine_parts::content_of(const std::string& name) const {
    const auto& all = database->databases();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == name; });
    return found == all.end() ? store::file_content() : found->store->content_of_checkpoint();
}

} // namespace sandbox

} // namespace isolite
