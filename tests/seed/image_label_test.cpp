#include "seed/image_file.hpp"

#include <doctest/doctest.h>

using isolite::seeds::image_label;
using isolite::seeds::parse_label;
using isolite::seeds::text_of;

namespace {

const image_label label = {"shop", "0123", "3.40.1", 8192, "4567", std::chrono::milliseconds(12),
                           "89"};

} // namespace

TEST_CASE("a label is read as it was written") {
    std::string page = text_of(label);
    page.resize(4096);
    const auto read = parse_label(page);
    REQUIRE(read);
    CHECK(read->seed == "shop");
    CHECK(read->fingerprint == "0123");
    CHECK(read->sqlite == "3.40.1");
    CHECK(read->bytes == 8192);
    CHECK(read->checksum == "4567");
    CHECK(read->seeding == std::chrono::milliseconds(12));
    CHECK(read->run == "89");
}

TEST_CASE("the name of a seed stays on one line and fits into the page") {
    image_label odd = label;
    odd.seed = "a\nchecksum: b" + std::string(5000, 'x');
    const std::string text = text_of(odd);
    CHECK(text.size() < 4096);
    const auto read = parse_label(text);
    REQUIRE(read);
    CHECK(read->seed.rfind("a checksum: bxxx", 0) == 0);
    CHECK(read->checksum == "4567");
}

TEST_CASE("what is no label of this version is not read as one") {
    const std::string text = text_of(label);
    CHECK_FALSE(parse_label(""));
    CHECK_FALSE(parse_label(std::string(4096, '\0')));
    CHECK_FALSE(parse_label("isolite image 0" + text.substr(text.find('\n'))));
    for (std::size_t end = 0; end < text.size(); ++end) {
        CAPTURE(end);
        CHECK_FALSE(parse_label(text.substr(0, end)));
    }
    for (const char* field : {"seed", "fingerprint", "sqlite", "run", "bytes", "checksum"}) {
        CAPTURE(field);
        std::string other = text;
        other.replace(other.find(std::string("\n") + field) + 1, 1, "?");
        CHECK_FALSE(parse_label(other));
    }
    std::string not_a_number = text;
    not_a_number.replace(not_a_number.find("8192"), 4, "8x92");
    CHECK_FALSE(parse_label(not_a_number));
    for (const char* const time : {"-1", "9223372036854775808"}) { // as many are no int64
        std::string no_time = text;
        no_time.replace(no_time.find("12000000"), 8, time);
        CHECK_FALSE(parse_label(no_time));
    }
}
