#include "leak/difference.hpp"

#include "leak/cell_text.hpp"
#include "leak/cursor.hpp"
#include "leak/difference_limits.hpp"
#include "leak/row_difference.hpp"
#include "leak/schema_contents.hpp"
#include "leak/sql_rows.hpp"
#include "leak/table_difference.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace isolite {

namespace {

using lines = std::vector<std::string>;

/// Returns how many of these to show.
std::size_t shown_of(std::size_t count) {
    return std::min(count, difference_limits::tables);
}

void append_rest(lines& all, std::size_t count, const std::string& noun) {
    if (const std::size_t rest = count - shown_of(count); rest > 0) {
        all.push_back("… and " + std::to_string(rest) + " more " + noun + (rest == 1 ? "" : "s"));
    }
}

void append(lines& all, const lines& some, const std::string& noun) {
    all.insert(all.end(), some.begin(),
               some.begin() + static_cast<std::ptrdiff_t>(shown_of(some.size())));
    append_rest(all, some.size(), noun);
}

void append_tables(described_difference& all, sqlite3* connection, const schema_contents& before,
                   const schema_contents& now) {
    const auto tables = difference_of_tables(connection, before, now);
    std::size_t shown = 0;
    for (const auto& [name, about] : tables) {
        all.rows += about.rows;
        if (++shown <= difference_limits::tables) {
            all.lines.insert(all.lines.end(), about.lines.begin(), about.lines.end());
        }
    }
    append_rest(all.lines, tables.size(), "table");
}

/// Says whether a table or a view is only in one of the schemas, and has a line that says so.
bool came_or_went(const std::string& name, const schema_contents& before,
                  const schema_contents& now) {
    const std::pair<std::string, std::string> view = {"view", name};
    return before.tables.count(name) != now.tables.count(name) ||
           before.objects.count(view) != now.objects.count(view);
}

lines lines_of_objects(const schema_contents& before, const schema_contents& now) {
    lines found;
    for (const auto& object : names_in(before.objects, now.objects)) {
        const auto& [type, name] = object;
        const std::string change = change_of(object, before.objects, now.objects);
        // An index comes and goes with its table, which is enough to say.
        const auto& side = change == "added" ? now : before;
        const bool is_implied = type != "view" && (change == "added" || change == "dropped") &&
                                came_or_went(side.objects.at(object).table, before, now);
        if (!change.empty() && !is_implied) {
            found.push_back(type + " " + one_line(name) + ": " + change);
        }
    }
    return found;
}

std::map<std::string, std::string>
sequences_of(sqlite3* connection, const schema_contents& contents, std::string& failure) {
    std::map<std::string, std::string> sequences;
    if (contents.has_sequences) {
        cursor each(connection,
                    "SELECT name, seq FROM " + quoted_name(contents.schema) + ".sqlite_sequence");
        for (; each.has_row(); each.next()) {
            sequences[each.text(0)] = text_of({each.row(), 1});
        }
        failure = each.failure().empty() ? failure : each.failure();
    }
    return sequences;
}

lines lines_of_sequences(sqlite3* connection, const schema_contents& before,
                         const schema_contents& now) {
    std::string failure;
    const auto old_values = sequences_of(connection, before, failure);
    const auto new_values = sequences_of(connection, now, failure);
    if (!failure.empty()) {
        return {"sequences: cannot be compared (" + one_line(failure) + ")"};
    }
    const auto value = [](const auto& values, const std::string& name) {
        const auto found = values.find(name);
        return found == values.end() ? std::string("none") : found->second;
    };
    lines found;
    for (const std::string& name : names_in(old_values, new_values)) {
        if (!change_of(name, old_values, new_values).empty()) {
            found.push_back("sequence of " + one_line(name) + ": " + value(old_values, name) +
                            " -> " + value(new_values, name));
        }
    }
    return found;
}

/// Says in one line what became of what ANALYZE counted.
/// Source: https://www.sqlite.org/fileformat2.html#stat1tab
lines lines_of_statistics(sqlite3* connection, const schema_contents& before,
                          const schema_contents& now) {
    const std::string subject = "statistics of ANALYZE: ";
    if (before.statistics.empty() != now.statistics.empty()) {
        return {subject + (before.statistics.empty() ? "added" : "dropped")};
    }
    if (before.statistics != now.statistics) {
        return {subject + "changed"};
    }
    for (const std::string& table : now.statistics) {
        const row_difference rows =
            difference_of_unkeyed_rows({connection, before.schema, now.schema, table});
        if (!rows.failure.empty()) {
            return {subject + "cannot be compared (" + one_line(rows.failure) + ")"};
        }
        if (rows.count() > 0) {
            return {subject + "changed"};
        }
    }
    return {};
}

/// Compares what the header of the file keeps for the application, or what a VACUUM changes. The
/// encoding is the same in all databases of a connection, and the schema version tells nothing.
/// Source: https://www.sqlite.org/fileformat2.html#the_database_header
lines lines_of_header(sqlite3* connection, const std::string& before, const std::string& now) {
    lines found;
    for (const std::string pragma :
         {"user_version", "application_id", "auto_vacuum", "page_size"}) {
        const auto value = [&](const std::string& schema) {
            return first_value(connection, "PRAGMA " + quoted_name(schema) + "." + pragma);
        };
        if (value(before) != value(now)) {
            found.push_back(pragma + ": " + value(before) + " -> " + value(now));
        }
    }
    return found;
}

} // namespace

described_difference difference(sqlite3* connection, const std::string& before,
                                const std::string& now) {
    const schema_contents old_contents = contents_of(connection, before);
    const schema_contents new_contents = contents_of(connection, now);
    for (const schema_contents* contents : {&old_contents, &new_contents}) {
        if (!contents->failure.empty()) {
            return {{"database " + one_line(contents->schema) + ": cannot be compared (" +
                     one_line(contents->failure) + ")"},
                    0};
        }
    }
    described_difference all;
    append_tables(all, connection, old_contents, new_contents);
    append(all.lines, lines_of_objects(old_contents, new_contents), "object");
    append(all.lines, lines_of_sequences(connection, old_contents, new_contents), "sequence");
    for (const lines& some : {lines_of_statistics(connection, old_contents, new_contents),
                              lines_of_header(connection, before, now)}) {
        all.lines.insert(all.lines.end(), some.begin(), some.end());
    }
    return all;
}

} // namespace isolite
