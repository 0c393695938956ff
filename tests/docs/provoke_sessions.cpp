#include "provoke.hpp"

#include "files/claim_uses.hpp"
#include "suites/variables.hpp"

#include <isolite/files.hpp>

#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>

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
    engine set_up = open_engine(); // what is done before its first session stays
    set_up.db().exec("BEGIN");
    print_error(session::open(set_up, "a test"));
    set_up.db().exec("ROLLBACK");
    const auto deny = [](void*, int, const char*, const char*, const char*, const char*) {
        return SQLITE_DENY;
    };
    sqlite3_set_authorizer(set_up.db().getHandle(), deny, nullptr);
    print_error(session::open(set_up, "a test"));
    const auto interrupt = [](void*) { return 1; };
    auto interrupted = session::open(stock, "a suite", mode::copy_on_write);
    sqlite3_progress_handler(stock.db().getHandle(), 1, interrupt, nullptr);
    print_error(session::open(stock, "a test", mode::copy_on_write));
    static_cast<void>(interrupted->close());
    auto transaction = session::open(stock, "a suite");
    sqlite3_set_authorizer(stock.db().getHandle(), deny, nullptr);
    print_error(session::open(stock, "a test"));
    static_cast<void>(transaction->close());
}

void provoke_work_between_tests(const std::string& directory) {
    const auto between = [&directory](const std::function<void(engine&)>& work) {
        const std::string said = written_by_child(directory, [&work] {
            engine stock = open_engine();
            static_cast<void>(session::open(stock, "a test")->close());
            work(stock);
            static_cast<void>(session::open(stock, "the next test")->close());
        });
        print(without_lead(said, "isolite: ", "\n  No test is to blame"));
    };
    between([](engine& stock) { stock.db().exec("DELETE FROM orders"); });
    between([](engine& stock) { stock.db().exec("PRAGMA cache_size = 10"); });
}

void provoke_unread_variable(const std::string& directory) {
    const std::string said = written_by_child(directory, [] {
        ::setenv("ISOLITE_WORKER", "4", 1);
        isolite::suites::warn_about_unread_variables();
    });
    print(without_lead(said, "isolite: warning: ", ""));
}

void provoke_unused_claim(const std::string& directory) {
    const std::string said = written_by_child(directory, [&directory] {
        const isolite::files claimed("*.nothing");
        SQLite::Database(directory + "/other.db", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
            .exec("CREATE TABLE t (a)");
        isolite::paths::warn_of_unused_claims();
    });
    print(without_lead(said, "isolite: warning: ", ""));
}

void provoke_replacements(const std::string& directory) {
    const auto warned = [&directory](const std::function<void(engine&)>& work) {
        const std::string said = written_by_child(directory, [&work] {
            engine stock = open_engine();
            work(stock);
        });
        print(without_lead(said, "isolite: warning: ", ""));
    };
    warned([](engine& stock) {
        SQLite::Statement own(stock.db(), "SELECT id FROM orders");
        auto test = session::open(stock, "a test");
        stock.db().exec("CREATE TABLE made (a)");
        static_cast<void>(test->close());
        own.tryExecuteStep();
    });
    warned([](engine& stock) {
        auto test = session::open(stock, "a test");
        const auto nothing = [](sqlite3_context*, int, sqlite3_value**) {};
        stock.db().createFunction("tax", 0, true, nullptr, nothing);
        stock.db().exec("CREATE TABLE made (a); SELECT tax()");
        static_cast<void>(test->close());
    });
    int calls = 0;
    engine stock = open_engine(stock_seed().on_connect([&calls](SQLite::Database&) {
        if (++calls > 1) {
            throw std::runtime_error("not again");
        }
    }));
    auto test = session::open(stock, "a test");
    stock.db().exec("CREATE TABLE made (a)");
    static_cast<void>(test->close());
    print_error(session::open(stock, "the next test"));
    print_error(engine::open(stock_seed().on_connect([&directory](SQLite::Database& db) {
        db.exec("ATTACH 'file:" + directory + "/aside.db?vfs=unix' AS aside");
    })));
}

void provoke_connections_that_stay(const std::string& directory) {
    const auto inside = [](const std::function<void(engine&)>& in_suite) {
        engine stock = open_engine();
        auto suite = session::open(stock, "a suite", mode::copy_on_write);
        in_suite(stock);
        stock.db().exec("SELECT 1");
        auto test = session::open(stock, "a test");
        stock.db().exec("CREATE TABLE made (a)");
        print_error(test->close());
        print_error(session::open(stock, "the next test"));
        static_cast<void>(suite->close());
    };
    std::optional<SQLite::Statement> kept;
    inside([&kept](engine& stock) { kept.emplace(stock.db(), "SELECT id FROM orders"); });
    kept.reset();
    sqlite3_blob* blob = nullptr;
    inside([&blob](engine& stock) {
        sqlite3_blob_open(stock.db().getHandle(), "main", "notes", "note", 1, 0, &blob);
    });
    sqlite3_blob_close(blob);
    inside([&directory](engine& stock) {
        stock.db().exec("ATTACH 'file:" + directory + "/aside.db?vfs=unix' AS aside");
        stock.db().exec("CREATE TABLE IF NOT EXISTS aside.t (a)");
    });
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
    provoke_work_between_tests(directory);
    provoke_replacements(directory);
    provoke_unread_variable(directory);
    provoke_unused_claim(directory);
    provoke_connections_that_stay(directory);
    provoke_evidence(directory);
}
