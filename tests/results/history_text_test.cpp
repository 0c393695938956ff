#include "../worker/temporary_directory.hpp"
#include "results/history_text.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <string>

using isolite::results::histories_in;
using isolite::results::history_text;
using isolite::results::kept_case;
using isolite::results::merged;
using isolite::results::most_kept_cases;
using isolite::results::program_histories;
using isolite::results::read_histories;

using namespace std::chrono_literals;

namespace {

const std::string head = "isolite history 1\n";

/// Returns what reading a text complains of, or what was read, written again.
std::string read_again(const std::string& text) {
    const auto read = histories_in(text);
    return read ? history_text(*read) : read.error();
}

/// Returns the last line of what files become that are merged, without the program and the case.
std::string merged_text(const std::vector<std::string>& files) {
    std::vector<program_histories> all;
    for (const std::string& each : files) {
        all.push_back(histories_in(head + "shop_test\ta\t" + each + "\n").value());
    }
    const std::string text = history_text(merged(all));
    const std::string start = head + "shop_test\ta\t";
    CHECK(text.substr(0, start.size()) == start);
    return text.substr(start.size(), text.size() - start.size() - 1);
}

} // namespace

TEST_CASE("a history as a text has a line for each case, sorted by program and name") {
    const program_histories all = {
        {"shop_test", {{"b", {{5ns, 4ns}, true, 1790000000}}, {"a", {{7ms}, false, 12}}}},
        {"books_test", {{"z", {{1ns}, false, 0}}}}};
    CHECK(history_text(all) == head + "books_test\tz\tpassed\t0\t1\n"
                                      "shop_test\ta\tpassed\t12\t7000000\n"
                                      "shop_test\tb\tfailed\t1790000000\t5 4\n");
    CHECK(history_text({}) == head);
}

TEST_CASE("what was written is read, whatever the names are") {
    const std::string odd = std::string("a\tb\nc\rd\\n\0e\xFF", 12);
    const program_histories all = {{"t\\", {{odd, {{5ns}, true, 7}}, {"", {{5ns}, false, 7}}}}};
    const std::string text = history_text(all);
    CHECK(text ==
          head + "t\\\\\t\tpassed\t7\t5\n" + "t\\\\\ta\\tb\\nc\\rd\\\\n\\0e\xFF\tfailed\t7\t5\n");
    const auto read = histories_in(text);
    REQUIRE(read);
    CHECK(read->at("t\\").at(odd).failed);
    CHECK(read->at("t\\").at(odd).durations == std::vector<std::chrono::nanoseconds>{5ns});
    CHECK(read->at("t\\").at(odd).last_run == 7);
    CHECK(read_again(text) == text);
    CHECK(read_again(head) == head);
}

TEST_CASE("a file that is no history is refused") {
    for (const char* const text : {"", "isolite history 2\n", "isolite history 10\n", "{}\n"}) {
        CHECK(read_again(text) == "its first line is not \"isolite history 1\"");
    }
}

TEST_CASE("a file that was cut off in its first line is no empty history") {
    for (std::size_t length = 1; length < head.size(); ++length) {
        CHECK(read_again(head.substr(0, length)) == "line 1: it is cut off");
    }
    CHECK(read_again("isolite histories") == "its first line is not \"isolite history 1\"");
}

TEST_CASE("the first line that is wrong is told by its number, and why") {
    const std::string good = head + "shop_test\ta\tpassed\t1\t5\n";
    const auto wrong = [&](const std::string& line) { return read_again(good + line + "\n"); };
    CHECK(wrong("shop_test\tb\tpassed\t1") == "line 3: it has 4 columns, not 5");
    CHECK(wrong("shop_test\tb\tpassed\t1\t5\t6") == "line 3: it has 6 columns, not 5");
    CHECK(wrong("") == "line 3: it has 1 columns, not 5");
    const std::string name =
        "line 3: it names no program, or has a backslash before another letter than "
        "t, n, r or 0";
    CHECK(wrong("\tb\tpassed\t1\t5") == name);
    CHECK(wrong("shop_test\tb\\x\tpassed\t1\t5") == name);
    CHECK(wrong("shop_test\\\tb\tpassed\t1\t5") == name);
    CHECK(wrong("shop_test\tb\tskipped\t1\t5") ==
          "line 3: its third column is neither passed nor failed");
    for (const char* const time : {"", "x", "-1", "1.5", "99999999999999999999"}) {
        CHECK(wrong("shop_test\tb\tpassed\t" + std::string(time) + "\t5") ==
              "line 3: its fourth column is no time in seconds");
    }
    for (const char* const durations : {"", "x", "-1", " 1", "1 ", "1  2", "1,2", "86400000000001",
                                        "1 2 3 4 5 6 7 8 9 10 11", "99999999999999999999"}) {
        CHECK(wrong("shop_test\tb\tpassed\t1\t" + std::string(durations)) ==
              "line 3: its last column is not 1 to 10 durations in nanoseconds, of a "
              "day at most, with a space between them");
    }
    CHECK(wrong("shop_test\ta\tpassed\t1\t5") ==
          "line 3: it tells of a case that was told of before");
    CHECK(read_again(good + "shop_test\tb\tpassed\t1\t5") == "line 3: it is cut off");
}

