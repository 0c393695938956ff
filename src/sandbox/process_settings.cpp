#include "sandbox/process_settings.hpp"

#include <sqlite3.h>

namespace isolite::sandbox {

namespace {

std::string changed(const char* what, std::int64_t before, std::int64_t now) {
    return std::string("changed ") + what + " from " + std::to_string(before) + " to " +
           std::to_string(now);
}

} // namespace

process_settings process_settings::present() {
    process_settings seen;
    seen.hard_heap_limit_ = sqlite3_hard_heap_limit64(-1);
    seen.soft_heap_limit_ = sqlite3_soft_heap_limit64(-1);
    seen.default_vfs_ = sqlite3_vfs_find(nullptr);
    seen.temporary_directory_ = sqlite3_temp_directory;
    return seen;
}

std::vector<std::string> process_settings::restore() const {
    std::vector<std::string> clauses;
    process_settings now;
    now.hard_heap_limit_ = sqlite3_hard_heap_limit64(-1);
    if (now.hard_heap_limit_ != hard_heap_limit_) {
        clauses.push_back(
            changed("PRAGMA hard_heap_limit", hard_heap_limit_, now.hard_heap_limit_));
        sqlite3_hard_heap_limit64(hard_heap_limit_);
    }
    // The hard limit lowers the soft one; and only setting this one ends the thrift that a limit
    // has brought about which a test has lifted again.
    now.soft_heap_limit_ = sqlite3_soft_heap_limit64(soft_heap_limit_);
    if (now.soft_heap_limit_ != soft_heap_limit_ && clauses.empty()) {
        clauses.push_back(
            changed("PRAGMA soft_heap_limit", soft_heap_limit_, now.soft_heap_limit_));
    }
    if (const sqlite3_vfs* const now = sqlite3_vfs_find(nullptr); now != default_vfs_) {
        clauses.push_back(std::string("made '") + (now ? now->zName : "") +
                          "' the default VFS of SQLite");
        sqlite3_vfs_register(default_vfs_, 1);
    }
    if (sqlite3_temp_directory != temporary_directory_) {
        clauses.emplace_back("changed PRAGMA temp_store_directory");
        // Whose memory the new name is, nobody knows; the old one is gone if a PRAGMA was used.
        sqlite3_temp_directory = nullptr;
    }
    return clauses;
}

} // namespace isolite::sandbox
