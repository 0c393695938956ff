#include "../sandbox/in_child.hpp"
#include "run/journal.hpp"
#include "shared_mapping.hpp"
#include "small_run.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

using isolite::results::event;
using isolite::run::journal;

namespace {

using entry = std::pair<int, std::string>;
using entries = std::vector<entry>;

journal opened() {
    auto made = journal::open();
    REQUIRE(made);
    return *std::move(made);
}

entries read(const journal& from) {
    entries found;
    CHECK(from.read([&](event each) { found.emplace_back(each.kind, std::move(each.value)); }));
    return found;
}

/// Appends all of them, and says whether each could be written.
bool append(journal& to, const entries& wanted) {
    bool appended = true;
    for (const auto& [kind, value] : wanted) {
        appended = to.append({static_cast<std::uint8_t>(kind), value}) && appended;
    }
    return appended;
}

journal* interrupts = nullptr;

/// Appends to the journal when it is packed, and ends the process, as a handler of signals does.
struct interruption {
    int number = 5;

    template <typename Self>
    static auto fields(Self& self) {
        if (interrupts != nullptr) {
            static_cast<void>(interrupts->append(2, isolite::text::to_pack(self.number)));
            ::_exit(0);
        }
        return std::tie(self.number);
    }
};

struct interrupted {
    std::string text;
    interruption end;

    template <typename Self>
    static auto fields(Self& self) {
        return std::tie(self.text, self.end);
    }
};

} // namespace

TEST_CASE("a journal returns what was appended, in order") {
    journal kept = opened();
    CHECK(read(kept).empty());
    const entries wanted = {{1, "one"}, {0, ""}, {255, "three"}};
    REQUIRE(append(kept, wanted));
    CHECK(read(kept) == wanted);
    CHECK(read(kept) == wanted);
}

TEST_CASE("a journal keeps empty values, NUL bytes and megabytes apart") {
    journal kept = opened();
    std::string megabytes(8 << 20, '\0');
    for (std::size_t i = 0; i < megabytes.size(); ++i) {
        megabytes[i] = static_cast<char>(i % 251);
    }
    const entries wanted = {{1, ""},
                            {2, std::string("\0a\0", 3)},
                            {3, std::string(9, '\0')},
                            {4, megabytes},
                            {5, megabytes},
                            {6, "after"}};
    REQUIRE(append(kept, wanted));
    CHECK((read(kept) == wanted)); // not worth printing
}

