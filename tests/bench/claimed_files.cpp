#include "claimed_files.hpp"
#include "engines.hpp"
#include "scratch_directory.hpp"
#include "subject.hpp"

#include <isolite/session.hpp>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

// Each side is a process of its own, since what stands in front of SQLite's VFSs cannot be taken
// away again. What is opened by path lies in memory on both sides.

namespace bench {

namespace {

namespace fs = std::filesystem;

constexpr int rows_of_file = 1'400; // files_subject makes as many
constexpr int rounds = 500;         // in each turn

subject doing(const char* what, const fs::path& path) {
    return subject(std::string("files_subject ") + what + " '" + path.string() + "'");
}

/// Runs two processes in turns, and takes the best turn of each: noise only ever adds.
double ratio(const subject& first, const subject& second) {
    constexpr int turns = 30;
    double best_first = 1e300;
    double best_second = 1e300;
    for (int turn = 0; turn < turns; ++turn) {
        best_first = std::min(best_first, first.run(rounds));
        best_second = std::min(best_second, second.run(rounds));
    }
    return best_first / best_second;
}

/// What is done in one way against what is done in another.
struct pair {
    const char* name;
    subject first;
    subject second;
    std::optional<double> budget = {};
};

figure timed(const pair& both) {
    return {both.name, ratio(both.first, both.second), both.budget};
}

/// Leaves out what the system does for a process.
std::optional<figure> counted(const pair& both) {
    constexpr int few = 200;
    constexpr int many = 600;
    const auto first = both.first.instructions_per_round(few, many);
    const auto second = both.second.instructions_per_round(few, many);
    return first && second
               ? std::optional(figure{both.name + std::string(", instructions"), *first / *second})
               : std::nullopt;
}

/// Makes the database that the subjects have by path as a file of the disk.
void make_file(const fs::path& path) {
    isolite::engine engine = engine_of(rows_of_file);
    auto session = require(isolite::session::open(engine, "the file"));
    fs::copy_file(require(engine.real_file()), path);
    require(session.close());
}

} // namespace

std::vector<figure> claimed_files() {
    const scratch_directory scratch("claimed", fs::exists("/dev/shm") ? "/dev/shm" : "");
    const fs::path file = scratch.path() / "a.db";
    const fs::path claimed = scratch.path() / "b.db"; // there is no such file
    make_file(file);
    const subject plain = doing("open", file);
    const subject by_path = doing("test_by_path", claimed);
    const subject by_uri = doing("test_by_uri_and_look", claimed);
    std::vector<figure> figures = {
        timed({"files: opening a claimed path, reading, closing / on tmpfs",
               doing("open_claimed", claimed), plain, 1}),
        timed({"files: a test on the claimed file of its fixture / on uri()", by_path,
               doing("test_by_uri", claimed)}),
    };
    for (const pair& each : {
             pair{"files: the same / on uri(), with SQLite's look at a path", by_path, by_uri,
                  1.05},
             pair{"files: a test on a file by pattern, no fixture / the latter",
                  doing("test_by_pattern", claimed), by_uri, 1.1},
             pair{"files: opening another path, 20 patterns claimed / none",
                  doing("open_other", file), plain, 1.05},
         }) {
        figures.push_back(timed(each));
        if (auto instructions = counted(each)) {
            figures.push_back(std::move(*instructions));
        } else {
            say_uncounted("files");
        }
    }
    return figures;
}

} // namespace bench
