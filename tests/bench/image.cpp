#include "engines.hpp"
#include "figure.hpp"
#include "scratch_directory.hpp"
#include "seed/fingerprint.hpp"
#include "seed/image_cache.hpp"
#include "worker_process.hpp"

#include <isolite/cache_settings.hpp>
#include <isolite/seed.hpp>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <unistd.h>

// Everything is measured in processes of their own, as workers are, and the parent never calls
// SQLite: each pays for SQLite's own initialisation.

namespace bench {

namespace {

constexpr int rows = 500'000;
constexpr double megabyte = 1024 * 1024;

struct query {
    const char* name;
    const char* sql;
};
constexpr query lookup = {"a lookup", "SELECT price FROM products WHERE id = 250000"};
constexpr query scan = {"reading all rows", "SELECT count(name) FROM products"};

void use_cache_in(const std::filesystem::path& directory, bool keep = true) {
    isolite::cache_settings settings;
    settings.keep = keep;
    settings.directory = directory;
    isolite::use_cache(settings);
}

// What is opened stays open: closing it is no part of a first query.

void query_engine(const query& query) {
    static auto* const engine = new isolite::engine(engine_of(rows));
    static_cast<void>(engine->value<int>(query.sql));
}

void query_file(const std::filesystem::path& file, const query& query) {
    static auto* const database = new SQLite::Database(file.string(), SQLite::OPEN_READWRITE);
    static_cast<void>(database->execAndGet(query.sql).getInt());
}

/// Returns the image that a worker left in the cache.
std::filesystem::path image_in(const std::filesystem::path& cache) {
    for (const auto& file : std::filesystem::directory_iterator(cache / "default")) {
        if (file.path().extension() == ".db") {
            return file.path();
        }
    }
    std::fprintf(stderr, "cannot find the image in %s\n", cache.c_str());
    std::exit(EXIT_FAILURE);
}

/// Waits until the image is old enough for its state to be recorded, then has it recorded.
void let_image_age() {
    ::sleep(3);
    in_worker([] { query_engine(lookup); });
}

struct crowd {
    double last;  ///< When the last worker had its answer. Units: nanoseconds.
    double bytes; ///< The proportional set sizes, summed.
};

/// Runs workers at once, each with its first query, and looks at their memory while all live.
crowd at_once(int workers, const query& query) {
    const worker_crowd all(workers, [&] { query_engine(query); });
    return {all.nanoseconds(), all.proportional_bytes()};
}

/// Measures one worker's first queries, on the image and on an ordinary file in turns.
std::vector<figure> first_queries(const std::filesystem::path& file, double& lookup_time) {
    constexpr int turns = 40;
    std::vector<figure> figures;
    for (const query& each : {scan, lookup}) {
        double image_time = 1e300;
        double file_time = 1e300;
        for (int turn = 0; turn < turns; ++turn) {
            image_time = std::min(image_time, in_worker([&] { query_engine(each); }));
            file_time = std::min(file_time, in_worker([&] { query_file(file, each); }));
        }
        lookup_time = image_time; // the last
        figures.push_back({std::string("image: a worker's first query, ") + each.name +
                               ", 500000 rows / on the file",
                           image_time / file_time, 2});
    }
    return figures;
}

/// Measures workers that start at once on the image, and as many that seed for themselves.
std::vector<figure> crowds(const std::filesystem::path& cache, double image_size) {
    constexpr int workers = 8;
    const crowd one = at_once(1, scan);
    const crowd many = at_once(workers, scan);
    use_cache_in(cache, false);
    const crowd seeding = at_once(workers, scan);
    return {
        {"image: memory of 8 workers that read all / (1.1 images + 8 x 6 MB)",
         many.bytes / (1.1 * image_size + workers * 6 * megabyte), 1},
        {"image: the same / one such worker", many.bytes / one.bytes},
        {"image: the same / 8 workers that seed by SQL", many.bytes / seeding.bytes},
        {"image: until the last of 8 workers has read all / until one has", many.last / one.last},
        {"image: the same / 8 workers that seed by SQL", many.last / seeding.last},
    };
}

/// Measures what it costs to recognise a seed by an SQL file, when the cache knows the state of the
/// file and when it does not.
std::vector<figure> fingerprints(const std::filesystem::path& directory) {
    constexpr double millisecond = 1e6;
    constexpr std::size_t size = 38'000'000;
    constexpr int turns = 20;
    const auto file = directory / "reference.sql";
    {
        std::ofstream script(file);
        script << "CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT);\n";
        for (int id = 1; static_cast<std::size_t>(script.tellp()) < size; ++id) {
            script << "INSERT INTO products VALUES (" << id << ", 'the name of a product');\n";
        }
    }
    isolite::cache_settings settings;
    settings.directory = directory / "texts";
    const isolite::seeds::image_cache cache(settings);
    require(cache.make());
    const auto seed = isolite::seed("shop").sql_file(file);
    const auto recognise = [&seed](const isolite::seeds::image_cache* known) {
        return in_worker(
            [&] { static_cast<void>(require(isolite::seeds::fingerprint_of(seed, known))); });
    };
    ::sleep(3); // only then is its state recorded
    recognise(&cache);
    double known = 1e300;
    double unknown = 1e300;
    for (int turn = 0; turn < turns; ++turn) {
        known = std::min(known, recognise(&cache));
        unknown = std::min(unknown, recognise(nullptr));
    }
    return {{"image: milliseconds to recognise an SQL file of 38 MB in a known state",
             known / millisecond, 2},
            {"image: milliseconds to do so in a new state", unknown / millisecond}};
}

} // namespace

std::vector<figure> image() {
    const scratch_directory scratch("image");
    const auto cache = scratch.path() / "cache";
    use_cache_in(cache, false);
    const double seeding = in_worker([] { query_engine(lookup); });
    use_cache_in(cache);
    const double building = in_worker([] { query_engine(lookup); });
    const auto file = scratch.path() / "ordinary.db";
    std::filesystem::copy_file(image_in(cache), file);
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
    let_image_age();

    double mapped = 0;
    auto figures = first_queries(file, mapped);
    figures.push_back(
        {"image: its first query, a lookup / seeding by SQL", mapped / seeding, 1.0 / 500});
    figures.push_back({"image: building and keeping it / seeding by SQL", building / seeding});
    for (figure& each : crowds(cache, static_cast<double>(std::filesystem::file_size(file)))) {
        figures.push_back(std::move(each));
    }
    for (figure& each : fingerprints(scratch.path())) {
        figures.push_back(std::move(each));
    }
    return figures;
}

} // namespace bench
