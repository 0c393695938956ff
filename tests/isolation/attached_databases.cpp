#include "adversary.hpp"

#include <SQLiteCpp/Database.h>

// Tests that use the database which the seed attaches, as "archive".

namespace {

const char* const write_to_archive = "INSERT INTO archive.past_orders VALUES (3, 'lamp')";
const char* const row_added = "table past_orders: 1 row added";
const char* const row = "+ id=3, product='lamp'";

leaks committed_to_archive(const std::string& how, const std::string& left_in_both = "") {
    return {"it committed changes to the database 'stock.archive' " + how +
                (left_in_both.empty() ? "" : "; ") + left_in_both + "\n  " + row_added + "\n    " +
                row,
            left_in_both};
}

SQLite::Database& connect_to_archive(stage& s) {
    return s.keep<SQLite::Database>(s.engine.uri("archive").value(),
                                    SQLite::OPEN_READWRITE | SQLite::OPEN_URI);
}

} // namespace

std::vector<adversary> attached_database_adversaries() {
    return {
        {"writes to the attached database", [](stage& s) { s.run(write_to_archive); }, nothing(),
         "archive, last_insert_rowid"},
        {"commits to the attached database",
         [](stage& s) {
             s.run(write_to_archive);
             s.attempt("COMMIT");
         },
         committed_to_archive("with \"COMMIT\""), "archive, last_insert_rowid"},
        {"commits to both databases",
         [](stage& s) {
             s.run("DELETE FROM log");
             s.run(write_to_archive);
             s.attempt("COMMIT");
         },
         only_in_rollback("it committed changes to the database 'stock' with \"COMMIT\"; it "
                          "committed changes to the database 'stock.archive' with \"COMMIT\""
                          "\n  in 'stock':\n    table log: 1 row removed"
                          "\n      - rowid=1, entry='seeded', at='2024-01-01'"
                          "\n  in 'stock.archive':\n    table past_orders: 1 row added"
                          "\n      + id=3, product='lamp'"),
         "archive, last_insert_rowid, newcomer, rows"},
        {"commits to the attached database on a connection of its own",
         [](stage& s) { connect_to_archive(s).exec("INSERT INTO past_orders VALUES (3, 'lamp')"); },
         committed_to_archive("with \"INSERT INTO past_orders VALUES (3, 'lamp')\" on another "
                              "connection"),
         "archive"},
        {"keeps a transaction on the attached database open that has written",
         [](stage& s) {
             connect_to_archive(s).exec("BEGIN; INSERT INTO past_orders VALUES (3, 'lamp')");
         },
         left("it left another connection in the middle of a transaction"), ""},
        {"commits to both databases on a connection of the engine's kind",
         [](stage& s) {
             auto opened = s.engine.connect();
             opened.value().exec(write_to_archive);
         },
         committed_to_archive("with \"" + std::string(write_to_archive) +
                              "\" on another connection"),
         "archive"},
        {"detaches the attached database",
         [](stage& s) {
             s.attempt("COMMIT");
             s.run("DETACH archive");
         },
         left("it detached the database 'archive'"), "archive, databases"},
        {"writes to the attached database, commits and detaches it",
         [](stage& s) {
             s.run(write_to_archive);
             s.attempt("COMMIT");
             s.run("DETACH archive");
         },
         committed_to_archive("with \"COMMIT\"", "it detached the database 'archive'"),
         "archive, databases, last_insert_rowid"},
        {"attaches an empty database in the place of the attached one",
         [](stage& s) {
             s.attempt("COMMIT");
             s.run("DETACH archive; ATTACH ':memory:' AS archive");
         },
         left("it put something else in the place of the database 'archive' "
              "(sqlite3_deserialize or ATTACH)"),
         "archive, databases"},
        {"drops a table of the attached database and commits",
         [](stage& s) {
             s.run("DROP TABLE archive.past_orders");
             s.attempt("COMMIT");
         },
         only_in_rollback("it committed changes to the database 'stock.archive' with \"COMMIT\""
                          "\n  table past_orders: dropped"),
         "archive"},
    };
}
