#pragma once

#include "shop/tests/ids.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using texts = std::vector<std::string>;

namespace doctest {

/// Shows the list of a check that failed.
template <typename Value>
struct StringMaker<std::vector<Value>> {
    static String convert(const std::vector<Value>& list) {
        String shown = "{";
        for (const Value& value : list) {
            shown += (shown.size() > 1 ? ", " : "") + toString(value);
        }
        return shown + "}";
    }
};

} // namespace doctest
