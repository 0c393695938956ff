#include "migrations.hpp"

#include <array>

namespace hostel {
namespace {

constexpr std::array<const char*, schema_version> steps = {
    // 1: rooms and who sleeps in them
    "CREATE TABLE rooms (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
    "  beds INTEGER NOT NULL CHECK (beds > 0), cents INTEGER NOT NULL CHECK (cents >= 0));"
    "CREATE TABLE bookings (id INTEGER PRIMARY KEY, room INTEGER NOT NULL REFERENCES rooms (id),"
    "  guest TEXT NOT NULL, arrival TEXT NOT NULL, nights INTEGER NOT NULL CHECK (nights > 0),"
    "  cents INTEGER NOT NULL);"
    "CREATE TABLE nights (room INTEGER NOT NULL REFERENCES rooms (id), day TEXT NOT NULL,"
    "  booking INTEGER NOT NULL REFERENCES bookings (id) ON DELETE CASCADE,"
    "  PRIMARY KEY (room, day)) WITHOUT ROWID;"
    "CREATE INDEX nights_of_booking ON nights (booking);",

    // 2: what a night costs, in percent of the room's price, for thirty years
    "CREATE TABLE calendar (day TEXT PRIMARY KEY, percent INTEGER NOT NULL) WITHOUT ROWID;"
    "WITH RECURSIVE days (day) AS (VALUES ('2020-01-01') UNION ALL"
    "  SELECT date(day, '+1 day') FROM days WHERE day < '2049-12-31')"
    "INSERT INTO calendar SELECT day, CASE WHEN strftime('%m', day) IN ('07', '08') THEN 150"
    "  WHEN strftime('%w', day) IN ('5', '6') THEN 120 ELSE 100 END FROM days;",

    // 3: bookings are cancelled, not removed
    "ALTER TABLE bookings ADD COLUMN cancelled_on TEXT NOT NULL DEFAULT '';"
    "CREATE INDEX bookings_by_arrival ON bookings (arrival) WHERE cancelled_on = '';",

    // 4: mail that is to be sent
    "CREATE TABLE outbox (id INTEGER PRIMARY KEY, guest TEXT NOT NULL, text TEXT NOT NULL,"
    "  state TEXT NOT NULL DEFAULT 'waiting', attempts INTEGER NOT NULL DEFAULT 0);"
    "CREATE INDEX outbox_waiting ON outbox (id) WHERE state = 'waiting';",
};

std::int64_t version_of(connection& db) {
    statement version(db, "PRAGMA user_version");
    version.step();
    return version.integer();
}

} // namespace

void migrate(connection& db) {
    if (version_of(db) > schema_version)
        throw std::runtime_error("the database is newer than this program");
    while (version_of(db) < schema_version) {
        transaction step(db);
        const std::int64_t version = version_of(db); // another process may have been faster
        if (version < schema_version)
            db.run(steps[version] + ("PRAGMA user_version = " + std::to_string(version + 1)));
        step.commit();
    }
}

} // namespace hostel
