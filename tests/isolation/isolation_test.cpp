#include "adversary.hpp"
#include "family.hpp"
#include "fingerprint.hpp"
#include "seeded_database.hpp"

#include <isolite/boost_test.hpp>
#include <isolite/session.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

// Each adversary is three test cases. Under "rollback" and "copy_on_write" it runs in a session of
// that mode, which must say exactly what was left behind, and the next tests, in both modes, must
// find a pristine database. Under "unprotected" it runs with mode none, and the next test must find
// what the adversary did: the proof that the others would see it.
//
// All adversaries that are not unprotected share the worker's engine, as tests do, so that each
// order of the suite is another experiment.
// Usage: isolation_test [OPTIONS OF BOOST.TEST] [-- [reversed] [wal]]
//        isolation_test promises
// With "wal" the database is in WAL mode, and nothing runs unprotected. With "promises" it prints
// the part of docs/isolation.md that is about adversaries.

namespace {

namespace unit_test = boost::unit_test;
using isolite::mode;
using isolite::session;

/// Returns the hint for what a test left behind.
std::string hint_for(const std::string& clauses) {
    const auto has = [&clauses](const char* text) {
        return clauses.find(text) != std::string::npos;
    };
    if (has("it was disturbed")) {
        return "close that connection, or join its thread, in the test that opened it; "
               "seed::strict_connections() fails a test that does not";
    }
    if (has("it committed") || has("it ran ")) {
        return "use copy_on_write for code that commits or opens connections of its own: open "
               "the session with isolite::mode::copy_on_write";
    }
    if (has("it left the transaction open")) {
        return "end it in the test with COMMIT or ROLLBACK";
    }
    if (has("that it refers to")) {
        return "the test could never have committed this: insert the missing row, or use "
               "copy_on_write to see COMMIT fail";
    }
    if (has("in the middle of")) {
        return "end the test's transactions and queries, and join its threads, before the test "
               "ends";
    }
    if (has("in WAL mode")) {
        return "close the connection in the test, or let the seed set PRAGMA journal_mode = WAL";
    }
    return "undo in the test what it did to its connection, for instance in a destructor";
}

/// Returns the message that a test must fail with, "" for one that must pass.
std::string expected_message(const adversary& adversary, mode mode) {
    const std::string& clauses =
        mode == mode::rollback ? adversary.leaves.in_rollback : adversary.leaves.in_copy_on_write;
    if (clauses.empty() || clauses.rfind("cannot ", 0) == 0) {
        return clauses;
    }
    return "cannot end '" + adversary.name + "' with a clean database: " + clauses +
           "\n  hint: " + hint_for(clauses);
}

/// Returns what a result holds; an error ends the test case.
template <typename Value>
Value& taken(isolite::result<Value>& from) {
    if (!from) {
        BOOST_FAIL(from.error().text());
    }
    return *from;
}

/// Runs `body` as a test of the engine and returns what closing its session said.
template <typename Body>
std::string run_test(isolite::engine& engine, const std::string& name, mode mode, Body body) {
    auto opened = session::open(engine, name, mode);
    session& session = taken(opened);
    body();
    const auto closed = session.close();
    return closed ? std::string() : closed.error().text();
}

/// Returns the fingerprint that the next test takes.
fingerprint next_test(isolite::engine& engine, mode mode) {
    fingerprint found;
    const auto message =
        run_test(engine, "the next test", mode, [&] { found = take_fingerprint(engine); });
    BOOST_TEST(message == "");
    return found;
}

/// Checks which sections of the fingerprint differ.
void check_difference(const fingerprint& before, const fingerprint& now,
                      const std::string& expected) {
    BOOST_TEST_CONTEXT(details(before, now)) {
        BOOST_TEST(difference(before, now) == expected);
    }
}

/// A test as innocent as any: it writes, and its foreign keys and triggers work.
void check_that_tests_work(isolite::engine& engine, mode mode) {
    const auto message = run_test(engine, "an innocent test", mode, [&] {
        BOOST_TEST(engine.execute("INSERT INTO orders(product, quantity) VALUES (9, 4)") == 1);
        BOOST_TEST(engine.value<int>("SELECT stock FROM products WHERE id = 9") == 96);
        if (mode == mode::rollback) { // also of what it makes on its connection
            engine.execute("CREATE TEMP TABLE scratch(x)");
        }
        BOOST_CHECK_THROW(engine.execute("INSERT INTO orders(product, quantity) VALUES (0, 1)"),
                          isolite::query_error);
    });
    BOOST_TEST(message == "");
}

/// What every test must find.
struct pristine_database {
    explicit pristine_database(isolite::engine& engine)
        : in_rollback(next_test(engine, mode::rollback)),
          in_copy_on_write(next_test(engine, mode::copy_on_write)),
          testimony(neighbour(engine.uri()).testimony()) {}

    /// Checks the database in a test: through the engine's connection, a new one, and all that are
    /// still open.
    void check(stage& stage, mode mode) const {
        check_difference(mode == mode::rollback ? in_rollback : in_copy_on_write,
                         take_fingerprint(stage.engine), "");
        for (const auto& neighbour : stage.neighbours) {
            neighbour->recover();
        }
        for (const auto& neighbour : stage.neighbours) {
            BOOST_TEST((neighbour->testimony() == testimony));
        }
    }

