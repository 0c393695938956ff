#include "verify/left_database.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>

using isolite::verify::is_database;
using isolite::verify::what_was_left_in;

namespace {

namespace fs = std::filesystem;

/// A directory for files, which goes with them.
class directory_for_files {
  public:
    directory_for_files() {
        std::string name = fs::temp_directory_path() / "isolite-left-XXXXXX";
        path_ = ::mkdtemp(name.data());
    }
    directory_for_files(const directory_for_files&) = delete;
    directory_for_files& operator=(const directory_for_files&) = delete;
    ~directory_for_files() { fs::remove_all(path_); }

    /// Makes or changes a database. Returns its path.
    std::string database(const std::string& name, const std::string& sql) const {
        const std::string path = path_ / name;
        SQLite::Database made(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        made.exec(sql);
        return path;
    }

    [[nodiscard]] std::string file(const std::string& name, const std::string& text) const {
        std::ofstream(path_ / name) << text;
        return path_ / name;
    }

  private:
    fs::path path_;
};

const std::string settings = "CREATE TABLE settings(id INTEGER PRIMARY KEY, name TEXT);";

} // namespace

TEST_CASE("rows of a new database are told by table and key") {
    const directory_for_files here;
    CHECK(what_was_left_in(
              here.database("one.db", settings + "INSERT INTO settings VALUES (3, 'imported')"),
              "") == "table settings: 1 row added: id=3, name='imported'");
    CHECK(what_was_left_in(here.database("odd.db", "CREATE TABLE 'an odd name'(x);"
                                                   "INSERT INTO \"an odd name\" VALUES (1)"),
                           "")
              .find("an odd name") != std::string::npos);
    CHECK(what_was_left_in(here.database("empty.db", settings), "").empty());
    CHECK(what_was_left_in(
              here.database("100% #1?.db", settings + "INSERT INTO settings VALUES (3, 'a')"),
              "") == "table settings: 1 row added: id=3, name='a'");
}

TEST_CASE("of a database that was there what differs is told, and that there is more") {
    const directory_for_files here;
    const std::string rows = settings + "INSERT INTO settings VALUES (1, 'a')";
    const std::string before = here.database("before.db", rows);
    const std::string now = here.database("now.db", rows);
    CHECK(what_was_left_in(now, before).empty());
    here.database("now.db", "INSERT INTO settings VALUES (2, 'b')");
    CHECK(what_was_left_in(now, before) == "table settings: 1 row added: id=2, name='b'");
    here.database("now.db", "INSERT INTO settings VALUES (3, 'c')");
    CHECK(what_was_left_in(now, before) ==
          "table settings: 2 rows added: id=2, name='b', and more");
}

TEST_CASE("what is no database is told from one, and nothing is said of it") {
    const directory_for_files here;
    CHECK(is_database(here.database("one.db", settings)));
    const std::string text = here.file("text", "SQLite format 3 is what this text is about");
    CHECK_FALSE(is_database(text));
    CHECK_FALSE(is_database(here.file("short", "SQL")));
    CHECK_FALSE(is_database("/nowhere"));
    CHECK(what_was_left_in(text, "").empty());
    CHECK(what_was_left_in("/nowhere", "").empty());
}
