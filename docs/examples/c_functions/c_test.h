#ifndef C_TEST_H
#define C_TEST_H

#include <sqlite3.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A test gets a pristine database, and returns null, or where and why it failed. */
struct c_test {
    const char* name;
    const char* (*run)(sqlite3* db);
};

/* Ends with one without a name. */
extern const struct c_test order_tests[];

#ifdef __cplusplus
}
#endif

#define TEXT_OF(line) #line
#define PLACE(file, line) file ":" TEXT_OF(line) ": "
#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            return PLACE(__FILE__, __LINE__) #condition;                                           \
        }                                                                                          \
    } while (0)

#endif
