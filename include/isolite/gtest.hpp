#pragma once

#include <isolite/case_marks.hpp>
#include <isolite/coverage.hpp>
#include <isolite/fixture.hpp>

#include <gtest/gtest.h>

#include <string>

/// The adapter for GoogleTest. Example:
/// `using Shop = isolite::googletest::session<shop>;`
/// `TEST_F(Shop, AnOrderReducesTheStock) { ... }`
namespace isolite::googletest {

/// Returns GoogleTest as fixtures see it.
[[nodiscard]] framework& adapter();

/// The fixture of a test on the worker's database of `Database`, a type with a static function
/// `isolite::seed seed()`. The database is opened once for the worker. Derive from it for `SetUp`
/// and the like, with `testing::WithParamInterface` for `TEST_P`, as a template for `TYPED_TEST`.
template <typename Database, mode Mode = mode_of<Database>>
class session : public testing::Test, public fixture {
  public:
    session() : fixture(adapter(), worker_database_of<Database>(), Mode) {}
};

/// The same as a local object, for `TEST`, which has no fixture, and for fixtures of your own.
template <typename Database, mode Mode = mode_of<Database>>
class local_session : public fixture {
  public:
    local_session() : fixture(adapter(), worker_database_of<Database>(), Mode) {}
};

/// Returns the name of the suite whose fixture is being made.
[[nodiscard]] std::string suite_being_opened();

/// The data of a suite: what `SetUpTestSuite` writes through it is there for every test of the
/// suite, and gone when it is destroyed. Make it in `SetUpTestSuite` and destroy it in
/// `TearDownTestSuite`, as a static `std::unique_ptr` of your fixture.
/// Errors: the constructor throws `setup_error`, with which the tests of the suite are skipped and
///   the suite fails.
template <typename Database>
class suite : public fixture {
  public:
    suite() : fixture(adapter(), worker_database_of<Database>(), suite_being_opened()) {}
};

/// Marks the tests whose full names match the pattern, `*` and `?` as in a filter of GoogleTest. To
/// be called before the tests run, say by a static object. Several marks of a test add up; of two
/// modes that of a pattern which is the test's name counts, else the first one. Returns true.
/// Example: `const bool port = isolite::googletest::mark("Server.*", uses("port 8080"));`
/// Errors: the run does not start if a pattern matches no test.
bool mark(std::string pattern, case_marks marks);

/// The mark that chooses the mode of tests.
[[nodiscard]] case_marks isolated(mode chosen);

/// The mark of tests that must not overlap when forked workers run the suite: those that use the
/// same resource are run one after the other, by one worker.
[[nodiscard]] case_marks uses(std::string resource);

/// The mark of tests that must run alone: after all others, one after the other.
[[nodiscard]] case_marks serial();

/// Lets a listener hear of tests also in the forked workers that run them, as one that throws at a
/// failed assertion, or that prepares something for each test, must. Others hear of all tests in
/// the parent only, when the workers are done. Returns the listener, to be appended as any other.
/// Lifetime: that of the run.
testing::TestEventListener* in_workers(testing::TestEventListener* listener);

/// Runs the tests as `RUN_ALL_TESTS()`, after it has taken isolite's own options out of the command
/// line: `--workers` and the others, and has let `initialise` read the rest. The ready-made `main`
/// that calls it is in <isolite/gtest_main.hpp>; a `main` of your own calls
/// `isolite::take_options` in front of `testing::InitGoogleTest`.
/// Returns the exit status: 2 for a malformed option.
[[nodiscard]] int run(int argc, char** argv,
                      void (*initialise)(int*, char**) = testing::InitGoogleTest);

/// Registers the adapter's listener. Returns true.
bool install();

/// Keeps the linker from dropping the listener, which nothing else refers to.
inline const bool installed = install();

} // namespace isolite::googletest
