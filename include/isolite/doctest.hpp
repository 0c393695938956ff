#pragma once

#include <isolite/fixture.hpp>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

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
/// `isolite::seed seed()`. The database is seeded once for the worker.
template <typename Database, mode Mode = mode::rollback>
class session : public fixture {
  public:
    session() : fixture(adapter(), engine::of_worker<Database>(), Mode) {}
};

/// Registers the adapter's listener, for shards and the summary. Returns true.
bool install();

/// Keeps the linker from dropping the listener, which nothing else refers to.
inline const bool installed = install();

} // namespace isolite::doc_test
