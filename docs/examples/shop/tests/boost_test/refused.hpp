#pragma once

#include <isolite/query.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <utility>

/// Accepts the error of a statement that SQLite refused for this reason: the predicate of a
/// BOOST_CHECK_EXCEPTION. Before the reason the text names the statement.
inline auto refused(std::string reason) {
    return [reason = ": " + std::move(reason)](const isolite::query_error& error) {
        const std::string text = error.what();
        BOOST_TEST_INFO("the error is: " << text);
        const auto start = text.size() - std::min(text.size(), reason.size());
        BOOST_TEST(text.substr(start) == reason);
        return text.substr(start) == reason;
    };
}
