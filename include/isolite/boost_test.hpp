#pragma once

#include <isolite/coverage.hpp>
#include <isolite/fixture.hpp>

#include <boost/make_shared.hpp>
#include <boost/test/tree/decorator.hpp>
#include <boost/test/tree/fixture.hpp>
#include <boost/test/tree/test_unit.hpp>

#include <memory>
#include <string>
#include <utility>

/// The adapter for Boost.Test. Example:
/// `using shop_test = isolite::boost_test::session<shop>;`
/// `BOOST_FIXTURE_TEST_CASE(an_order_reduces_the_stock, shop_test) { ... }`
namespace isolite::boost_test {

/// Returns Boost.Test as fixtures see it.
[[nodiscard]] ISOLITE_API framework& adapter();

/// The fixture of a test on the worker's database of `Database`, a type with a static function
/// `isolite::seed seed()`. The database is opened once for the worker.
template <typename Database, mode Mode = mode_of<Database>>
class session : public fixture {
  public:
    session() : fixture(adapter(), worker_database_of<Database>(), Mode) {}
};

/// The decorator that chooses the mode of a test case, or of all in a suite. Example:
/// `BOOST_FIXTURE_TEST_CASE(pays, shop_test, *isolated(isolite::mode::copy_on_write))`
class ISOLITE_API isolated : public boost::unit_test::decorator::base {
  public:
    explicit isolated(mode chosen) : chosen_(chosen) {}

  private:
    void apply(boost::unit_test::test_unit& unit) override;
    [[nodiscard]] boost::unit_test::decorator::base_ptr clone() const override;

    mode chosen_;
};

/// The decorator for cases that must not overlap when forked workers run the suite: those that use
/// the same resource are run one after the other, by one worker. For a case, or all in a suite.
/// Example: `BOOST_AUTO_TEST_CASE(listens, *isolite::boost_test::uses("port 8080"))`
class ISOLITE_API uses : public boost::unit_test::decorator::base {
  public:
    explicit uses(std::string resource) : resource_(std::move(resource)) {}

  private:
    void apply(boost::unit_test::test_unit& unit) override;
    [[nodiscard]] boost::unit_test::decorator::base_ptr clone() const override;

    std::string resource_;
};

/// The decorator for cases that must run alone: after all others, one after the other.
class ISOLITE_API serial : public boost::unit_test::decorator::base {
    void apply(boost::unit_test::test_unit& unit) override;
    [[nodiscard]] boost::unit_test::decorator::base_ptr clone() const override;
};

/// What derives from this and writes data in its constructor is the fixture of a suite: the data is
/// there for every test of the suite and gone after it. Given to a suite by `suite_fixture`.
template <typename Database>
class suite : public fixture {
  public:
    suite() : fixture(adapter(), worker_database_of<Database>(), adapter().current_test()) {}
};

/// Makes and ends the fixture of a suite. A set-up that throws fails the tests of the suite.
class ISOLITE_API suite_data : public boost::unit_test::test_unit_fixture {
  public:
    using factory = std::shared_ptr<void> (*)();

    explicit suite_data(factory make) : make_(make) {}

  private:
    void setup() override;
    void teardown() override;

    factory make_;
    std::shared_ptr<void> data_;
};

/// The decorator that gives a suite its fixture. Example:
/// `BOOST_AUTO_TEST_SUITE(orders, *isolite::boost_test::suite_fixture<orders_data>())`
template <typename Data>
class suite_fixture : public boost::unit_test::decorator::base {
    void apply(boost::unit_test::test_unit& unit) override {
        const auto make = []() -> std::shared_ptr<void> { return std::make_shared<Data>(); };
        unit.p_fixtures.value.push_back(boost::make_shared<suite_data>(+make));
    }
    [[nodiscard]] boost::unit_test::decorator::base_ptr clone() const override {
        return boost::make_shared<suite_fixture>();
    }
};

/// Runs the tests as `boost::unit_test::unit_test_main`, after it has taken isolite's own options
/// out of the command line: `--workers` and the others. For a `main` of your own; the ready-made
/// one is in <isolite/boost_test_main.hpp>. Returns the exit status: 2 for a malformed option.
[[nodiscard]] ISOLITE_API int run(bool (*init)(), int argc, char** argv);

/// Registers the adapter's observer, for shards and the summary. Returns true.
ISOLITE_API bool install();

/// Keeps the linker from dropping the observer, which nothing else refers to.
inline const bool installed = install();

} // namespace isolite::boost_test
