#pragma once

#include <isolite/visibility.hpp>

#include <atomic>

namespace isolite {

class seed;
struct opened_engine;

/// A database that the tests of this program name by the type that describes it: a type with a
/// static function `isolite::seed seed()`. There is one of these for each type.
struct worker_database {
    seed (*describe)();
    /// What `engine::of_worker` returns; null before its first call.
    std::atomic<const opened_engine*> opened{nullptr};
};

/// Takes a database that the program may ask for, so that its files are claimed, and its image made
/// ready, before the first test. Returns true. Threads: as initialisers before `main` are.
ISOLITE_API bool list_database(worker_database& database);

template <typename Database>
inline worker_database described_database = {&Database::seed};
template <typename Database>
inline const bool is_database_listed = list_database(described_database<Database>);

/// Returns the database that `Database` describes.
template <typename Database>
[[nodiscard]] worker_database& worker_database_of() noexcept {
    static_cast<void>(&is_database_listed<Database>);
    return described_database<Database>;
}

} // namespace isolite
