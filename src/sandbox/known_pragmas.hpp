#pragma once

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace isolite::sandbox {

/// Says whether a name is on a list, in whatever case.
template <std::size_t Count>
[[nodiscard]] bool is_one_of(const std::array<const char*, Count>& names, const char* name) {
    return std::any_of(names.begin(), names.end(),
                       [name](const char* each) { return sqlite3_stricmp(each, name) == 0; });
}

/// PRAGMAs that take a value and set nothing, or something that goes with the pages.
/// Source: https://www.sqlite.org/pragma.html
inline constexpr std::array<const char*, 14> asking_pragmas = {
    "application_id", "foreign_key_check", "foreign_key_list", "incremental_vacuum", "index_info",
    "index_list",     "index_xinfo",       "integrity_check",  "quick_check",        "table_info",
    "table_list",     "table_xinfo",       "user_version",     "wal_checkpoint",
};

/// Those of them that write.
inline constexpr std::array<const char*, 3> writing_pragmas = {
    "application_id", "incremental_vacuum", "user_version"};

/// PRAGMAs of which the value goes with the pages.
inline constexpr std::array<const char*, 5> page_pragmas = {
    "auto_vacuum", "default_cache_size", "encoding", "page_size", "schema_version"};

/// PRAGMAs that do more, or something else, than their value shows.
inline constexpr std::array<const char*, 12> deep_pragmas = {"auto_vacuum",
                                                             "default_cache_size",
                                                             "encoding",
                                                             "hard_heap_limit",
                                                             "journal_mode",
                                                             "locking_mode",
                                                             "page_size",
                                                             "schema_version",
                                                             "temp_store",
                                                             "temp_store_directory",
                                                             "data_store_directory",
                                                             "writable_schema"};

/// PRAGMAs that are no flags: no statement is prepared again for them.
inline constexpr std::array<const char*, 9> numeric_pragmas = {
    "analysis_limit", "busy_timeout", "cache_size", "journal_size_limit", "max_page_count",
    "secure_delete",  "synchronous",  "threads",    "wal_autocheckpoint",
};

/// PRAGMAs of flags. Both lists are looked at where nobody hears what is set.
inline constexpr std::array<const char*, 15> flag_pragmas = {"automatic_index",
                                                             "cell_size_check",
                                                             "checkpoint_fullfsync",
                                                             "count_changes",
                                                             "empty_result_callbacks",
                                                             "full_column_names",
                                                             "fullfsync",
                                                             "ignore_check_constraints",
                                                             "legacy_alter_table",
                                                             "query_only",
                                                             "read_uncommitted",
                                                             "recursive_triggers",
                                                             "reverse_unordered_selects",
                                                             "short_column_names",
                                                             "trusted_schema"};

} // namespace isolite::sandbox
