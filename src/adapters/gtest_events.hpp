#pragma once

#include "results/event.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

/// What a worker records of GoogleTest.
namespace isolite::googletest {

enum event_kind : std::uint8_t {
    part_event = 16, ///< of a case: said_part
    end_event,       ///< of a case: said_end
    suite_event,     ///< outside of cases: said_of_suite
};

/// An assertion, or that something was skipped.
struct said_part {
    testing::TestPartResult::Type type;
    std::string file; ///< "" where nobody knows it
    int line;
    std::string message;
};

struct said_property {
    std::string key;
    std::string value;
};

struct said_end {
    testing::TimeInMillis duration;
    testing::TimeInMillis start;
    std::uint64_t parts; ///< How many of the last ones stand: GoogleTest's own tests clear them.
    std::vector<said_property> properties;
};

/// What was said in the set-up or, when it `ends`, in the end of a suite.
struct said_of_suite {
    std::string suite;
    bool ends;
    std::vector<said_part> parts;
    std::vector<said_property> properties;
};

[[nodiscard]] inline said_part said(const testing::TestPartResult& part) {
    return {part.type(), part.file_name() != nullptr ? part.file_name() : "", part.line_number(),
            part.message()};
}

[[nodiscard]] inline testing::TestPartResult part_of(const said_part& said) {
    return {said.type, said.file.c_str(), said.line, said.message.c_str()};
}

[[nodiscard]] inline std::vector<said_property> properties_of(const testing::TestResult& result) {
    std::vector<said_property> all;
    for (int i = 0; i < result.test_property_count(); ++i) {
        const testing::TestProperty& each = result.GetTestProperty(i);
        all.push_back({each.key(), each.value()});
    }
    return all;
}

} // namespace isolite::googletest
