#pragma once

#include "../worker/temporary_directory.hpp"
#include "files/real_files.hpp"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// Runs SQL on a file by SQLite's own VFS. Returns the first value of the last row, or the error.
inline std::string run_on(const std::string& path, const std::string& sql) {
    sqlite3* connection = nullptr;
    sqlite3_open(path.c_str(), &connection);
    std::string value;
    const auto keep = [](void* to, int columns, char** values, char** /*names*/) {
        *static_cast<std::string*>(to) = columns > 0 && values[0] ? values[0] : "";
        return 0;
    };
    if (sqlite3_exec(connection, sql.c_str(), keep, &value, nullptr) != SQLITE_OK) {
        value = sqlite3_errmsg(connection);
    }
    sqlite3_close(connection);
    return value;
}

inline std::string bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline std::vector<std::string> names_in(const std::string& directory) {
    std::vector<std::string> names;
    for (const auto& each : std::filesystem::directory_iterator(directory)) {
        names.push_back(each.path().filename());
    }
    std::sort(names.begin(), names.end());
    return names;
}

/// Real files in a place of the test's own, of a database with a table of three rows.
struct scratch_files {
    scratch_files() {
        ::setenv("TMPDIR", temporary.path().c_str(), 1);
        const std::string path = temporary / "template.db";
        run_on(path, "CREATE TABLE t (id INTEGER PRIMARY KEY, v);"
                     "INSERT INTO t VALUES (1, 'a'), (2, zeroblob(20000)), (3, 'c')");
        seeded = bytes_of(path);
        const auto* const first = reinterpret_cast<const std::byte*>(seeded.data());
        content.size = seeded.size();
        content.base = std::make_shared<const isolite::store::image>(
            std::vector<std::byte>(first, first + seeded.size()));
        content.base_pages = content.base->pages();
    }
    ~scratch_files() { before ? ::setenv("TMPDIR", before->c_str(), 1) : ::unsetenv("TMPDIR"); }
    scratch_files(const scratch_files&) = delete;
    scratch_files& operator=(const scratch_files&) = delete;

    /// Asks for the file in a new session.
    std::string next(const std::string& database = "shop") {
        ++session;
        return again(database);
    }

    /// Asks for it in the same one.
    std::string again(const std::string& database = "shop") {
        const auto path = files.path_of(database, session);
        if (!path) {
            FAIL(path.error().text());
        }
        return *path;
    }

    std::optional<std::string> before =
        std::getenv("TMPDIR") ? std::optional<std::string>(std::getenv("TMPDIR")) : std::nullopt;
    temporary_directory temporary; // before what makes files in it, so that it goes after that
    std::string seeded;
    isolite::store::file_content content;
    isolite::paths::real_files files{[this](const std::string& /*database*/) { return content; }};
    std::uint64_t session = 0;
};
