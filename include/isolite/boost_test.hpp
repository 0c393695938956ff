#pragma once

#include <isolite/fixture.hpp>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

/// The adapter for Boost.Test. Example:
/// `using shop_test = isolite::boost_test::session<shop>;`
/// `BOOST_FIXTURE_TEST_CASE(an_order_reduces_the_stock, shop_test) { ... }`
namespace isolite::boost_test {

/// Returns Boost.Test as fixtures see it.
[[nodiscard]] ISOLITE_API framework& adapter();

/// The fixture of a test on the worker's database of `Database`, a type with a static function
/// `isolite::seed seed()`. The database is seeded once for the worker.
template <typename Database, mode Mode = mode::rollback>
class session : public fixture {
  public:
    session() : fixture(adapter(), engine::of_worker<Database>(), Mode) {}
};

/// Registers the adapter's observer, for shards and the summary. Returns true.
ISOLITE_API bool install();

/// Keeps the linker from dropping the observer, which nothing else refers to.
inline const bool installed = install();

} // namespace isolite::boost_test
