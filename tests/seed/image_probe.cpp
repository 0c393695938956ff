// Opens an engine on a seed of which the arguments tell what it does, runs a few tests on it, and
// prints one line: a digest of all that the database holds, and how its image was obtained.
// Arguments: [--OPTION VALUE]... [--across] [--hold] [--prune]. See `read_options`.

#include "ledger/ledger.hpp"
#include "seed/checksum.hpp"
#include "seed/image_cache.hpp"
#include "worker/effective_settings.hpp"

#include <isolite/engine.hpp>
#include <isolite/session.hpp>

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace {

using std::chrono::milliseconds;

struct options {
    std::string name = "shop";
    std::string version = "1"; // of the step
    std::string sql;           // runs before the step
    std::string sql_file;
    std::string log;         // the step appends its pid; required
    std::string waits_while; // the step goes on when this file is gone
    std::string fails_while; // the step throws while this file exists
    int meet = 0;            // the step goes on when it has begun so often
    milliseconds sleep{0};   // what the step takes, in pieces
    milliseconds child{0};   // how long a child lives that the step forks
    int megabytes = 0;       // of rows that the step writes
    bool across = false;     // whether the version holds across builds
    bool hold = false;       // keeps the engine open until the input ends
    bool prune = false;      // prunes the cache instead, and prints what was removed
};

options read_options(int argc, char** argv) {
    std::map<std::string, std::string> values;
    options read;
    for (int i = 1; i < argc; ++i) {
        const std::string option = argv[i];
        if (option == "--across") {
            read.across = true;
        } else if (option == "--hold" || option == "--prune") {
            (option == "--hold" ? read.hold : read.prune) = true;
        } else if (++i < argc) {
            values[option] = argv[i];
        }
    }
    const auto number = [&](const char* option) {
        return values.count(option) != 0 ? std::stoi(values[option]) : 0;
    };
    read.name = values.count("--name") != 0 ? values["--name"] : read.name;
    read.version = values.count("--version") != 0 ? values["--version"] : read.version;
    read.sql = values["--sql"];
    read.sql_file = values["--sql-file"];
    read.log = values["--log"];
    read.waits_while = values["--waits-while"];
    read.fails_while = values["--fails-while"];
    read.meet = number("--meet");
    read.sleep = milliseconds(number("--sleep-ms"));
    read.child = milliseconds(number("--child-ms"));
    read.megabytes = number("--megabytes");
    return read;
}

/// Tells that the seed ran. One write, so that lines of several processes do not mix.
void append_line(const std::string& path) {
    const std::string line = std::to_string(::getpid()) + "\n";
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0 || ::write(file, line.data(), line.size()) < 0) {
        throw std::runtime_error("the log cannot be written");
    }
    ::close(file);
}

std::ptrdiff_t lines_in(const std::string& path) {
    std::ifstream file(path);
    return std::count(std::istreambuf_iterator<char>(file), {}, '\n');
}

template <typename Condition>
void await(const Condition& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) {
            throw std::runtime_error("what the step waits for never came");
        }
        std::this_thread::sleep_for(milliseconds(1));
    }
}

/// Waits for what the other processes of the test do.
void wait_as_told(const options& options) {
    using std::filesystem::exists;
    await([&] { return options.waits_while.empty() || !exists(options.waits_while); });
    await([&] { return lines_in(options.log) >= options.meet; });
}

void start_child(milliseconds life) {
    if (::fork() == 0) {
        // It must not keep the pipes open that the test reads to their end.
        ::close(STDOUT_FILENO);
        ::close(STDERR_FILENO);
        std::this_thread::sleep_for(life);
        ::_exit(0);
    }
}

void write_rows(SQLite::Database& database, int megabytes) {
    constexpr int row_size = 1 << 16;
    constexpr int rows_in_megabyte = 16;
    SQLite::Transaction transaction(database);
    SQLite::Statement insert(database, "INSERT INTO filler VALUES (?, ?)");
    std::string row(row_size, '\0');
    std::uint32_t random = 1;
    for (int i = 0; i < megabytes * rows_in_megabyte; ++i) {
        std::generate(row.begin(), row.end(), [&] {
            random = random * 1664525 + 1013904223;
            return static_cast<char>(random >> 24);
        });
        insert.bind(1, i);
        insert.bind(2, row.data(), row_size);
        insert.exec();
        insert.reset();
    }
    transaction.commit();
}

