#include "cli/diagnosis.hpp"

#include "cli/cache_listing.hpp"
#include "os/memory_file.hpp"
#include "os/own_process.hpp"
#include "seed/building_files.hpp"
#include "seed/image_cache.hpp"
#include "suites/variables.hpp"
#include "worker/detection.hpp"
#include "worker/effective_settings.hpp"
#include "worker/runtime_directory.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <boost/version.hpp>
#include <isolite/version.hpp>
#include <isolite/worker.hpp>
#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace isolite::cli {

namespace {

const char* threading_mode() {
    switch (sqlite3_threadsafe()) {
    case 0:
        return "single-thread";
    case 1:
        return "serialized";
    default:
        return "multi-thread";
    }
}

section look_at_versions(diagnosis& found) {
    if (sqlite3_libversion_number() < SQLITE_VERSION_NUMBER) {
        found.complaints.push_back(
            {std::string("the SQLite library is ") + sqlite3_libversion() +
                 ", older than the headers isolite was built with, " SQLITE_VERSION,
             "build isolite again, or let the loader find the newer library"});
    }
    return {"versions",
            {{"isolite", ISOLITE_VERSION},
             {"sqlite_headers", SQLITE_VERSION},
             {"sqlite_library", sqlite3_libversion()},
             {"sqlite_agrees", std::string(SQLITE_SOURCE_ID) == sqlite3_sourceid()},
             {"sqlite_source_id", sqlite3_sourceid()},
             {"sqlite_threading", threading_mode()},
             {"sqlitecpp", SQLITECPP_VERSION},
             {"boost", std::to_string(BOOST_VERSION / 100000) + "." +
                           std::to_string(BOOST_VERSION / 100 % 1000)}}};
}

section look_at_memory(diagnosis& found) {
    if (!os::memory_file("isolite-doctor")) {
        found.complaints.push_back(
            {std::string("cannot share memory between connections: memfd_create failed: ") +
                 std::strerror(errno),
             "let the container or sandbox around this process allow memfd_create"});
        return {"memory", {{"memfd", false}}};
    }
    return {"memory", {{"memfd", true}}};
}

/// Tells which rule of `worker::current` applied.
const char* how_found(const workers::surroundings& around) {
    if (around.variables.find("ISOLITE_RUN_ID")) {
        return "ISOLITE_RUN_ID";
    }
    if (workers::detect_foreign_place(around).value_or(std::nullopt)) {
        return "variables of a test runner";
    }
    return around.runner ? "a test runner above this process" : "no test runner";
}

section look_at_worker(diagnosis& found) {
    const result<worker>& worker = worker::current();
    if (!worker) {
        found.blame(worker.error());
        return {"worker", {}};
    }
    return {"worker",
            {{"name", worker->name},
             {"slot", worker->slot},
             {"incarnation", worker->incarnation},
             {"run_id", worker->run_id},
             {"found_by", how_found(workers::surroundings::of_process())},
             {"shard_index", worker->shard.index},
             {"shard_total", worker->shard.total}}};
}

/// Locks a new file in a directory, as workers and builders do.
result<void> try_lock_in(const std::string& directory, const os::purpose& purpose) {
    const std::string path = directory + "/doctor-" + std::to_string(os::own_number());
    const auto locked = os::lock_file::open(path, purpose).and_then([](os::lock_file file) {
        return file.try_lock();
    });
    os::remove_file(path);
    return locked.map([](bool) {});
}

section look_at_runtime_directory(diagnosis& found) {
    const auto directory = workers::runtime_directory(workers::environment::of_process());
    const auto locked = directory.and_then(
        [](const std::string& path) { return try_lock_in(path, workers::claiming_a_slot); });
    if (!locked) {
        found.blame(locked.error());
    }
    return {"runtime_directory",
            {{"path", directory ? json_value(*directory) : json_value(nullptr)},
             {"locks_work", locked.has_value()}}};
}

json_value free_bytes_in(const std::string& directory) {
    std::error_code unknown;
    const auto space = std::filesystem::space(directory, unknown);
    return unknown ? json_value(nullptr) : json_value(static_cast<std::int64_t>(space.available));
}

json_members facts_of(const seeds::image_cache& cache) {
    const auto images = cache.images();
    const std::int64_t refused =
        std::count_if(images.begin(), images.end(),
                      [](const seeds::cached_image& image) { return !image.objection.empty(); });
    return {{"images", static_cast<std::int64_t>(images.size())},
            {"images_refused", refused},
            {"size_bytes", static_cast<std::int64_t>(size_of(images))},
            {"free_bytes", free_bytes_in(cache.directory())}};
}

section look_at_cache(diagnosis& found) {
    const auto settings = workers::effective_settings(workers::environment::of_process(),
                                                      isolite::workers::chosen_cache());
    if (!settings) {
        found.blame(settings.error());
        return {"cache", {}};
    }
    section cache{"cache", {{"on", settings->keep}}};
    if (!settings->keep) {
        return cache;
    }
    const auto add = [&cache](const json_members& more) {
        cache.facts.insert(cache.facts.end(), more.begin(), more.end());
    };
    const seeds::image_cache images(*settings);
    const auto usable = images.make().and_then(
        [&] { return try_lock_in(images.directory(), seeds::sharing_images); });
    add(place_of(images));
    add({{"usable", usable.has_value()}, {"fresh", settings->fresh}});
    if (usable) {
        add(facts_of(images));
    } else {
        found.blame(usable.error());
    }
    return cache;
}

section look_at_variables(diagnosis& found) {
    const auto of_process = workers::environment::of_process();
    for (const suites::known_variable& each : suites::known_variables) {
        if (const auto checked = each.check(of_process); !checked) {
            found.blame(checked.error());
        }
    }
    section variables{"variables", {}};
    for (const auto& [name, value] : suites::relevant_variables(os::own_variables())) {
        variables.facts.emplace_back(name, value);
        if (suites::is_read(name)) {
            continue;
        }
        const std::string similar = suites::similar_variable(name);
        found.complaints.push_back(
            {name + " is set, but isolite reads no such variable",
             similar.empty() ? "unset " + name : "write " + similar + " if you mean that"});
    }
    return variables;
}

} // namespace

void diagnosis::blame(const error& problem) {
    const std::string wrong = "cannot " + problem.message;
    const bool is_new =
        std::none_of(complaints.begin(), complaints.end(),
                     [&](const complaint& earlier) { return earlier.wrong == wrong; });
    if (is_new) {
        complaints.push_back({wrong, problem.hint});
    }
}

diagnosis diagnosis::of_process() {
    diagnosis found;
    for (auto* const look : {look_at_versions, look_at_memory, look_at_worker,
                             look_at_runtime_directory, look_at_cache, look_at_variables}) {
        found.sections.push_back(look(found));
    }
    return found;
}

} // namespace isolite::cli
