#include "adversary.hpp"
#include "fingerprint.hpp"
#include "seeded_database.hpp"

#include <isolite/boost_test.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string_view>

// Each adversary is two test cases. Under "protected" it runs in a session, which must say exactly
// what was left behind, and the next test must find a pristine database. Under "unprotected" it
// runs with mode none, and the next test must find what the adversary did: the proof that the first
// half would see it.
//
// All adversaries under "protected" share the worker's engine, as tests do, so that each order of
// the suite is another experiment. Usage: isolation_test [OPTIONS OF BOOST.TEST] [-- reversed]

namespace {

namespace unit_test = boost::unit_test;
using isolite::mode;
using isolite::session;

const std::string transaction_hint =
    "in mode rollback the fixture owns the transaction: let the code under test use SAVEPOINT and "
    "RELEASE, or leave BEGIN and COMMIT to its callers";
const std::string other_connection_hint =
    "in mode rollback only the fixture's connection is protected, and the fixture owns its "
    "transaction: let the code under test use db(), without BEGIN and COMMIT";
const std::string connection_hint =
    "undo in the test what it did to its connection, for instance in a destructor";

/// Returns the message that a test must fail with, "" for one that must pass.
std::string expected_message(const adversary& adversary) {
    if (adversary.leaves.empty()) {
        return {};
    }
    const auto leaves = [&adversary](const char* clause) {
        return adversary.leaves.find(clause) != std::string::npos;
    };
    const std::string& hint = leaves(" through another connection, or") ? other_connection_hint
                              : leaves("it committed")                  ? transaction_hint
                                                                        : connection_hint;
    return "cannot end '" + adversary.name + "' with a clean database: " + adversary.leaves +
           "\n  hint: " + hint;
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
void check_that_tests_work(isolite::engine& engine) {
    const auto message = run_test(engine, "an innocent test", mode::rollback, [&] {
        BOOST_TEST(engine.execute("INSERT INTO orders(product, quantity) VALUES (9, 4)") == 1);
        BOOST_TEST(engine.value<int>("SELECT stock FROM products WHERE id = 9") == 96);
        BOOST_CHECK_THROW(engine.execute("INSERT INTO orders(product, quantity) VALUES (0, 1)"),
                          isolite::query_error);
    });
    BOOST_TEST(message == "");
}

isolite::engine& workers_engine() {
    auto engine = isolite::engine::of_worker<seeded_database>();
    return *taken(engine);
}

void run_protected(const adversary& adversary) {
    isolite::engine& engine = workers_engine();
    static const fingerprint pristine = next_test(engine, mode::rollback);
    {
        stage stage{engine, {}};
        if (adversary.earlier) {
            BOOST_TEST(run_test(engine, "an earlier test", mode::rollback,
                                [&] { adversary.earlier(stage); }) == "");
        }
        BOOST_TEST(run_test(engine, adversary.name, mode::rollback,
                            [&] { adversary.act(stage); }) == expected_message(adversary));
        check_difference(pristine, next_test(engine, mode::rollback), "");
    }
    // The end of what outlived the test must not reach anyone either.
    check_difference(pristine, next_test(engine, mode::rollback), "");
    check_that_tests_work(engine);
}

void run_unprotected(const adversary& adversary) {
    auto opened = isolite::engine::open(seeded_database::seed());
    isolite::engine& engine = taken(opened);
    const fingerprint pristine = next_test(engine, mode::none);
    stage stage{engine, {}};
    if (adversary.earlier) {
        adversary.earlier(stage);
    }
    run_test(engine, adversary.name, mode::none, [&] { adversary.act(stage); });
    check_difference(pristine, next_test(engine, mode::none), adversary.shows);
    restore_process();
}

std::vector<adversary> all_adversaries() {
    std::vector<adversary> all;
    for (auto family : {transaction_adversaries, schema_adversaries, setting_adversaries,
                        connection_adversaries, statement_adversaries, neighbour_adversaries}) {
        for (adversary& member : family()) {
            all.push_back(std::move(member));
        }
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
    const auto& arguments = unit_test::framework::master_test_suite();
    auto adversaries = all_adversaries();
    for (int i = 1; i < arguments.argc; ++i) {
        if (std::string_view(arguments.argv[i]) != "reversed") {
            return false;
        }
        std::reverse(adversaries.begin(), adversaries.end());
    }
    auto& root = unit_test::framework::master_test_suite();
    root.add(suite("protected", adversaries, run_protected));
    root.add(suite("unprotected", adversaries, run_unprotected));
    return true;
}

} // namespace

int main(int argc, char* argv[]) {
    return unit_test::unit_test_main(register_suite, argc, argv);
}
