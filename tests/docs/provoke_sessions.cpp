#include "provoke.hpp"

#include <filesystem>

#include <sys/wait.h>
#include <unistd.h>

namespace {

using isolite::engine;
using isolite::mode;
using isolite::session;

void provoke_transactions() {
    engine stock = open_engine();
    auto outer = session::open(stock, "a suite");
    print_error(session::open(stock, "a test", mode::copy_on_write));
    static_cast<void>(outer->close());
    stock.db().exec("BEGIN");
    print_error(session::open(stock, "a test"));
    stock.db().exec("ROLLBACK");
    const auto deny = [](void*, int, const char*, const char*, const char*, const char*) {
        return SQLITE_DENY;
    };
    sqlite3_set_authorizer(stock.db().getHandle(), deny, nullptr);
    print_error(session::open(stock, "a test"));
    sqlite3_set_authorizer(stock.db().getHandle(), nullptr, nullptr);
    auto transaction = session::open(stock, "a suite");
    sqlite3_set_authorizer(stock.db().getHandle(), deny, nullptr);
    print_error(session::open(stock, "a test"));
    sqlite3_set_authorizer(stock.db().getHandle(), nullptr, nullptr);
    static_cast<void>(transaction->close());
}

void provoke_suites() {
    engine stock = open_engine();
    auto suite = session::open(stock, "a suite", mode::copy_on_write);
    stock.db().exec("BEGIN");
    print_error(session::open(stock, "a test"));
    stock.db().exec("COMMIT");
    SQLite::Database other = connect(stock);
    other.exec("PRAGMA cache_size = 1; BEGIN; CREATE TABLE big (a); WITH RECURSIVE n(i) AS (SELECT "
               "1 UNION ALL SELECT i + 1 FROM n WHERE i < 200) INSERT INTO big SELECT "
               "zeroblob(4000) FROM n");
    print_error(session::open(stock, "a test"));
    other.exec("ROLLBACK");
    auto test = session::open(stock, "a test");
    print_error(suite->close());
    auto lost = session::open(stock, "a suite", mode::copy_on_write);
    auto cut_off = session::open(stock, "a test");
    static_cast<void>(session::abandon(stock, "a test"));
    print_error(session::open(stock, "the next test"));
}

/// Prints what a failed test says of its database, in a process of its own: the place for evidence
/// is chosen once.
void keep_evidence(const std::string& place, const std::string& temporary,
                   const isolite::seed& seed = stock_seed()) {
    std::fflush(nullptr);
    const pid_t child = ::fork();
    if (child == 0) {
        ::setenv("ISOLITE_EVIDENCE", place.c_str(), 1);
        ::setenv("ISOLITE_RUN_ID", "provoked", 1);
        ::setenv("ISOLITE_WORKER_SLOT", "0", 1);
        ::setenv("TMPDIR", temporary.c_str(), 1);
        engine stock = open_engine(seed);
        auto opened = session::open(stock, "a test");
        print(opened->keep_evidence());
        stock.execute("DELETE FROM orders WHERE id = 1");
        std::filesystem::remove_all(place);
        print(opened->keep_evidence());
        std::fflush(nullptr);
        ::_exit(EXIT_SUCCESS);
    }
    ::waitpid(child, nullptr, 0);
}

void provoke_evidence(const std::string& directory) {
    keep_evidence(directory + "/evidence", directory);
    keep_evidence(directory + "/evidence", directory,
                  stock_seed().attach("books", isolite::seed("books")));
    keep_evidence("evidence", directory);
    keep_evidence("/proc/nowhere", directory);
    std::filesystem::create_directory(directory + "/shared");
    std::filesystem::create_directory_symlink(directory, directory + "/shared/isolite-" +
                                                             std::to_string(::geteuid()));
    keep_evidence("", directory + "/shared");
}

} // namespace

void provoke_sessions(const std::string& directory) {
    provoke_transactions();
    provoke_suites();
    provoke_evidence(directory);
}