    fingerprint in_rollback;
    fingerprint in_copy_on_write;
    std::string testimony;
};

/// Runs a test in which a new connection commits. Whatever others have cached of an earlier state,
/// which may have had the same number of commits behind it, they must see the new one.
void check_that_caches_are_not_believed(stage& stage) {
    BOOST_TEST(run_test(stage.engine, "a test that commits", mode::copy_on_write, [&] {
                   for (const auto& kept : stage.neighbours) {
                       kept->recover();
                   }
                   neighbour writer(stage.engine.uri());
                   writer.run("UPDATE products SET name = 'new' WHERE id = 200");
                   const std::string testimony = writer.testimony();
                   for (const auto& kept : stage.neighbours) {
                       BOOST_TEST((kept->testimony() == testimony));
                   }
                   BOOST_TEST(stage.engine.value<std::string>(
                                  "SELECT name FROM products WHERE id = 200") == "new");
               }) == "");
}

/// Runs tests in both modes alternately, which must find nothing of what happened before.
void check_next_tests(stage& stage, const pristine_database& pristine) {
    for (const mode mode : {mode::rollback, mode::copy_on_write}) {
        BOOST_TEST(run_test(stage.engine, "the next test", mode,
                            [&] { pristine.check(stage, mode); }) == "");
    }
}

using neighbours = decltype(stage::neighbours);

/// Checks that connections reach nothing any more.
void check_cut_off(const neighbours& all) {
    for (const auto& each : all) {
        each->recover();
        const std::string testimony = each->testimony();
        BOOST_TEST(testimony.find("disk I/O error") == 0);
        BOOST_TEST(testimony.find('|') == testimony.npos);
    }
}

bool in_wal_mode = false;

isolite::engine& workers_engine() {
    auto engine = in_wal_mode ? isolite::engine::of_worker<seeded_wal_databases>()
                              : isolite::engine::of_worker<seeded_databases>();
    return *taken(engine);
}

void run_protected(const adversary& adversary, mode mode) {
    isolite::engine& engine = workers_engine();
    BOOST_TEST_REQUIRE(engine.value<std::string>("PRAGMA journal_mode") == journal_mode());
    static const pristine_database pristine(engine);
    stage stage(engine, mode);
    // One connection has cached the database before the adversary comes.
    BOOST_TEST(run_test(engine, "an earlier test", mode, [&] {
                   if (!adversary.needs_to_be_alone) {
                       BOOST_TEST(stage.open_neighbour().testimony() == pristine.testimony);
                   }
                   if (adversary.earlier) {
                       adversary.earlier(stage);
                   }
               }) == "");
    BOOST_TEST(run_test(engine, adversary.name, mode, [&] { adversary.act(stage); }) ==
               expected_message(adversary, mode));
    neighbours cut_off = adversary.is_cut_off ? std::exchange(stage.neighbours, {}) : neighbours();
    check_cut_off(cut_off);
    check_that_caches_are_not_believed(stage);
    check_next_tests(stage, pristine);
    check_cut_off(cut_off);
    // The end of what outlived the test must not reach anyone either, in a test or between two.
    BOOST_TEST(run_test(engine, "a test that closes connections", mode, [&] {
                   stage.neighbours.clear();
                   cut_off.clear();
                   pristine.check(stage, mode);
               }) == "");
    stage.outlives.clear();
    check_next_tests(stage, pristine);
    check_that_tests_work(engine, mode::rollback);
    check_that_tests_work(engine, mode::copy_on_write);
}

void run_in_rollback(const adversary& adversary) {
    run_protected(adversary, mode::rollback);
}

void run_in_copy_on_write(const adversary& adversary) {
    run_protected(adversary, mode::copy_on_write);
}

void run_unprotected(const adversary& adversary) {
    auto opened = isolite::engine::open(seeded_databases::seed());
    isolite::engine& engine = taken(opened);
    const fingerprint pristine = next_test(engine, mode::none);
    stage stage(engine, mode::none);
    if (adversary.earlier) {
        adversary.earlier(stage);
    }
    run_test(engine, adversary.name, mode::none, [&] { adversary.act(stage); });
    check_difference(pristine, next_test(engine, mode::none), adversary.shows);
    restore_process();
}

std::vector<adversary> all_adversaries() {
    std::vector<adversary> all;
    for (family& each : all_families()) {
        std::move(each.members.begin(), each.members.end(), std::back_inserter(all));
    }
    return all;
}

unit_test::test_suite* suite(const char* name, const std::vector<adversary>& adversaries,
                             void (*run)(const adversary&)) {
    auto* const made = BOOST_TEST_SUITE(name);
    for (const adversary& adversary : adversaries) {
        made->add(
            unit_test::make_test_case([=] { run(adversary); }, adversary.name, __FILE__, __LINE__));
    }
    return made;
}

bool register_suite() {
    auto& root = unit_test::framework::master_test_suite();
    bool reversed = false;
    for (int i = 1; i < root.argc; ++i) {
        const std::string_view argument = root.argv[i];
        reversed = reversed || argument == "reversed";
        in_wal_mode = in_wal_mode || argument == "wal";
        if (argument != "reversed" && argument != "wal") {
            return false;
        }
    }
    set_journal_mode(in_wal_mode ? "wal" : "truncate");
    auto adversaries = all_adversaries();
    if (reversed) {
        std::reverse(adversaries.begin(), adversaries.end());
    }
    root.add(suite("rollback", adversaries, run_in_rollback));
    root.add(suite("copy_on_write", adversaries, run_in_copy_on_write));
    if (!in_wal_mode) {
        root.add(suite("unprotected", adversaries, run_unprotected));
    }
    return true;
}

} // namespace

int main(int argc, char* argv[]) {
    if (argc == 2 && argv[1] == std::string_view("promises")) {
        print_promises(all_families());
        return 0;
    }
    return unit_test::unit_test_main(register_suite, argc, argv);
}
