#pragma once

#include <isolite/query.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>

/// Accepts the error of a statement that SQLite refused for this reason: the predicate of a
/// BOOST_CHECK_EXCEPTION.
inline auto refused(std::string reason) {
    return [reason = std::move(reason)](const isolite::query_error& error) {
        BOOST_TEST(error.reason() == reason);
        return error.reason() == reason;
    };
}