void run_step(SQLite::Database& database, const options& options) {
    append_line(options.log);
    if (options.child.count() > 0) {
        start_child(options.child);
    }
    database.exec("CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT, stock INTEGER);"
                  "CREATE TABLE filler (number INTEGER, bytes BLOB);"
                  "INSERT INTO products VALUES (1, 'chair', 3), (2, 'table', 5)");
    constexpr milliseconds piece(5);
    for (milliseconds slept(0); slept < options.sleep; slept += piece) {
        std::this_thread::sleep_for(piece);
    }
    wait_as_told(options);
    if (!options.fails_while.empty() && std::filesystem::exists(options.fails_while)) {
        throw std::runtime_error("the price list is not there");
    }
    write_rows(database, options.megabytes);
    database.exec("INSERT INTO products VALUES (3, 'lamp', 8)");
}

isolite::seed seed_of(const options& options) {
    isolite::seed seed(options.name);
    if (!options.sql.empty()) {
        seed.sql(options.sql);
    }
    if (!options.sql_file.empty()) {
        seed.sql_file(options.sql_file);
    }
    const auto step = [options](SQLite::Database& database) { run_step(database, options); };
    return options.across ? seed.step("rows", isolite::across_builds(options.version), step)
                          : seed.step("rows", options.version, step);
}

void add(isolite::seeds::checksum& sum, const SQLite::Column& column) {
    const std::string header =
        std::to_string(column.getType()) + " " + std::to_string(column.getBytes()) + " ";
    sum.add(header.data(), header.size());
    const std::string value = column.getString(); // the bytes of a blob, too
    sum.add(value.data(), value.size());
}

void add_rows(isolite::seeds::checksum& sum, SQLite::Database& database, const std::string& sql) {
    SQLite::Statement rows(database, sql);
    while (rows.executeStep()) {
        for (int i = 0; i < rows.getColumnCount(); ++i) {
            add(sum, rows.getColumn(i));
        }
    }
}

/// Names all that the database holds. Errors: throws.
std::string digest_of(SQLite::Database& database) {
    isolite::seeds::checksum sum;
    for (const char* const sql :
         {"PRAGMA integrity_check", "PRAGMA page_size",
          "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 2"}) {
        add_rows(sum, database, sql);
    }
    std::vector<std::string> tables;
    SQLite::Statement names(database,
                            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1");
    while (names.executeStep()) {
        tables.push_back(names.getColumn(0).getString());
    }
    for (const std::string& table : tables) {
        add_rows(sum, database, "SELECT rowid, * FROM \"" + table + "\" ORDER BY rowid");
    }
    if (const std::string verdict = database.execAndGet("PRAGMA integrity_check").getString();
        verdict != "ok") {
        throw std::runtime_error("the database is not sound: " + verdict);
    }
    return sum.text();
}

/// Returns how the image was obtained, as the ledger tells it.
std::string origin() {
    for (const isolite::records::billed_fixture& each :
         isolite::records::ledger::of_process().account().fixtures()) {
        switch (each.kind) {
        case isolite::records::fixture_kind::image_built:
            return "built";
        case isolite::records::fixture_kind::image_mapped:
            return "mapped";
        case isolite::records::fixture_kind::image_built_alone:
            return "built for this worker alone";
        default:
            break;
        }
    }
    return "in a way that the ledger does not tell";
}

/// Runs tests that change every table, each on what the seed made.
void run_suite(isolite::engine& engine, const std::string& expected) {
    for (const char* const sql :
         {"DELETE FROM products", "UPDATE products SET stock = stock - 1", "DROP TABLE filler"}) {
        auto test = isolite::session::open(engine, sql, isolite::mode::copy_on_write);
        if (!test) {
            throw std::runtime_error(test.error().text());
        }
        engine.db().exec(sql);
        if (const auto closed = test->close(); !closed) {
            throw std::runtime_error(closed.error().text());
        }
    }
    if (digest_of(engine.db()) != expected) {
        throw std::runtime_error("a test changed what the next one saw");
    }
}

int prune() {
    const auto settings = isolite::workers::effective_settings(
        isolite::workers::environment::of_process(), isolite::workers::chosen_cache());
    if (!settings) {
        std::cerr << settings.error().text() << '\n';
        return 1;
    }
    for (const auto& removed : isolite::seeds::image_cache(*settings).prune()) {
        std::cout << removed.path << '\n';
    }
    return 0;
}

int run(const options& options) {
    auto engine = isolite::engine::open(seed_of(options));
    if (!engine) {
        std::cerr << engine.error().text() << '\n';
        return 1;
    }
    const std::string digest = digest_of(engine->db());
    run_suite(*engine, digest);
    std::cout << digest << ' ' << origin() << std::endl;
    if (options.hold) {
        std::cin.get();
    }
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    try {
        const options options = read_options(argc, argv);
        return options.prune ? prune() : run(options);
    } catch (const std::exception& problem) {
        std::cerr << problem.what() << '\n';
        return 1;
    }
}
