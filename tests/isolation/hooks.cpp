#include "adversary.hpp"

#include <SQLiteCpp/Database.h>
#include <sqlite3.h>

// Tests that leave hooks and handlers on the connection. SQLite does not say who set them, so that
// isolite cannot see them; but what they do to later tests must end with each test.

namespace {

/// Takes a hook away at last, when it has seen the next tests.
struct hook {
    hook(sqlite3* of, void (*set)(sqlite3*), void (*end)(sqlite3*)) : connection(of), remove(end) {
        set(connection);
    }
    ~hook() { remove(connection); }
    hook(const hook&) = delete;
    hook& operator=(const hook&) = delete;

    sqlite3* connection;
    void (*remove)(sqlite3*);
};

adversary leaves(const std::string& name, void (*set)(sqlite3*), void (*remove)(sqlite3*)) {
    return {"leaves " + name,
            [=](stage& s) {
                s.run("DELETE FROM log");
                s.keep<hook>(s.engine.db().getHandle(), set, remove);
                s.run("DELETE FROM prices");
            },
            nothing(), "newcomer, rows"};
}

int refuse(void* /*nothing*/) {
    return 1;
}

/// Writes in the middle of the end of a transaction.
void prepare_a_write(void* connection) {
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v2(static_cast<sqlite3*>(connection), "DELETE FROM products", -1, &statement,
                       nullptr);
    sqlite3_finalize(statement);
}

void ignore_update(void*, int, const char*, const char*, sqlite3_int64) {}

int ignore_trace(unsigned, void*, void*, void*) {
    return 0;
}

} // namespace

std::vector<adversary> hook_adversaries() {
    std::vector<adversary> all = {
        leaves(
            "a rollback hook", [](sqlite3* c) { sqlite3_rollback_hook(c, prepare_a_write, c); },
            [](sqlite3* c) { sqlite3_rollback_hook(c, nullptr, nullptr); }),
        leaves(
            "an update hook", [](sqlite3* c) { sqlite3_update_hook(c, ignore_update, nullptr); },
            [](sqlite3* c) { sqlite3_update_hook(c, nullptr, nullptr); }),
        leaves(
            "a busy handler that never gives up",
            [](sqlite3* c) {
                sqlite3_busy_handler(
                    c, [](void*, int) { return 1; }, nullptr);
            },
            [](sqlite3* c) { sqlite3_busy_handler(c, nullptr, nullptr); }),
    };
    all.push_back({"leaves a hook that refuses each commit",
                   [](stage& s) {
                       s.run("DELETE FROM log");
                       s.keep<hook>(
                           s.engine.db().getHandle(),
                           [](sqlite3* c) { sqlite3_commit_hook(c, refuse, nullptr); },
                           [](sqlite3* c) { sqlite3_commit_hook(c, nullptr, nullptr); });
                       s.attempt("DELETE FROM prices");
                       s.attempt("COMMIT");
                   },
                   nothing(), "newcomer, rows"});
    all.push_back({"leaves a trace of its own and commits",
                   [](stage& s) {
                       sqlite3_trace_v2(s.engine.db().getHandle(), SQLITE_TRACE_STMT, ignore_trace,
                                        nullptr);
                       s.run("DELETE FROM log");
                       s.attempt("COMMIT");
                   },
                   // Nobody has heard what ended the transaction.
                   committed("with \"COMMIT\", after a conflict (ON CONFLICT ROLLBACK, "
                             "RAISE(ROLLBACK)) had ended the sandbox's transaction",
                             log_deleted),
                   "newcomer, rows"});
    return all;
}
