/* What the example for C functions makes of tests that pass and that do not. */
#include "../../docs/examples/c_functions/c_test.h"

#include <stddef.h>
#include <stdlib.h>

static int run_sql(sqlite3* db, const char* sql) {
    return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

static const char* adds(sqlite3* db) {
    CHECK(run_sql(db, "INSERT INTO orders VALUES (7)") == SQLITE_OK);
    CHECK(sqlite3_changes(db) == 1);
    CHECK(sqlite3_last_insert_rowid(db) == 1);
    return NULL;
}

static const char* fails(sqlite3* db) {
    CHECK(run_sql(db, "INSERT INTO order VALUES (7)") == SQLITE_OK); /* [fails] */
    return NULL;
}

static const char* leaks(sqlite3* db) {
    CHECK(run_sql(db, "INSERT INTO orders VALUES (7); COMMIT") == SQLITE_OK);
    return NULL;
}

static const char* dies(sqlite3* db) {
    (void)db;
    if (getenv("SUBJECT_DIES") != NULL) {
        abort();
    }
    return NULL;
}

const struct c_test order_tests[] = {
    {"orders/first", adds},
    {"orders/second", adds},
    {"orders/fails", fails},
    {"orders/leaks", leaks},
    {"orders/third", adds},
    {"orders/dies", dies},
    {NULL, NULL},
};
