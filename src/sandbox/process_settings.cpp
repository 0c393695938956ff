#include "sandbox/process_settings.hpp"

#include <sqlite3.h>

#include <string_view>

namespace isolite::sandbox {

namespace {

std::string changed(const char* what, std::int64_t before, std::int64_t now) {
    return std::string("changed ") + what + " from " + std::to_string(before) + " to " +
           std::to_string(now);
}

void set_temporary_directory(const std::string& name) {
    // Whose memory the present name is, nobody knows: it is neither freed nor lost sight of.
    static auto* const names = new std::vector<const char*>;
    names->push_back(sqlite3_temp_directory);
    sqlite3_temp_directory = name.empty() ? nullptr : sqlite3_mprintf("%s", name.c_str());
}

/// Returns the hard limit. Without a soft one there is none, because SQLite keeps that below it.
/// Source: https://www.sqlite.org/c3ref/hard_heap_limit64.html
std::int64_t hard_heap_limit_beside(std::int64_t soft_heap_limit) {
    return soft_heap_limit == 0 ? 0 : sqlite3_hard_heap_limit64(-1);
}

bool is_registered(const sqlite3_vfs* vfs) {
    const sqlite3_vfs* each = sqlite3_vfs_find(nullptr);
    while (each && each != vfs) {
        each = each->pNext;
    }
    return each != nullptr;
}

} // namespace

process_settings process_settings::present() {
    process_settings seen;
    seen.soft_heap_limit_ = sqlite3_soft_heap_limit64(-1);
    seen.hard_heap_limit_ = hard_heap_limit_beside(seen.soft_heap_limit_);
    seen.default_vfs_ = sqlite3_vfs_find(nullptr);
    if (sqlite3_temp_directory) {
        seen.temporary_directory_ = sqlite3_temp_directory;
    }
    return seen;
}

std::vector<std::string> process_settings::restore() const {
    std::vector<std::string> clauses;
    // Only setting it ends the thrift that a limit has brought about which a test has lifted again.
    const std::int64_t soft = sqlite3_soft_heap_limit64(soft_heap_limit_);
    if (const std::int64_t hard = hard_heap_limit_beside(soft); hard != hard_heap_limit_) {
        clauses.push_back(changed("PRAGMA hard_heap_limit", hard_heap_limit_, hard));
        sqlite3_hard_heap_limit64(hard_heap_limit_);
        sqlite3_soft_heap_limit64(soft_heap_limit_); // which the hard one had bounded
    } else if (soft != soft_heap_limit_) {
        clauses.push_back(changed("PRAGMA soft_heap_limit", soft_heap_limit_, soft));
    }
    if (const sqlite3_vfs* const now = sqlite3_vfs_find(nullptr);
        now != default_vfs_ && default_vfs_) {
        clauses.push_back(is_registered(default_vfs_)
                              ? std::string("made '") + now->zName + "' the default VFS of SQLite"
                              : std::string("took the default VFS '") + default_vfs_->zName +
                                    "' from SQLite");
        sqlite3_vfs_register(default_vfs_, 1);
    }
    const std::string_view directory = sqlite3_temp_directory ? sqlite3_temp_directory : "";
    if (directory != temporary_directory_) {
        clauses.emplace_back("changed PRAGMA temp_store_directory");
        set_temporary_directory(temporary_directory_);
    }
    return clauses;
}

} // namespace isolite::sandbox
