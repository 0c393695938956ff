#include "text/packed.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

using isolite::text::packed;
using isolite::text::unpacked;

namespace {

enum class colour : std::uint8_t { red, green };

struct place {
    int line = 0;
    bool inside = false;
};

struct remark {
    place at;
    std::string text;
    std::vector<std::string> frames;
    colour shown = colour::red;
    std::chrono::nanoseconds since{0};

    template <typename Self>
    static auto fields(Self& self) {
        return std::tie(self.at, self.text, self.frames, self.shown, self.since);
    }
};

} // namespace

TEST_CASE("a value that was packed is the same unpacked") {
    const std::string odd("a\0\n\xFF", 4);
    const std::vector<remark> all = {
        {{7, true}, odd, {"", odd, "c"}, colour::green, std::chrono::nanoseconds(-5)}, {}};
    const auto found = unpacked<std::vector<remark>>(packed(all));
    REQUIRE(found.size() == 2);
    CHECK(found[0].at.line == 7);
    CHECK(found[0].at.inside);
    CHECK(found[0].text == odd);
    CHECK((found[0].frames == all[0].frames));
    CHECK((found[0].shown == colour::green));
    CHECK(found[0].since.count() == -5);
    CHECK(found[1].text.empty());
    CHECK(found[1].frames.empty());
    CHECK(unpacked<std::vector<remark>>(packed(std::vector<remark>())).empty());
}

TEST_CASE("the first member of a structure can be unpacked alone") {
    const remark whole = {{3, true}, "text", {}, colour::red, {}};
    CHECK(unpacked<place>(packed(whole)).line == 3);
}
