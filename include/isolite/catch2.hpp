#pragma once

#include <isolite/coverage.hpp>
#include <isolite/fixture.hpp>

#include <vector>

namespace Catch {
struct AssertionInfo;
struct Counts;
struct MessageInfo;
struct Totals;
class TestCase;       // of version 2
class TestCaseHandle; // of version 3
} // namespace Catch

/// The adapter for Catch2, versions 2 and 3. Example:
/// `using shop_test = isolite::catch2::session<shop>;`
/// `TEST_CASE_METHOD(shop_test, "an order reduces the stock", "[orders]") { ... }`
/// Each pass through a case, for another section or another value of a generator, starts on a
/// pristine database, because Catch2 makes the fixture anew for it.
///
/// Tags of a case say how it runs: `[copy_on_write]` and `[rollback]` choose the mode of its
/// session; cases with the same `[uses:port 8080]` never overlap; `[serial]` runs alone, after all
/// others. `[!benchmark]` is as good as that.
namespace isolite::catch2 {

/// Returns Catch2 as fixtures see it.
[[nodiscard]] framework& adapter();

/// The fixture of a test on the worker's database of `Database`, a type with a static function
/// `isolite::seed seed()`. The database is opened once for the worker.
template <typename Database, mode Mode = mode_of<Database>>
class session : public fixture {
  public:
    session() : fixture(adapter(), worker_database_of<Database>(), Mode) {}
};

/// Takes isolite's own options out of the command line, `--workers` and the others, and gives the
/// rest to `session`, which runs Catch2's. The ready-made `main` that calls it is in
/// <isolite/catch2_main.hpp>; a `main` of your own calls `isolite::take_options`, and includes this
/// header behind Catch2's implementation.
/// Returns the exit status: 2 for a malformed option.
[[nodiscard]] int run(int argc, char** argv, int (*session)(int, char**));

/// Registers the adapter's listener, for shards, workers and the summary. Returns true.
bool install();

/// Keeps the linker from dropping the listener, which nothing else refers to.
inline const bool installed = install();

#if __has_include(<catch2/catch_all.hpp>)
using test_case = Catch::TestCaseHandle;
#else
using test_case = Catch::TestCase;
#endif

/// What isolite asks of Catch2's runner, which Catch2 keeps for itself.
struct runner {
    /// Runs a case, as if none had failed before it.
    void (*run)(const test_case& test);
    /// Counts assertions in the running case.
    void (*count)(const Catch::Counts& assertions);
    /// Chooses whether reporters are told of assertions that pass.
    void (*tell_passed)(bool wanted);
    /// Shows what a crash interrupts, taking no memory for it: the last assertion or section that
    /// began, what INFO and its kin say around the next, and what was counted. Null where it is not
    /// known.
    void (*show_last)(void (*look)(const Catch::AssertionInfo& last,
                                   const std::vector<Catch::MessageInfo>& messages,
                                   const Catch::Totals& totals));
};

/// Takes the way to the runner. Returns true.
bool know_runner(const runner& known);

} // namespace isolite::catch2

#include <isolite/catch2_runner.hpp>
