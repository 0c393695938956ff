#include "adversary.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

// Tests that fork. A child's copy of the database is its own, with and without protection: nothing
// of what it does may reach its parent.

namespace {

/// Runs `body` in a child that ends without any destructor or exit handler.
template <typename Body>
void in_child(Body body) {
    const pid_t child = ::fork();
    if (child == 0) {
        try {
            body();
        } catch (...) {
            ::_exit(1);
        }
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    if (status != 0) {
        throw std::runtime_error("the child of the adversary failed");
    }
}

adversary forks(const std::string& name, void (*child)(stage&)) {
    return {"forks a child that " + name, [=](stage& s) { in_child([&] { child(s); }); }, nothing(),
            ""};
}

} // namespace

std::vector<adversary> process_adversaries() {
    std::vector<adversary> all = {
        forks("commits to its copy",
              [](stage& s) { s.attempt("DELETE FROM products; COMMIT; DROP TABLE log"); }),
        forks("commits on a new connection",
              [](stage& s) { neighbour(s.engine.uri()).run("DELETE FROM log"); }),
        forks("commits in WAL mode on a new connection",
              [](stage& s) {
                  s.attempt("ROLLBACK");
                  neighbour other(s.engine.uri());
                  other.run("PRAGMA journal_mode = WAL");
                  other.run("DELETE FROM log; PRAGMA wal_checkpoint(TRUNCATE)");
              }),
        forks("exits in the middle of a transaction",
              [](stage& s) {
                  s.attempt("BEGIN");
                  s.run("PRAGMA cache_size = 1; UPDATE products SET name = hex(randomblob(2000))");
              }),
        forks("exits in the middle of rows",
              [](stage& s) {
                  SQLite::Statement query(s.engine.db(), "SELECT id FROM products");
                  query.executeStep();
                  ::_exit(0);
              }),
    };
    all.push_back({"forks a child that commits on a connection of its parent",
                   [](stage& s) {
                       neighbour& other = s.open_neighbour();
                       in_child([&] { other.run("DELETE FROM log"); });
                       // The parent's connection sees its own database as before.
                       if (other.database().execAndGet("SELECT count(*) FROM log").getInt() != 1) {
                           throw std::runtime_error("the child's commit reached its parent");
                       }
                   },
                   nothing(), ""});
    return all;
}
