#pragma once

#include <isolite/case_marks.hpp>
#include <isolite/coverage.hpp>
#include <isolite/fixture.hpp>

#include <string>
#include <utility>
#include <vector>

namespace doctest {
struct IReporter;
} // namespace doctest

/// The adapter for doctest. Example:
/// `using shop_test = isolite::doc_test::session<shop>;`
/// `TEST_CASE_FIXTURE(shop_test, "an order reduces the stock") { ... }`
/// The namespace is not called `doctest`, which would hide doctest's own from whoever writes
/// `using namespace isolite`.
/// Each subcase starts on a pristine database, because doctest makes the fixture anew for it.
namespace isolite::doc_test {

/// Returns doctest as fixtures see it.
[[nodiscard]] framework& adapter();

/// The fixture of a test on the worker's database of `Database`, a type with a static function
/// `isolite::seed seed()`. The database is opened once for the worker.
template <typename Database, mode Mode = mode_of<Database>>
class session : public fixture {
  public:
    session() : fixture(adapter(), worker_database_of<Database>(), Mode) {}
};

/// Returns the marks of the test case that is registered at this place, or of a suite.
[[nodiscard]] case_marks& marks_of(const char* file, unsigned line);
[[nodiscard]] case_marks& marks_of(const char* suite);

/// What is a decorator by deriving from this, as `Decoration`, and changing the marks of a test
/// case, or of all in a suite.
template <typename Decoration>
class decorator {
  public:
    /// Called by doctest with what is decorated.
    template <typename Decorated>
    void fill(Decorated& decorated) const {
        static_cast<const Decoration&>(*this).mark(marks_of(decorated, 0));
    }

  private:
    template <typename TestCase>
    static auto marks_of(TestCase& test, int /*preferred*/)
        -> decltype(doc_test::marks_of(test.m_file.c_str(), test.m_line)) {
        return doc_test::marks_of(test.m_file.c_str(), test.m_line);
    }
    template <typename TestSuite>
    static case_marks& marks_of(TestSuite& suite, long /*otherwise*/) {
        return doc_test::marks_of(suite.m_test_suite);
    }
};

/// The decorator that chooses the mode of a test case, or of all in a suite. Example:
/// `TEST_CASE_FIXTURE(shop_test, "pays" * isolated(isolite::mode::copy_on_write))`
class isolated : public decorator<isolated> {
  public:
    explicit isolated(mode chosen) : chosen_(chosen) {}

    void mark(case_marks& marks) const { marks.mode = chosen_; }

  private:
    mode chosen_;
};

/// The decorator for cases that must not overlap when forked workers run the suite: those that use
/// the same resource are run one after the other, by one worker. For a case, or all in a suite.
/// Example: `TEST_CASE("listens" * isolite::doc_test::uses("port 8080"))`
class uses : public decorator<uses> {
  public:
    explicit uses(std::string resource) : resource_(std::move(resource)) {}

    void mark(case_marks& marks) const { marks.resources.push_back(resource_); }

  private:
    std::string resource_;
};

/// The decorator for cases that must run alone: after all others, one after the other.
class serial : public decorator<serial> {
  public:
    static void mark(case_marks& marks) { marks.serial = true; }
};

/// Returns the name of the suite whose fixture is being made.
[[nodiscard]] std::string suite_being_opened();

/// What derives from this and writes data in its constructor is the fixture of a suite: the data is
/// there for every test of the suite and gone after it. Given to a suite by `suite_fixture`.
template <typename Database>
class suite : public fixture {
  public:
    suite() : fixture(adapter(), worker_database_of<Database>(), suite_being_opened()) {}
};

/// Registers how the fixture of the suite called `name` is made and ended. Returns true.
bool add_suite_fixture(std::string name, void* (*make)(), void (*end)(void*));

/// Gives a suite its fixture, made before the first of its tests that runs, and again whenever the
/// order of the tests returns to the suite. A set-up that throws fails the tests of the suite. A
/// suite with several fixtures has them made in the order in which they are given.
/// Example: `static const bool orders = isolite::doc_test::suite_fixture<orders_data>("orders");`
template <typename Data>
bool suite_fixture(std::string name) {
    return add_suite_fixture(
        std::move(name), []() -> void* { return new Data; },
        [](void* made) { delete static_cast<Data*>(made); });
}

/// Runs the tests as `doctest::Context(argc, argv).run()`, after it has taken isolite's own options
/// out of the command line: `--workers` and the others. The ready-made `main` that calls it is in
/// <isolite/doctest_main.hpp>; a `main` with a context of its own calls `isolite::take_options`.
/// Returns the exit status: 2 for a malformed option.
[[nodiscard]] int run(int argc, char** argv);

/// Registers the adapter's listener, for shards and the summary. Returns true.
bool install();

/// Keeps the linker from dropping the listener, which nothing else refers to.
inline const bool installed = install();

using reporters = std::vector<doctest::IReporter*>;

/// Takes a way to reach the reporters and listeners of the running context, so that those of the
/// user are silent in processes that only serve theirs. Returns true.
bool know_reporters(reporters& (*reach)());

} // namespace isolite::doc_test

#include <isolite/doctest_reporters.hpp>
