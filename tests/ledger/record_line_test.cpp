#include "ledger/record_line.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>

namespace {

/// Returns a field as SQLite reads it, "" if the line is no JSON.
std::string field(std::string_view line, const std::string& name) {
    SQLite::Database database(":memory:");
    SQLite::Statement query(database, "SELECT json_extract(?, ?) WHERE json_valid(?)");
    query.bind(1, std::string(line));
    query.bind(2, "$." + name);
    query.bind(3, std::string(line));
    return query.executeStep() ? query.getColumn(0).getString() : "";
}

std::string read_back(const std::string& text) {
    isolite::records::record_line line;
    return field(line.begin("case", std::chrono::nanoseconds(1)).add("test", text).end(), "test");
}

} // namespace

TEST_CASE("a record is an object on one line") {
    isolite::records::record_line line;
    line.begin("case", std::chrono::nanoseconds(12)).add("test", "a/b").add("ns", std::int64_t(-3));
    CHECK(line.end() == "{\"kind\":\"case\",\"start\":12,\"test\":\"a/b\",\"ns\":-3}\n");
    line.begin("end", std::chrono::nanoseconds(13));
    CHECK(line.end() == "{\"kind\":\"end\",\"start\":13}\n");
}

TEST_CASE("the largest numbers are kept") {
    isolite::records::record_line line;
    const auto least = std::numeric_limits<std::int64_t>::min();
    CHECK(field(line.begin("a", std::chrono::nanoseconds(0)).add("n", least).end(), "n") ==
          std::to_string(least));
}

TEST_CASE("every text is read back by SQLite as it was") {
    for (const std::string text : {"", "a \"quoted\" name", "back\\slash", "line\nbreak\ttab\r",
                                   "\x01\x1f\x7f", "Grüße, 数据库, 🧪", "</script>"}) {
        CHECK(read_back(text) == text);
    }
}

TEST_CASE("what is no UTF-8 becomes question marks") {
    CHECK(read_back("a\xff\xfe"
                    "b") == "a??b");
    CHECK(read_back("cut \xe6\x95") == "cut ??");
    CHECK(read_back("\xed\xa0\x80") == "???"); // half of a surrogate pair
}

TEST_CASE("each single byte makes a line of JSON") {
    for (int byte = 1; byte < 256; ++byte) {
        isolite::records::record_line line;
        line.begin("a", std::chrono::nanoseconds(0))
            .add("t", std::string(1, static_cast<char>(byte)));
        const std::string text(line.end());
        CHECK(text.find('\n') == text.size() - 1);
        CHECK(field(text, "kind") == "a");
    }
}