TEST_CASE("a file that cannot be read is told in the words of the system") {
    const temporary_directory directory;
    const std::string hint = "\n  hint: name a file that `isolite history export` or `merge` has "
                             "written; `isolite history merge FILE` writes an empty one";
    CHECK(read_histories(directory / "none").error().text() ==
          "cannot read the history '" + (directory / "none") + "': No such file or directory" +
              hint);
    CHECK(read_histories(directory.path()).error().text() ==
          "cannot read the history '" + directory.path() + "': Is a directory" + hint);
    std::ofstream(directory / "all") << head << "shop_test\ta\tpassed\t1\t5\n";
    CHECK(read_histories(directory / "all").value().at("shop_test").size() == 1);
}

TEST_CASE("the files of shards become one that has all of their cases") {
    const auto one = histories_in(head + "p\ta\tpassed\t1\t5\nq\ta\tfailed\t1\t6\n").value();
    const auto other = histories_in(head + "p\tb\tpassed\t2\t7\n").value();
    const std::string all = head + "p\ta\tpassed\t1\t5\np\tb\tpassed\t2\t7\nq\ta\tfailed\t1\t6\n";
    CHECK(history_text(merged({one, other})) == all);
    CHECK(history_text(merged({other, one})) == all);
    CHECK(history_text(merged({})) == head);
}

TEST_CASE(
    "of a case in several files the last verdict counts, and all durations, the latest first") {
    CHECK(merged_text({"failed\t1\t5 4", "passed\t2\t9 8"}) == "passed\t2\t9 8 5 4");
    CHECK(merged_text({"passed\t2\t9 8", "failed\t1\t5 4"}) == "passed\t2\t9 8 5 4");
    CHECK(merged_text({"passed\t3\t7", "failed\t1\t5", "failed\t2\t6"}) == "passed\t3\t7 6 5");
    CHECK(merged_text({"passed\t2\t9 8 7 6 5 4", "passed\t1\t39 38 37 36 35 34"}) ==
          "passed\t2\t9 8 7 6 5 4 39 38 37 36");
}

TEST_CASE("durations that files have in common count once") {
    CHECK(merged_text({"failed\t1\t5 4", "failed\t1\t5 4"}) == "failed\t1\t5 4");
    CHECK(merged_text({"passed\t2\t6 5 4", "failed\t1\t5 4"}) == "passed\t2\t6 5 4");
    CHECK(merged_text({"passed\t2\t6 5", "failed\t1\t5 4 3"}) == "passed\t2\t6 5 4 3");
    CHECK(merged_text({"passed\t2\t6 5 4", "failed\t1\t5"}) == "passed\t2\t6 5 4");
}

TEST_CASE("two files of one second are merged the same way round in any order") {
    CHECK(merged_text({"passed\t1\t5", "passed\t1\t6"}) ==
          merged_text({"passed\t1\t6", "passed\t1\t5"}));
    CHECK(merged_text({"passed\t1\t6", "failed\t1\t5"}) ==
          merged_text({"failed\t1\t5", "passed\t1\t6"}));
}

TEST_CASE("of two files of one second the one that tells of more runs is the later one") {
    CHECK(merged_text({"failed\t1\t5", "passed\t1\t6 5"}) == "passed\t1\t6 5");
    CHECK(merged_text({"failed\t1\t6 5", "passed\t1\t5"}) == "failed\t1\t6 5");
    CHECK(merged_text({"passed\t1\t6", "failed\t1\t5"}) == "failed\t1\t5 6");
}

TEST_CASE("beyond 20,000 cases of a program those go that were not run for longest") {
    program_histories one;
    program_histories other;
    for (std::size_t i = 0; i < most_kept_cases; ++i) {
        one["p"]["case " + std::to_string(i)] = {{1ns}, false, i == 7 ? 1 : 3};
    }
    other["p"]["new"] = {{1ns}, false, 2};
    const program_histories all = merged({one, other});
    CHECK(all.at("p").size() == most_kept_cases);
    CHECK(all.at("p").count("new") == 1);
    CHECK(all.at("p").count("case 7") == 0);
}

TEST_CASE("a past duration is the same on all machines: each weighs twice as much as the next") {
    CHECK(kept_case{{10ns, 5ns, 1ns}, true, 0}.past().duration == 7ns); // (40 + 10 + 1) / 7
    CHECK(kept_case{{10ns, 5ns, 1ns}, true, 0}.past().failed);
    CHECK(kept_case{}.past().duration == 0ns);
    const std::vector<std::chrono::nanoseconds> huge(10, std::chrono::nanoseconds::max());
    CHECK(kept_case{huge, false, 0}.past().duration == 24h);
}
