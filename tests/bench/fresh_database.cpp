#include "fresh_database.hpp"

#include "measure.hpp"
#include "scratch_directory.hpp"

#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace bench {

namespace {

namespace files = std::filesystem;

void require_ok(int code, const char* what) {
    if (code != SQLITE_OK) {
        std::fprintf(stderr, "cannot run %s: %s\n", what, sqlite3_errstr(code));
        std::exit(EXIT_FAILURE);
    }
}

connection opened(const std::string& name) {
    sqlite3* raw = nullptr;
    require_ok(sqlite3_open(name.c_str(), &raw), name.c_str());
    require_ok(sqlite3_exec(raw, "PRAGMA synchronous = OFF", nullptr, nullptr, nullptr), "PRAGMA");
    return {raw, sqlite3_close};
}

void run_body(const connection& database) {
    const statement begin = prepare(database.get(), "BEGIN");
    const statement commit = prepare(database.get(), "COMMIT");
    const test_body body(database.get());
    run(begin);
    body();
    run(commit);
}

void by_deserializing(const std::vector<unsigned char>& bytes) {
    const connection database = opened(":memory:");
    auto* const copy = static_cast<unsigned char*>(sqlite3_malloc64(bytes.size()));
    std::copy(bytes.begin(), bytes.end(), copy);
    const auto size = static_cast<sqlite3_int64>(bytes.size());
    require_ok(sqlite3_deserialize(database.get(), "main", copy, size, size,
                                   SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE),
               "sqlite3_deserialize");
    run_body(database);
}

void by_backup(const connection& content) {
    const connection database = opened(":memory:");
    sqlite3_backup* const backup =
        sqlite3_backup_init(database.get(), "main", content.get(), "main");
    sqlite3_backup_step(backup, -1);
    require_ok(sqlite3_backup_finish(backup), "sqlite3_backup");
    run_body(database);
}

void by_copying(const files::path& original, const files::path& copy) {
    files::copy_file(original, copy, files::copy_options::overwrite_existing);
    run_body(opened(copy.string()));
}

std::vector<unsigned char> bytes_of(const connection& content) {
    sqlite3_int64 size = 0;
    unsigned char* const bytes = sqlite3_serialize(content.get(), "main", &size, 0);
    std::vector<unsigned char> copy(bytes, bytes + size);
    sqlite3_free(bytes);
    return copy;
}

void write_to(const connection& content, const files::path& file) {
    const std::string sql = "VACUUM INTO '" + file.string() + "'";
    require_ok(sqlite3_exec(content.get(), sql.c_str(), nullptr, nullptr, nullptr), "VACUUM INTO");
}

} // namespace

std::vector<fresh_database> fresh_databases(const connection& content, int rows) {
    const std::vector<unsigned char> bytes = bytes_of(content);
    const scratch_directory scratch("fresh");
    const files::path original = scratch.path() / "original";
    const files::path copy = scratch.path() / "copy";
    write_to(content, original);
    const std::size_t rounds = rows > 100000 ? 3 : 30;
    return {
        {"deserialize", nanoseconds_per_round([&] { by_deserializing(bytes); }, rounds)},
        {"backup", nanoseconds_per_round([&] { by_backup(content); }, rounds)},
        {"file_copy", nanoseconds_per_round([&] { by_copying(original, copy); }, rounds)},
        {"reseeding", nanoseconds_per_round([&] { run_body(stock_database(rows)); },
                                            rows > 100000 ? 1 : rounds)},
    };
}

} // namespace bench
