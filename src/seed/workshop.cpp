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
    result<seeded_image> build(const seed& seed) {
        const auto start = std::chrono::steady_clock::now();
        SQLite::Database database(store::uri_of(name_), SQLite::OPEN_READWRITE | SQLite::OPEN_URI);
        database.exec("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;"
                      "PRAGMA foreign_keys = ON");
        return apply(seed, database).map([&](std::string fingerprint) {
            write_header(database);
            database.exec("PRAGMA wal_checkpoint(TRUNCATE)"); // does nothing in other modes
            auto image = store::directory::of_process().find(name_)->freeze();
            return seeded_image{std::move(image), std::chrono::steady_clock::now() - start,
                                std::move(fingerprint)};
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

result<seeded_image> build_image(const seed& seed) {
    const std::string& name = seed.name();
    try {
        return workshop(name).build(seed);
    } catch (const SQLite::Exception& problem) {
        return tl::unexpected(
            error{errc::database, "build the database '" + name + "': " + problem.what(),
                  "a PRAGMA that the seed set may forbid writing", problem.getExtendedErrorCode()});
    }
}

} // namespace isolite
