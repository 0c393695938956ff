#include "family.hpp"

#include <algorithm>
#include <iostream>

namespace {

/// Returns a text as it stands in a cell of a table.
std::string cell(std::string text) {
    for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2)) {
        text.insert(at, "\\");
    }
    return text;
}

std::string verdict(const std::string& leaves) {
    return leaves.empty() ? "passes" : "fails";
}

} // namespace

std::vector<family> all_families() {
    return {
        {"Transactions",
         "A test may end the transaction of its sandbox, begin others, or leave them open.",
         transaction_adversaries()},
        {"Schemas", "A test may make, change and drop tables, indexes, views and triggers.",
         schema_adversaries()},
        {"Settings", "A test may change what its connection and its database are set to.",
         setting_adversaries()},
        {"What is on the connection",
         "A test may leave TEMP objects, attached databases, authorizers and handlers.",
         connection_adversaries()},
        {"Statements", "A test may leave statements that outlive it.", statement_adversaries()},
        {"Other connections", "A test may open connections of its own, and leave them.",
         neighbour_adversaries()},
        {"Write-ahead logs", "A test may set WAL mode, or write in it.", wal_adversaries()},
        {"Processes", "A test may fork. Its child has a database of its own.",
         process_adversaries()},
        {"Hooks", "A test may leave hooks on its connection.", hook_adversaries()},
        {"Attached databases", "A test may write to the databases that the seed attaches.",
         attached_database_adversaries()},
        {"Sessions", "A test may leave sessions open inside of its own.", session_adversaries()},
    };
}

void print_promises(const std::vector<family>& families) {
    for (const family& each : families) {
        std::cout
            << "### " << each.title << "\n\n"
            << each.promise
            << "\n\n| what a test does | `rollback` | `copy_on_write` | unprotected, the next "
               "one finds changed |\n| --- | --- | --- | --- |\n";
        for (const adversary& member : each.members) {
            std::cout << "| " << cell(member.name) << " | " << verdict(member.leaves.in_rollback)
                      << " | " << verdict(member.leaves.in_copy_on_write) << " | "
                      << (member.shows.empty() ? "nothing that it looks at" : member.shows)
                      << " |\n";
        }
        std::cout << '\n';
    }
}
