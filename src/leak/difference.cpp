#include "leak/difference.hpp"

#include "leak/cell.hpp"
#include "leak/cursor.hpp"
#include "leak/row_difference.hpp"
#include "leak/schema_contents.hpp"
#include "text/utf8.hpp"

#include <algorithm>

namespace isolite::leak {

namespace {

using lines = std::vector<std::string>;

/// Appends the lines about each of several things, as far as they are worth reading in the output
/// of a test, and how many more there are.
void append(lines& all, const std::vector<lines>& some, const std::string& noun) {
    constexpr std::size_t most = 20;
    for (std::size_t i = 0; i < std::min(some.size(), most); ++i) {
        all.insert(all.end(), some[i].begin(), some[i].end());
    }
    if (some.size() > most) {
        const std::size_t rest = some.size() - most;
        all.push_back("… and " + std::to_string(rest) + " more " + noun + (rest == 1 ? "" : "s"));
    }
}

lines cannot_be_compared(const std::string& what, const std::string& failure) {
    return {what + ": cannot be compared (" + text::printable(failure) + ")"};
}

/// Virtual tables are compared by what they show; the tables they keep it in only matter where that
/// tells nothing.
class table_comparison {
  public:
    table_comparison(sqlite3* connection, const schema_contents& before, const schema_contents& now,
                     new_tables told)
        : connection_(connection), before_(before), now_(now), told_(told),
          shadow_tables_(names_in(before.shadow_tables, now.shadow_tables)) {}

    void run(described_difference& all) {
        for (const std::string& table : names_in(before_.tables, now_.tables)) {
            all.rows += compare(table);
        }
        all.digest = digest_;
        std::vector<lines> found;
        for (auto& each : found_) {
            found.push_back(std::move(each.second));
        }
        append(all.lines, found, "table");
    }

  private:
    /// Returns how many rows differ.
    std::size_t compare(const std::string& table) {
        const std::string change = change_of(table, before_.tables, now_.tables);
        say(table, change);
        if (change == "added" && told_ == new_tables::with_rows) {
            const row_difference rows = rows_of_new_table({connection_, "", now_.schema, table});
            digest_ = digest_ * 31 + rows.digest;
            note(table, rows.lines(table));
        }
        if (change == "added" || change == "dropped") {
            return 0;
        }
        const row_difference rows = rows_of(table);
        digest_ = digest_ * 31 + rows.digest;
        const bool differs = rows.failure.empty() && (rows.count() > 0 || !change.empty());
        // What cannot be read is equal if all that it keeps is.
        if (differs || !keeps_the_same(table)) {
            note(table, rows.lines(table));
        }
        return differs ? rows.count() : 0;
    }

    /// Says which of the shadow tables differ. Returns whether there are any, and none does.
    bool keeps_the_same(const std::string& virtual_table) {
        bool are_there = false;
        bool differ = false;
        for (const auto& each : shadow_tables_) {
            if (each.first == virtual_table) {
                are_there = true;
                compare_shadow_table(each);
                differ = differ || found_.count(each.second) > 0;
            }
        }
        return are_there && !differ;
    }

    /// Its rows mean nothing to people.
    void compare_shadow_table(const std::pair<std::string, std::string>& owner_and_table) {
        const std::string& table = owner_and_table.second;
        const std::string change =
            change_of(owner_and_table, before_.shadow_tables, now_.shadow_tables);
        if (!change.empty()) {
            say(table, change);
            return;
        }
        const row_difference rows = rows_of(table);
        if (!rows.failure.empty()) {
            note(table, rows.lines(table));
        } else if (rows.count() > 0) {
            say(table, "changed");
        }
    }

    [[nodiscard]] row_difference rows_of(const std::string& table) const {
        return difference_of_rows({connection_, before_.schema, now_.schema, table});
    }

    void say(const std::string& table, const std::string& change) {
        if (!change.empty()) {
            note(table, {"table " + text::printable(table) + ": " + change});
        }
    }

    void note(const std::string& table, const lines& more) {
        if (!more.empty()) {
            lines& about = found_[table];
            about.insert(about.end(), more.begin(), more.end());
        }
    }

