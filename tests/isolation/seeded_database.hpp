#pragma once

#include <isolite/seed.hpp>

/// The database of the suite: a table of every kind, and triggers that do what tests fear.
struct seeded_database {
    static isolite::seed seed();
};

/// The same in WAL mode.
struct seeded_wal_database {
    static isolite::seed seed();
};
