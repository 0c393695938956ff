#pragma once

#include <isolite/seed.hpp>

/// The database of the suite: a table of every kind, and triggers that do what tests fear.
struct seeded_database {
    static isolite::seed seed();
};

/// The same, with a small second database attached as "archive".
struct seeded_databases {
    static isolite::seed seed();
};

/// The same two in WAL mode.
struct seeded_wal_databases {
    static isolite::seed seed();
};