    sqlite3* connection_;
    const schema_contents& before_;
    const schema_contents& now_;
    new_tables told_;
    std::set<std::pair<std::string, std::string>> shadow_tables_; // behind their virtual tables
    std::map<std::string, lines> found_;
    std::uint64_t digest_ = 0;
};

/// Says whether a table or a view is only in one of the schemas, and has a line that says so.
bool came_or_went(const std::string& name, const schema_contents& before,
                  const schema_contents& now) {
    const std::pair<std::string, std::string> view = {"view", name};
    return before.tables.count(name) != now.tables.count(name) ||
           before.objects.count(view) != now.objects.count(view);
}

std::vector<lines> lines_of_objects(const schema_contents& before, const schema_contents& now) {
    std::vector<lines> found;
    for (const auto& object : names_in(before.objects, now.objects)) {
        const auto& [type, name] = object;
        const std::string change = change_of(object, before.objects, now.objects);
        // An index comes and goes with its table, which is enough to say.
        const auto& side = change == "added" ? now : before;
        const bool is_implied = type != "view" && (change == "added" || change == "dropped") &&
                                came_or_went(side.objects.at(object).first, before, now);
        if (!change.empty() && !is_implied) {
            found.push_back({type + " " + text::printable(name) + ": " + change});
        }
    }
    return found;
}

std::map<std::string, std::string>
sequences_of(sqlite3* connection, const schema_contents& contents, std::string& failure) {
    std::map<std::string, std::string> sequences;
    if (contents.has_sequences) {
        cursor each(connection,
                    "SELECT name, seq FROM " + quoted_name(contents.schema, "sqlite_sequence"));
        for (; each.has_row(); each.next()) {
            sequences[each.text(0)] = text_of({each.row(), 1});
        }
        failure = each.failure().empty() ? failure : each.failure();
    }
    return sequences;
}

std::vector<lines> lines_of_sequences(sqlite3* connection, const schema_contents& before,
                                      const schema_contents& now) {
    std::string failure;
    const auto old_values = sequences_of(connection, before, failure);
    const auto new_values = sequences_of(connection, now, failure);
    if (!failure.empty()) {
        return {cannot_be_compared("sequences", failure)};
    }
    const auto value = [](const auto& values, const std::string& name) {
        const auto found = values.find(name);
        return found == values.end() ? std::string("none") : found->second;
    };
    std::vector<lines> found;
    for (const std::string& name : names_in(old_values, new_values)) {
        if (!change_of(name, old_values, new_values).empty()) {
            found.push_back({"sequence of " + text::printable(name) + ": " +
                             value(old_values, name) + " -> " + value(new_values, name)});
        }
    }
    return found;
}

/// Says in one line what became of what ANALYZE counted.
/// Source: https://www.sqlite.org/fileformat2.html#stat1tab
lines lines_of_statistics(sqlite3* connection, const schema_contents& before,
                          const schema_contents& now) {
    const std::string subject = "statistics of ANALYZE";
    if (before.statistics.empty() != now.statistics.empty()) {
        return {subject + (before.statistics.empty() ? ": added" : ": dropped")};
    }
    if (before.statistics != now.statistics) {
        return {subject + ": changed"};
    }
    for (const std::string& table : now.statistics) {
        const row_difference rows =
            difference_of_unkeyed_rows({connection, before.schema, now.schema, table});
        if (!rows.failure.empty()) {
            return cannot_be_compared(subject, rows.failure);
        }
        if (rows.count() > 0) {
            return {subject + ": changed"};
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
                                const std::string& now, new_tables told) {
    const schema_contents old_contents = contents_of(connection, before);
    const schema_contents new_contents = contents_of(connection, now);
    for (const schema_contents* contents : {&old_contents, &new_contents}) {
        if (!contents->failure.empty()) {
            return {cannot_be_compared("database " + text::printable(contents->schema),
                                       contents->failure),
                    0};
        }
    }
    described_difference all;
    table_comparison(connection, old_contents, new_contents, told).run(all);
    append(all.lines, lines_of_objects(old_contents, new_contents), "object");
    append(all.lines, lines_of_sequences(connection, old_contents, new_contents), "sequence");
    for (const lines& some : {lines_of_statistics(connection, old_contents, new_contents),
                              lines_of_header(connection, before, now)}) {
        all.lines.insert(all.lines.end(), some.begin(), some.end());
    }
    return all;
}

} // namespace isolite::leak