TEST_CASE("a value that is packed in a journal is that of an event with the same value") {
    journal kept = opened();
    const std::vector<std::string> value = {"some", "", std::string(10'000, 'x')};
    REQUIRE(kept.append({1, "before"}));
    REQUIRE(kept.append(2, isolite::text::to_pack(value)));
    REQUIRE(kept.append({3, "after"}));
    CHECK((read(kept) == entries{{1, "before"}, {2, event::of(2, value).value}, {3, "after"}}));
}

TEST_CASE("a value that a journal has no room for is refused, and it keeps what it has") {
    auto made = journal::open(std::size_t(1) << 16);
    REQUIRE(made);
    journal kept = *std::move(made);
    REQUIRE(kept.append({1, "before"}));
    const std::string value(std::size_t(1) << 16, 'x');
    CHECK_FALSE(kept.append(2, isolite::text::to_pack(value)));
    CHECK((read(kept) == entries{{1, "before"}}));
}

TEST_CASE("a journal takes a value only where its own end has room behind it") {
    constexpr std::size_t most = std::size_t(1) << 16;
    std::size_t taken = 0;
    for (std::size_t bytes = most - 80; bytes <= most; ++bytes) {
        CAPTURE(bytes);
        auto made = journal::open(most);
        REQUIRE(made);
        journal kept = *std::move(made);
        const std::string value(bytes, 'x');
        if (kept.append(2, isolite::text::to_pack(value))) {
            CHECK(read(kept).size() == 1);
            ++taken;
        }
    }
    CHECK(taken > 0);
}

TEST_CASE("an append that interrupts another one, in a process that ends, is the last entry") {
    journal kept = opened();
    REQUIRE(kept.append({1, "before"}));
    const std::string seen = in_child([&]() -> std::string {
        const interrupted value = {std::string(10'000, 'x'), {}};
        const isolite::text::to_pack packed(value);
        interrupts = &kept;
        static_cast<void>(kept.append(3, packed));
        return "not interrupted";
    });
    CHECK(seen.empty());
    CHECK((read(kept) == entries{{1, "before"}, {2, event::of(2, 5).value}}));
}

TEST_CASE("a journal that was cleared begins anew") {
    journal kept = opened();
    REQUIRE(append(kept, {{1, "old"}}));
    kept.clear();
    CHECK(read(kept).empty());
    REQUIRE(append(kept, {{2, "new"}}));
    CHECK(read(kept) == entries{{2, "new"}});
}

TEST_CASE("a journal that was cleared gives its memory back") {
    journal kept = opened();
    REQUIRE(append(kept, {{1, std::string(4 << 20, 'x')}, {2, "last"}}));
    kept.clear();
    REQUIRE(append(kept, {{3, "new"}}));
    CHECK(read(kept) == entries{{3, "new"}}); // nothing of the old one behind it
}

TEST_CASE("what a child appended outlives its SIGKILL in the middle of an append") {
    journal kept = opened();
    constexpr int most = 64;
    const std::string megabyte(1 << 20, 'x');
    const shared<std::atomic<int>> appended;
    const pid_t child = ::fork();
    if (child == 0) {
        for (int i = 0; i < most; ++i) {
            static_cast<void>(kept.append({2, "end"}, {{1, megabyte + std::to_string(100 + i)}}));
            ++*appended;
        }
        for (;;) {
            ::pause();
        }
    }
    while (*appended < 3) { // and it is in the middle of the next one, most likely
    }
    ::kill(child, SIGKILL);
    REQUIRE(::waitpid(child, nullptr, 0) == child);
    const auto found = read(kept);
    CHECK(found.size() >= 2 * static_cast<std::size_t>(*appended));
    CHECK(found.size() % 2 == 0); // all events of an append or none
    for (std::size_t i = 0; i < found.size(); i += 2) {
        CHECK((found[i] == entry{1, megabyte + std::to_string(100 + i / 2)}));
        CHECK(found[i + 1] == entry{2, "end"});
    }
}

TEST_CASE("a journal without descriptors outlives a test that closes all of them") {
    const std::string seen = in_child([]() -> std::string {
        journal kept = opened();
        const int out = ::dup(STDOUT_FILENO);
        ::closefrom(out + 1);
        const bool appended = kept.append({1, "kept"});
        return std::string(appended ? "written" : "refused") +
               (read(kept).empty() ? ", empty" : ", full");
    });
    CHECK(seen == "written, full");
}

TEST_CASE("what was written over is left out with all behind it, wherever it is") {
    constexpr std::size_t odd_size = std::size_t(68) << 10; // of which there is one only
    auto made = journal::open(odd_size);
    REQUIRE(made);
    journal kept = *std::move(made);
    const entries all = {{1, "one"}, {2, std::string(300, 'x')}, {3, "ab"}, {4, "four"}};
    REQUIRE(append(kept, all));
    char* const bytes = shared_mapping_of(odd_size);
    REQUIRE(bytes != nullptr);
    std::size_t noticed = 0;
    for (std::size_t at = 0; at < 420; ++at) {
        for (const char change : {'\x01', '\x80', '\x7F'}) {
            bytes[at] = static_cast<char>(bytes[at] ^ change);
            entries found;
            const bool is_whole = kept.read(
                [&](event each) { found.emplace_back(each.kind, std::move(each.value)); });
            bytes[at] = static_cast<char>(bytes[at] ^ change);
            CHECK(found.size() <= all.size());
            CHECK(std::equal(found.begin(), found.end(), all.begin()));
            CHECK((!is_whole || found.size() == all.size()));
            noticed += is_whole ? 0 : 1;
        }
    }
    CHECK(noticed > 3 * 380); // but for what fills an entry up
    CHECK(read(kept) == all);
}

TEST_CASE("a journal that is full refuses what does not fit, and keeps what it has") {
    const std::string seen = in_child([]() -> std::string {
        auto opened = journal::open(std::size_t(1) << 20);
        journal kept = *std::move(opened);
        int appended = 0;
        int half = 0;
        const std::string part(10'000, 'x');
        while (appended < 1000 && kept.append({2, "small"}, {{1, part}})) {
            half += kept.is_half_full() ? 0 : 1;
            ++appended;
        }
        const std::size_t found = read(kept).size();
        return (found == 2U * static_cast<unsigned>(appended) ? "all of " : "some of ") +
               std::to_string(appended) + ", half of it " + std::to_string(half);
    });
    CHECK(seen == "all of 104, half of it 52");
}

TEST_CASE("what is appended later is visited from where the reader came to") {
    journal shared = opened();
    auto news = [&shared, place = std::size_t(0)]() mutable {
        entries found;
        place = shared.visit_from(place, [&](std::uint8_t kind, std::string_view value) {
            found.emplace_back(kind, std::string(value));
        });
        return found;
    };
    CHECK(news().empty());
    REQUIRE(append(shared, {{1, "one"}, {2, ""}}));
    CHECK(news() == entries{{1, "one"}, {2, ""}});
    CHECK(news().empty());
    REQUIRE(append(shared, {{3, std::string(1000, 'x')}}));
    CHECK(news() == entries{{3, std::string(1000, 'x')}});
    CHECK(read(shared).size() == 3);
}
