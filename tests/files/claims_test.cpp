#include "files/claims.hpp"
#include "files/file_pattern.hpp"

#include "scratch_directory.hpp"

#include <doctest/doctest.h>

#include <filesystem>

using isolite::paths::claims;
using isolite::paths::file_pattern;
using isolite::paths::origin;
using isolite::store::tests::scratch_directory;

TEST_SUITE("file patterns") {
    TEST_CASE("a pattern with wildcards and without a slash is about files in any directory") {
        CHECK(file_pattern("shop.d?").matches("/var/lib/shop.db"));
        CHECK(file_pattern("*.db").matches("/shop.db"));
        CHECK_FALSE(file_pattern("shop.*").matches("/var/lib/workshop.db"));
        CHECK_FALSE(file_pattern("*.db").matches("/a.db/shop"));
    }

    TEST_CASE("a star stands for slashes too") {
        CHECK(file_pattern("/var/*.db").matches("/var/lib/shop/shop.db"));
        CHECK(file_pattern("*/pib.db").matches("/tmp/x/y/pib.db"));
        CHECK(file_pattern("**").matches("/anything"));
        CHECK_FALSE(file_pattern("*/pib.db").matches("/tmp/pib.db.old"));
    }

    TEST_CASE("a relative pattern is taken from the working directory") {
        const scratch_directory here;
        const std::string full = (std::filesystem::current_path() / "data/shop.db").string();
        CHECK(file_pattern("data/shop.db").matches(full));
        CHECK(file_pattern("./data/*").matches(full));
        CHECK_FALSE(file_pattern("data/shop.db").matches("/data/shop.db"));
        CHECK(file_pattern("./data/shop.db").only_file() == full);
        CHECK(file_pattern(".//data/shop.db").only_file() == full);
        CHECK(file_pattern(".//data/shop.db").matches(full));
        CHECK(file_pattern(".///data/*").matches(full));
        CHECK_FALSE(file_pattern(".//data/*").matches("/data/shop.db"));
    }

    TEST_CASE("a bare name is one file in the working directory") {
        const scratch_directory here;
        const std::string full = (std::filesystem::current_path() / "shop.db").string();
        CHECK(file_pattern("shop.db").only_file() == full);
        CHECK(file_pattern("shop.db").matches(full));
        CHECK_FALSE(file_pattern("shop.db").matches("/var/lib/shop.db"));
    }

    TEST_CASE("letters are told from capitals, brackets are a choice of characters") {
        CHECK_FALSE(file_pattern("*/shop.db").matches("/Shop.db"));
        CHECK(file_pattern("shop[0-9].db").matches("/shop7.db"));
    }

    TEST_CASE("only a whole name without wildcards names one file") {
        CHECK(file_pattern("/var/shop.db").only_file() == "/var/shop.db");
        CHECK(file_pattern("*.db").only_file().empty());
        CHECK(file_pattern("/var/*.db").only_file().empty());
        CHECK(file_pattern("/var/shop?.db").only_file().empty());
        CHECK(file_pattern("/var/shop[1].db").only_file().empty());
    }

    TEST_CASE("directories in front of the first wildcard may be written in any way") {
        const scratch_directory here;
        std::filesystem::create_directories("real/sub");
        std::filesystem::create_directory_symlink("real", "link");
        const std::string at = std::filesystem::current_path().string();
        for (const std::string& pattern :
             {at + "/real/sub/../*.db", at + "/real/./*.db", at + "//real///*.db",
              std::string("real/sub/../*.db"), std::string("./no/../real/*.db"),
              std::string("link/*.db"), at + "/link/sub/../*.db"}) {
            CAPTURE(pattern);
            CHECK(file_pattern::check(pattern));
            CHECK(file_pattern(pattern).matches(at + "/real/shop.db"));
            CHECK_FALSE(file_pattern(pattern).matches(at + "/other/shop.db"));
        }
        CHECK(file_pattern("link/*.db").matches(at + "/link/shop.db"));
    }

    TEST_CASE("a directory that can have no such name is about nothing else") {
        const std::string longest(300, 'a');
        CHECK_FALSE(file_pattern(longest + "/*").matches("/shop.db"));
        CHECK_FALSE(file_pattern("/" + longest + "/*.db").matches("/shop.db"));
        CHECK_FALSE(file_pattern(longest).matches(""));
    }

    TEST_CASE("what looks like a wildcard in the working directory is none") {
        const scratch_directory here;
        const std::string at = std::filesystem::current_path().string() + "/a[1]*";
        std::filesystem::create_directory(at);
        std::filesystem::current_path(at);
        CHECK(file_pattern("./shop.db").only_file() == at + "/shop.db");
        CHECK(file_pattern("./shop.db").matches(at + "/shop.db"));
        CHECK(file_pattern("./*.db").matches(at + "/shop.db"));
        CHECK(file_pattern("data/../*.db").matches(at + "/shop.db"));
        std::filesystem::current_path("..");
        std::filesystem::remove(at);
    }

    TEST_CASE("what can be no name of a file is told, and what to write") {
        const auto told = [](const std::string& pattern) {
            const auto checked = file_pattern::check(pattern);
            return checked ? "" : checked.error().text();
        };
        const auto text = [](const std::string& pattern, const std::string& what,
                             const std::string& hint) {
            return "cannot claim files by '" + pattern + "': " + what + "\n  hint: " + hint;
        };
        const std::string example =
            "write what the names of the files are like, e.g. *.db or data/*.db";
        for (const char* const empty : {"", " ", " \t"}) {
            CHECK(told(empty) == text(empty, "it is empty", example));
        }
        for (const char* const directory : {".", "..", "./", "/tmp/", "data/..", "*/."}) {
            CHECK(told(directory) == text(directory, "it is a directory", example));
        }
        for (const char* const home : {"~/x.db", "~me/x.db"}) {
            CHECK(told(home) == text(home, "only a shell makes a directory of ~",
                                     "write the whole path, or ./~ for a file of that name"));
        }
        for (const char* const open :
             {"[", "a[", "[]", "[!]", "/tmp/a[1.db", "[\\]", "[[:alpha:"}) {
            CHECK(told(open) == text(open, "its bracket is not closed",
                                     "close it, or write \\[ for that character"));
        }
        CHECK(told("shop.db\\") ==
              text("shop.db\\", "it ends in a backslash", "write \\\\ for that character"));
        for (const char* const part : {"/../", "/./", "//"}) {
            const std::string pattern = "*" + std::string(part) + "x.db";
            CHECK(told(pattern) ==
                  text(pattern,
                       "it has '" + std::string(part) + "' behind a wildcard, as no full name has",
                       "write such parts in front of the first wildcard, or leave them out"));
        }
        CHECK(told(":memory:") == text(":memory:", "SQLite makes no file of that",
                                       "claim the path that the code opens"));
    }

    TEST_CASE("unusual names are names") {
        for (const char* const name :
             {"~x.db", "./~", "a b.db", " x", "[]]x", "[!]]x", "[[:alpha:]]", "[\\]]", "\\[x",
              "...", "../x.db", "*", "**", "x\\\\"}) {
            CAPTURE(name);
            CHECK(file_pattern::check(name));
        }
    }

    TEST_CASE("a claim of one file by a link is about what it leads to, too") {
        const scratch_directory here;
        std::filesystem::create_directory("real");
        std::filesystem::create_directory_symlink("real", "link");
        const auto at = std::filesystem::current_path();
        const file_pattern claimed((at / "link/shop.db").string());
        CHECK(claimed.matches((at / "link/shop.db").string()));
        CHECK(claimed.matches((at / "real/shop.db").string()));
        CHECK_FALSE(claimed.matches((at / "real/other.db").string()));
    }
}

