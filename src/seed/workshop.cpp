#include "seed/workshop.hpp"

#include "seed/apply.hpp"
#include "store/directory.hpp"
#include "store/vfs.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>

#include <utility>

namespace isolite {

namespace {

/// A database in memory that exists while a seed is applied to it.
class workshop {
  public:
    explicit workshop(const std::string& name)
        : name_(store::directory::of_process().add(name + " (seeding)", nullptr)) {}
    ~workshop() { store::directory::of_process().remove(name_); }
    workshop(const workshop&) = delete;
    workshop& operator=(const workshop&) = delete;

    /// Errors: also throws SQLite::Exception.
    result<std::shared_ptr<const store::image>> build(const loaded_seed& seed) {
        SQLite::Database database(store::uri_of(name_), SQLite::OPEN_READWRITE | SQLite::OPEN_URI);
        database.exec("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;"
                      "PRAGMA foreign_keys = ON");
        return apply(seed, database).map([&] {
            write_header(database);
            database.exec("PRAGMA wal_checkpoint(TRUNCATE)"); // does nothing in other modes
            return store::directory::of_process().find(name_)->freeze();
        });
    }

  private:
    /// Writes the header of a database in which the seed made nothing: connections tell by its
    /// change counter whether what they cached is still true.
    static void write_header(SQLite::Database& database) {
        const int version = database.execAndGet("PRAGMA user_version").getInt();
        database.exec("PRAGMA user_version = " + std::to_string(version));
    }

    std::string name_;
};

} // namespace

result<seeded_image> build_image(const loaded_seed& seed) {
    using clock = std::chrono::steady_clock;
    const auto start = clock::now();
    const std::string& name = seed.seed->name();
    try {
        return workshop(name).build(seed).map([&](std::shared_ptr<const store::image> image) {
            return seeded_image{std::move(image), clock::now() - start};
        });
    } catch (const SQLite::Exception& problem) {
        return tl::unexpected(
            error{errc::database, "build the database '" + name + "': " + problem.what(),
                  "a PRAGMA that the seed set may forbid writing", problem.getExtendedErrorCode()});
    }
}

} // namespace isolite
