// Claims by which nobody opened anything, each test in a process of its own.
#include "claimed_place.hpp"
#include "files/claim_uses.hpp"
#include "in_child.hpp"

#include <isolite/engine.hpp>
#include <isolite/files.hpp>
#include <isolite/seed.hpp>

#include <stdexcept>

using namespace isolite::paths;
using namespace isolite::paths::tests;

namespace {

/// Runs `body` in a directory of its own, and in a process of its own. Returns what is then said of
/// claims that nobody used, without the names of directories.
std::string said_after(const std::function<void()>& body) {
    return in_child([&body] {
        const isolite::store::tests::scratch_directory here;
        body();
        std::string text = said(warn_of_unused_claims);
        const std::string place = std::filesystem::current_path().string();
        for (std::size_t at = 0; (at = text.find(place, at)) != std::string::npos;) {
            text.replace(at, place.size(), "HERE");
        }
        return text;
    });
}

std::string unused(const std::string& named) {
    return "isolite: warning: cannot claim anything by " + named +
           ": in all cases of this program no such file was opened\n"
           "  hint: 'HERE/other.sqlite' was, and no claim covers it: claim that; "
           "isolite::files(...).only() refuses what is not claimed\n";
}

void open(const std::string& name) {
    if (by_path(name).run("CREATE TABLE IF NOT EXISTS t (a)").code != SQLITE_OK) {
        throw std::runtime_error("cannot open " + name);
    }
}

} // namespace

TEST_SUITE("uses of claims") {
    TEST_CASE("a pattern that no opened file fits is told, with a file that nobody claims") {
        CHECK(said_after([] {
                  const isolite::files claimed("*.db");
                  open("other.sqlite");
                  open("more.sqlite");
              }) == unused("'*.db'"));
    }

    TEST_CASE("several are told in one line, of which three are named") {
        CHECK(said_after([] {
                  const isolite::files first({"a.db", "./b.db"});
                  const isolite::files second("c.db");
                  open("other.sqlite");
              }) == unused("'a.db', './b.db', 'c.db'"));
        CHECK(said_after([] {
                  const isolite::files all({"a.db", "b.db", "c.db", "d.db", "e.db"});
                  open("other.sqlite");
              }) == unused("'a.db', 'b.db', 'c.db' and 2 more"));
    }

    TEST_CASE("one of several patterns that were given together is enough") {
        CHECK(said_after([] {
                  const isolite::files claimed({"*.db", "*.sqlite3"});
                  open("shop.db");
                  open("other.sqlite");
              }).empty());
    }

    TEST_CASE("a file that two claims cover is a use of both") {
        CHECK(said_after([] {
                  const isolite::files all("*.db");
                  const isolite::files one("./shop.db");
                  open("shop.db");
                  open("other.sqlite");
              }).empty());
    }

    TEST_CASE("a link is a use of the claim that names it") {
        CHECK(said_after([] {
                  std::filesystem::create_symlink("target", "link.db");
                  const isolite::files claimed("link.db");
                  open("link.db");
                  open("other.sqlite");
              }).empty());
    }

    TEST_CASE("where all that is opened is claimed nothing is told") {
        CHECK(said_after([] {
                  const isolite::files used("*.db");
                  const isolite::files spare("*.sqlite");
                  open("shop.db");
                  open(":memory:");
              }).empty());
    }

    TEST_CASE("an open that fails opens no other file") {
        CHECK(said_after([] {
                  const isolite::files claimed("*.db");
                  static_cast<void>(code_of_opening("missing.sqlite", SQLITE_OPEN_READONLY));
              }).empty());
    }

    TEST_CASE("a process that was forked uses the claims of its parent") {
        CHECK(said_after([] {
                  const isolite::files used("*.db");
                  const isolite::files unused("*.sqlite3");
                  in_child([] {
                      open("shop.db");
                      open("other.sqlite");
                      return std::string();
                  });
              }) == unused("'*.sqlite3'"));
    }

    TEST_CASE("what a step of a seed opens is no use, and no other file") {
        CHECK(said_after([] {
                  const isolite::files claimed("*.db");
                  {
                      const claim_uses::step running;
                      open("shop.db");
                      open("step.sqlite");
                  }
                  open("other.sqlite");
              }) == unused("'*.db'"));
    }

    TEST_CASE("a seed whose file no test opens is told, although its step did") {
        CHECK(said_after([] {
                  const std::string shop = claimed_place::path("shop.db");
                  const auto seed = isolite::seed("shop").file(shop).path_step(
                      "start", [](const std::string& at) {
                          open(at);
                          open("step.sqlite");
                      });
                  static const auto engine = isolite::engine::open(seed); // lives to the end
                  open("other.sqlite");
              }) == unused("'HERE/shop.db'"));
    }

    TEST_CASE("a claim that was taken back is not told") {
        CHECK(said_after([] {
                  { const claimed_place taken_back("*.db"); }
                  open("other.sqlite");
              }).empty());
    }
}