namespace {

origin seeded() {
    origin from;
    from.image = [] { return std::make_shared<isolite::store::image>(std::vector<std::byte>()); };
    return from;
}

} // namespace

TEST_SUITE("claims") {
    TEST_CASE("a file that nobody claims has no claim, also when it is asked for again") {
        claims all;
        CHECK_FALSE(all.find("/shop.db"));
        all.add("*.sqlite", {});
        CHECK_FALSE(all.find("/shop.db"));
        CHECK_FALSE(all.find("/shop.db"));
        all.add("*.db", {});
        CHECK(all.find("/shop.db"));
    }

    TEST_CASE("the claim of one file counts more than one with a seed, and that more than others") {
        claims all;
        all.add("**", {});
        CHECK_FALSE(all.find("/shop.db")->is_seeded());
        all.add("*.db", seeded());
        CHECK(all.find("/shop.db")->is_seeded());
        all.add("/shop.db", {});
        CHECK_FALSE(all.find("/shop.db")->is_seeded());
        CHECK(all.find("/other.db")->is_seeded());
    }

    TEST_CASE("of equal claims the first one counts") {
        claims all;
        all.add("*.db", seeded());
        const auto first = all.find("/shop.db");
        all.add("/*", seeded());
        CHECK(all.find("/shop.db") == first);
    }

    TEST_CASE("a claim that can be of no file is none, and is objected to once") {
        claims all;
        all.add("~/shop.db", {});
        all.add("*.db", {});
        const auto objection = all.take_objection();
        REQUIRE(objection);
        CHECK(objection->message ==
              "claim files by '~/shop.db': only a shell makes a directory of ~");
        CHECK_FALSE(all.take_objection());
        CHECK(all.find("/shop.db"));
    }

    TEST_CASE("a claim that was given back is none") {
        claims all;
        const auto number = all.add("*.db", {});
        CHECK(all.find("/shop.db"));
        all.release(number);
        CHECK_FALSE(all.find("/shop.db"));
    }

    TEST_CASE("more names than are remembered are found all the same") {
        claims all;
        all.add("*7.db", {});
        for (int i = 0; i < 20000; ++i) {
            const std::string name = "/" + std::to_string(i) + ".db";
            CHECK(static_cast<bool>(all.find(name)) == (i % 10 == 7));
        }
    }
}
