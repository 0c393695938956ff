#include "text/packed.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
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
};

/// As many members as there may be, a structure with its own among them.
struct many {
    std::string a;
    int b = 0;
    remark c;
    double d = 0;
    std::vector<remark> e;
    colour f = colour::red;
    bool g = false;
    std::string h;
    char i = 0;
    std::uint64_t j = 0;
    std::vector<std::string> k;
    std::string l;
};

struct partly {
    std::string kept;
    std::string left_out;
    int number = 0;

    template <typename Self>
    static auto fields(Self& self) {
        return std::tie(self.kept, self.number);
    }
};

template <typename Text>
struct said_by {
    Text who;
    int line = 0;
    Text what;

    template <typename Self>
    static auto fields(Self& self) {
        return std::tie(self.who, self.line, self.what);
    }
};

} // namespace

TEST_CASE("what is packed with views of its texts is unpacked with texts") {
    const std::string odd("a\0\n\xFF", 4);
    const said_by<std::string_view> said = {"me", 7, odd};
    const auto found = unpacked<said_by<std::string>>(packed(said));
    CHECK(found.who == "me");
    CHECK(found.line == 7);
    CHECK(found.what == odd);
    const said_by<std::string_view> nothing = {{}, 7, {}}; // a view of no text has no address
    CHECK(unpacked<said_by<std::string>>(packed(nothing)).line == 7);
}

TEST_CASE("what is to be packed knows its size, and writes as many bytes") {
    const std::vector<std::string> all = {"one", "", "three"};
    const isolite::text::to_pack given(all);
    std::string room(given.size() + 1, '!');
    given.put(room.data());
    CHECK(room == packed(all) + "!");
}

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

TEST_CASE("a structure of many members is packed whole") {
    const remark inner = {{2, true}, "inner", {"f"}, colour::green, std::chrono::nanoseconds(9)};
    const many all = {"first", 1,   inner, 2.5,      {inner, {}}, colour::green,
                      true,    "h", 'i',   1U << 20, {"k", ""},   "last"};
    const auto found = unpacked<many>(packed(all));
    CHECK(packed(found) == packed(all));
    CHECK(found.a == "first");
    CHECK(found.c.text == "inner");
    CHECK(found.e.at(0).frames == std::vector<std::string>{"f"});
    CHECK(found.j == 1U << 20);
    CHECK(found.l == "last");
}

TEST_CASE("a structure that names its members is packed as far as it names them") {
    const auto found = unpacked<partly>(packed(partly{"kept", "left out", 3}));
    CHECK(found.kept == "kept");
    CHECK(found.left_out.empty());
    CHECK(found.number == 3);
}

TEST_CASE("the first member of a structure can be unpacked alone") {
    const remark whole = {{3, true}, "text", {}, colour::red, {}};
    CHECK(unpacked<place>(packed(whole)).line == 3);
}
