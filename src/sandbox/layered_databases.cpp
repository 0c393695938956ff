#include "sandbox/layered_databases.hpp"

#include "leak/cursor.hpp"
#include "sandbox/database_answers.hpp"
#include "store/directory.hpp"
#include "store/open_file.hpp"
#include "store/vfs.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <utility>

namespace isolite::sandbox {

namespace {

/// Moves what the log of a database holds into it, on a connection of its own: the one that
/// tests work on may be in any state.
void empty_log(const layered_database& database) noexcept {
    sqlite3* connection = nullptr;
    if (sqlite3_open_v2(database.uri.c_str(), &connection,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI | SQLITE_OPEN_PRIVATECACHE,
                        nullptr) == SQLITE_OK) {
        // It knows of the log once it has read, and checkpoints nothing before.
        sqlite3_exec(connection, "SELECT 1 FROM sqlite_master LIMIT 1", nullptr, nullptr, nullptr);
        sqlite3_wal_checkpoint_v2(connection, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr,
                                  nullptr);
    }
    sqlite3_close(connection);
}

} // namespace

layered_databases::~layered_databases() {
    for (const layered_database& each : all_) {
        store::directory::of_process().remove(each.name);
    }
}

result<void> layered_databases::add(std::shared_ptr<const store::image> image, std::string schema,
                                    const std::string& name, const std::string& file) {
    auto& files = store::directory::of_process();
    layered_database made;
    made.schema = std::move(schema);
    made.name = file.empty() ? files.add(name, image) : file;
    made.uri = store::uri_of(made.name);
    made.store = file.empty() ? files.find(made.name) : files.create(file, image);
    made.image = std::move(image);
    if (!made.store) {
        return tl::unexpected(
            error{errc::usage,
                  "open an engine for '" + name + "': there is a database '" + file + "' already",
                  "let one seed claim the file, before code under test opens it"});
    }
    if (!file.empty()) {
        made.store->keep_foreign_work();
    }
    all_.push_back(std::move(made));
    seeded_ = all_.size();
    return {};
}

void layered_databases::renew() {
    for (layered_database& each : all_) {
        store::directory::of_process().remove(each.name);
    }
    all_.resize(seeded_);
    for (layered_database& each : all_) {
        const bool keeps = each.store->keeps_foreign_work();
        each.store = store::directory::of_process().create(each.name, each.image);
        if (keeps) {
            each.store->keep_foreign_work();
        }
    }
}

void layered_databases::forget_made() {
    while (all_.size() > seeded_) {
        store::directory::of_process().remove(all_.back().name);
        all_.pop_back();
    }
}

std::string layered_databases::take_in(sqlite3* connection) {
    constexpr int first_attached = 2; // behind main and temp
    for (int i = first_attached; const char* const schema = sqlite3_db_name(connection, i); ++i) {
        std::string file = file_behind(connection, schema);
        if (find(schema) || file.empty()) { // one without a name goes with its connection
            continue;
        }
        const std::string name(store::short_name(file));
        auto store = store::directory::of_process().find(name);
        if (!store || !store::holder_of(connection, schema)) {
            return file;
        }
        all_.push_back({schema, name, store::uri_of(name), nullptr, std::move(store)});
    }
    generations_.clear();
    for (const layered_database& each : all_) {
        each.store->set_owner(store::holder_of(connection, each.schema.c_str()));
        generations_.push_back(each.store->schema_generation());
    }
    return {};
}

const layered_database* layered_databases::find(std::string_view schema) const noexcept {
    const auto found = std::find_if(all_.begin(), all_.end(),
                                    [schema](const auto& each) { return each.schema == schema; });
    return found == all_.end() ? nullptr : &*found;
}

std::vector<std::string> layered_databases::schemas() const {
    std::vector<std::string> all;
    for (const layered_database& each : all_) {
        all.push_back(each.schema);
    }
    return all;
}

bool layered_databases::settle_new_connection() {
    const std::size_t depth = main().store->depth();
    if (depth == 0) {
        return put_layers();
    }
    for (const layered_database& each : all_) {
        while (each.store->depth() < depth) {
            if (!each.store->checkpoint()) {
                return false;
            }
        }
        if (each.store->owner_wrote()) {
            each.store->rewind();
        }
    }
    return true;
}

bool layered_databases::put_layers() {
    for (std::size_t i = 0; i < all_.size(); ++i) {
        if (!all_[i].store->checkpoint()) {
            while (i-- > 0) {
                all_[i].store->discard();
            }
            return false;
        }
    }
    return true;
}

bool layered_databases::settle(bool records_commits) {
    return std::all_of(all_.begin(), all_.end(), [records_commits](const layered_database& each) {
        return each.store->settle(records_commits);
    });
}

void layered_databases::drop_layers() noexcept {
    for (const layered_database& each : all_) {
        each.store->end_layer();
    }
}

void layered_databases::rewind() noexcept {
    for (const layered_database& each : all_) {
        each.store->rewind();
    }
}

bool layered_databases::rewind_quietly(bool only_if_clean) {
    return std::all_of(all_.begin(), all_.end(), [=](const layered_database& each) {
        return each.store->rewind_quietly(only_if_clean);
    });
}

std::string layered_databases::exchanged(sqlite3* connection) const {
    const auto found = std::find_if(all_.begin(), all_.end(), [=](const layered_database& each) {
        return sqlite3_db_filename(connection, each.schema.c_str()) &&
               store::store_of(connection, each.schema.c_str()) != each.store.get();
    });
    if (found == all_.end()) {
        return {};
    }
    return found->schema == "main" ? found->name : found->schema;
}

std::optional<std::string> layered_databases::locked_out() const {
    for (const layered_database& each : all_) {
        if (auto refused = each.store->locked_out()) {
            return refused;
        }
    }
    return {};
}

bool layered_databases::free_from_wal() {
    bool any = false;
    for (const layered_database& each : all_) {
        any = each.store->free_from_wal() || any;
    }
    return any;
}

std::size_t layered_databases::touched_pages() const {
    std::size_t touched = 0;
    for (const layered_database& each : all_) {
        touched += each.store->touched_pages();
    }
    return touched;
}

std::uint64_t layered_databases::count_openings() const noexcept {
    std::uint64_t openings = 0;
    for (const layered_database& each : all_) {
        openings += each.store->count_openings();
    }
    return openings;
}

void layered_databases::empty_logs() const noexcept {
    for (const layered_database& each : all_) {
        if (each.store->size(store::part::wal) > 0) {
            empty_log(each);
        }
    }
}

bool layered_databases::reread_schemas(sqlite3* connection) noexcept {
    bool any = false;
    for (std::size_t i = 0; i < all_.size(); ++i) {
        const std::uint64_t generation = all_[i].store->schema_generation();
        if (std::exchange(generations_[i], generation) != generation) {
            const std::string read =
                "SELECT 1 FROM " + leak::quoted_name(all_[i].schema) + ".sqlite_master LIMIT 1";
            sqlite3_exec(connection, read.c_str(), nullptr, nullptr, nullptr);
            any = true;
        }
    }
    return any;
}

} // namespace isolite::sandbox
