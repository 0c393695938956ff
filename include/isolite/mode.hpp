#pragma once

#include <isolite/version.hpp>

#include <type_traits>

namespace isolite {

/// How a test is kept from changing the database for the next one.
enum class mode {
    rollback, ///< The test runs in a transaction on the fixture's connection, rolled back after it.
    /// The test really commits, on as many connections and threads as it likes, and the pages that
    /// it changed are dropped after it.
    copy_on_write,
    none,  ///< Not at all: for showing what a test does to others when it is unprotected.
    usual, ///< `copy_on_write` where the seed claims files, else `rollback`.
};

/// The mode of the tests on `Database`: its static member `mode`, `usual` when it has none.
template <typename Database, typename = void>
inline constexpr mode mode_of = mode::usual;
template <typename Database>
inline constexpr mode mode_of<Database, std::void_t<decltype(Database::mode)>> = Database::mode;

} // namespace isolite
