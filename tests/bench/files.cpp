#include "claimed_files.hpp"
#include "engines.hpp"
#include "figure.hpp"
#include "measure.hpp"
#include "scratch_directory.hpp"

#include <isolite/session.hpp>

#include <SQLiteCpp/Database.h>

#include <cstdlib>
#include <filesystem>
#include <string>

// What both sides write goes to the cache of the same file system; nobody waits for a disk.

namespace bench {

namespace {

namespace fs = std::filesystem;

struct size {
    const char* name;
    int rows;
    std::size_t rounds; ///< In each turn.
    double budget;      ///< Of a test that changes something.
};
constexpr size sizes[] = {
    {"132 KiB", 1'400, 20, 1.5}, {"2 MiB", 22'000, 4, 1}, {"50 MiB", 530'000, 1, 1}};

/// A test that asks for a real file.
template <typename Body>
void ask(isolite::engine& engine, Body body) {
    auto session = require(isolite::session::open(engine, "test"));
    body(require(engine.real_file()));
    require(session.close());
}

void only_look(const std::string& path) {
    static_cast<void>(fs::file_size(path));
}

void change_row(const std::string& path) {
    SQLite::Database opened(path, SQLite::OPEN_READWRITE);
    opened.exec("PRAGMA synchronous = OFF; UPDATE products SET price = price + 1 WHERE id = 1000");
}

template <typename Body>
figure measured(const size& size, const char* what, isolite::engine& engine, const fs::path& copy,
                Body body, std::optional<double> budget) {
    std::string original;
    ask(engine, [&](const std::string& path) { original = path; });
    const fs::path source = copy.string() + ".original";
    fs::copy_file(original, source, fs::copy_options::overwrite_existing);
    ask(engine, body); // so that none finds it as it was made
    const auto figures =
        compare([&] { ask(engine, body); },
                [&] {
                    fs::copy_file(source, copy, fs::copy_options::overwrite_existing);
                    body(copy.string());
                },
                size.rounds);
    return {std::string("files: ") + size.name + ", a test that " + what + " / on a copy",
            figures.ratio(), budget};
}

} // namespace

std::vector<figure> files() {
    std::vector<figure> figures = claimed_files();
    const scratch_directory scratch("files");
    ::setenv("TMPDIR", scratch.path().c_str(), 1);
    for (const size& each : sizes) {
        isolite::engine engine = engine_of(each.rows);
        const fs::path copy = scratch.path() / "copy.db";
        figures.push_back(measured(each, "only looks at its file", engine, copy, only_look, 1));
        figures.push_back(
            measured(each, "changes a row of it", engine, copy, change_row, each.budget));
    }
    ::unsetenv("TMPDIR");
    return figures;
}

} // namespace bench
