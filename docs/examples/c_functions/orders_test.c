#include "c_test.h"

#include <stddef.h>

static int count_of_orders(sqlite3* db) {
    sqlite3_stmt* query = NULL;
    int count = -1;
    if (sqlite3_prepare_v2(db, "SELECT count(*) FROM orders", -1, &query, NULL) == SQLITE_OK &&
        sqlite3_step(query) == SQLITE_ROW) {
        count = sqlite3_column_int(query, 0);
    }
    sqlite3_finalize(query);
    return count;
}

static const char* are_stored(sqlite3* db) {
    CHECK(sqlite3_exec(db, "INSERT INTO orders VALUES (7)", NULL, NULL, NULL) == SQLITE_OK);
    CHECK(count_of_orders(db) == 1);
    return NULL;
}

static const char* are_none_at_first(sqlite3* db) {
    CHECK(count_of_orders(db) == 0);
    return NULL;
}

const struct c_test order_tests[] = {
    {"orders/are stored", are_stored},
    {"orders/are none at first", are_none_at_first},
    {NULL, NULL},
};
