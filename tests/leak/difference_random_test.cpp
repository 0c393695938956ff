#include "two_databases.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <random>
#include <string>
#include <vector>

using isolite::tests::two_databases;

namespace {

/// A table as the test remembers it: the key as SQL expressions, and the other value.
using table = std::map<std::string, std::string>;

struct kind_of_table {
    const char* definition; ///< With the columns named in `key`, and v.
    const char* key;
    std::string (*random_key)(std::mt19937& random);
};

std::size_t below(std::mt19937& random, std::size_t end) {
    return random() % end;
}

std::string number(std::mt19937& random) {
    return std::to_string(static_cast<int>(below(random, 200)) - 100);
}

std::string text(std::mt19937& random) {
    std::string text = "'";
    for (std::size_t i = below(random, 3); i > 0; --i) {
        static const std::vector<std::string> letters = {"a", "B", "A", "ä", "€", "''", "😀", "\n"};
        text += letters[below(random, letters.size())];
    }
    return text + "'";
}

std::string any_key(std::mt19937& random) {
    switch (below(random, 4)) {
    case 0:
        return number(random);
    case 1:
        return number(random) + ".25";
    case 2:
        return "CAST(" + text(random) + " AS BLOB)";
    default:
        return text(random);
    }
}

std::string pair(std::mt19937& random) {
    return number(random) + ", " + text(random);
}

const std::vector<kind_of_table> kinds = {
    {"(v, id INTEGER PRIMARY KEY)", "id", number},
    {"(v)", "rowid", number},
    {"(id TEXT PRIMARY KEY, v)", "id", text},
    {"(id TEXT, more DEFAULT 1, v COLLATE NOCASE, PRIMARY KEY (id DESC))", "id", text},
    {"(id PRIMARY KEY, v) WITHOUT ROWID", "id", any_key},
    {"(v, b, a, PRIMARY KEY (a, b DESC))", "a, b", pair},
    {"(v, b, a, PRIMARY KEY (a DESC, b)) WITHOUT ROWID", "a, b", pair},
};

std::string value(std::mt19937& random) {
    static const std::vector<std::string> values = {
        "NULL", "1", "1.0", "'1'", "x'31'", "''", "x''", "'a\n'",
    };
    const std::size_t choice = below(random, values.size() + 2);
    return choice < values.size() ? values[choice]
                                  : "zeroblob(" + std::to_string(below(random, 50000)) + ")";
}

/// Returns the first line that the difference must have, from what the test remembers.
std::string first_line(const table& before, const table& now) {
    std::size_t added = 0;
    std::size_t removed = 0;
    std::size_t changed = 0;
    for (const auto& [key, value] : now) {
        const auto old = before.find(key);
        added += old == before.end() ? 1 : 0;
        changed += old != before.end() && old->second != value ? 1 : 0;
    }
    for (const auto& each : before) {
        removed += now.count(each.first) == 0 ? 1 : 0;
    }
    std::string line;
    const std::pair<std::size_t, const char*> counts[] = {
        {added, "added"}, {removed, "removed"}, {changed, "changed"}};
    for (const auto& [count, what] : counts) {
        if (count > 0) {
            const std::string noun = !line.empty() ? "" : count == 1 ? " row" : " rows";
            line += (line.empty() ? "table t: " : ", ") + std::to_string(count) + noun + " " + what;
        }
    }
    return line;
}

/// Changes the table of `now` at random, and remembers how.
void change(const kind_of_table& kind, const two_databases& databases, table& remembered,
            std::mt19937& random) {
    const std::string key = kind.random_key(random);
    const std::string where = " WHERE (" + std::string(kind.key) + ") = (" + key + ")";
    if (below(random, 3) == 0) {
        databases.now.run("DELETE FROM t" + where);
        remembered.erase(key);
        return;
    }
    const std::string written = value(random);
    databases.now.run("REPLACE INTO t (" + std::string(kind.key) + ", v) VALUES (" + key + ", " +
                      written + ")");
    remembered[key] = written;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_counts_are_those_of_random_changes) {
    std::mt19937 random(20240229); // the same choices in every run
    for (std::size_t round = 0; round < 20 * kinds.size(); ++round) {
        const kind_of_table& kind = kinds[round % kinds.size()];
        BOOST_TEST_CONTEXT("round " << round << ", CREATE TABLE t " << kind.definition) {
            const two_databases databases;
            databases.now.run("CREATE TABLE t " + std::string(kind.definition) + "; BEGIN");
            table before;
            for (std::size_t i = below(random, 100); i > 0; --i) {
                change(kind, databases, before, random);
            }
            databases.now.run("COMMIT");
            databases.now.run("VACUUM INTO '" + databases.before_path + "'");
            BOOST_TEST(databases.difference().empty());

            table now = before;
            databases.now.run("BEGIN");
            for (std::size_t i = below(random, 60); i > 0; --i) {
                change(kind, databases, now, random);
            }
            databases.now.run("COMMIT");
            const std::string lines = databases.difference();
            BOOST_TEST(lines.substr(0, lines.find('\n')) == first_line(before, now));
        }
    }
}
