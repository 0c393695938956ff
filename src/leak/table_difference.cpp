#include "leak/table_difference.hpp"

#include "leak/cell_text.hpp"
#include "leak/row_difference.hpp"

#include <algorithm>
#include <set>

namespace isolite {

namespace {

using lines = std::vector<std::string>;

class table_comparison {
  public:
    table_comparison(sqlite3* connection, const schema_contents& before, const schema_contents& now)
        : connection_(connection), before_(before), now_(now),
          shadow_tables_(names_in(before.shadow_tables, now.shadow_tables)) {}

    std::map<std::string, described_difference> run() {
        for (const std::string& table : names_in(before_.tables, now_.tables)) {
            compare(table);
        }
        return std::move(found_);
    }

  private:
    void compare(const std::string& table) {
        const std::string change = change_of(table, before_.tables, now_.tables);
        if (!change.empty()) {
            say(table, change);
        }
        if (change == "added" || change == "dropped") {
            return;
        }
        const row_difference rows = rows_of(table);
        const bool differs = rows.failure.empty() && (rows.count() > 0 || !change.empty());
        // What cannot be read is equal if all that it keeps is.
        if (differs || compare_shadow_tables(table) || !has_shadow_tables(table)) {
            append(table, rows.lines(table));
        }
        if (differs) {
            found_[table].rows += rows.count();
        }
    }

    /// Says which of the shadow tables differ; returns whether any does.
    bool compare_shadow_tables(const std::string& virtual_table) {
        bool differ = false;
        for (const std::string& table : shadow_tables_) {
            if (belongs_to(table, virtual_table)) {
                compare_shadow_table(table);
                differ = differ || found_.count(table) > 0;
            }
        }
        return differ;
    }

    /// Its rows mean nothing to people.
    void compare_shadow_table(const std::string& table) {
        const std::string change = change_of(table, before_.shadow_tables, now_.shadow_tables);
        if (!change.empty()) {
            say(table, change);
            return;
        }
        const row_difference rows = rows_of(table);
        if (!rows.failure.empty()) {
            append(table, rows.lines(table));
        } else if (rows.count() > 0) {
            say(table, "changed");
        }
    }

    [[nodiscard]] bool has_shadow_tables(const std::string& table) const {
        return std::any_of(shadow_tables_.begin(), shadow_tables_.end(),
                           [&](const std::string& each) { return belongs_to(each, table); });
    }

    [[nodiscard]] bool belongs_to(const std::string& shadow_table,
                                  const std::string& virtual_table) const {
        const auto in = [&](const schema_contents& contents) {
            const auto found = contents.shadow_tables.find(shadow_table);
            return found != contents.shadow_tables.end() && found->second.table == virtual_table;
        };
        return in(before_) || in(now_);
    }

    [[nodiscard]] row_difference rows_of(const std::string& table) const {
        return difference_of_rows({connection_, before_.schema, now_.schema, table});
    }

    void say(const std::string& table, const std::string& change) {
        append(table, {"table " + one_line(table) + ": " + change});
    }

    void append(const std::string& table, const lines& more) {
        if (!more.empty()) {
            lines& about = found_[table].lines;
            about.insert(about.end(), more.begin(), more.end());
        }
    }

    sqlite3* connection_;
    const schema_contents& before_;
    const schema_contents& now_;
    std::set<std::string> shadow_tables_;
    std::map<std::string, described_difference> found_;
};

} // namespace

std::map<std::string, described_difference> difference_of_tables(sqlite3* connection,
                                                                 const schema_contents& before,
                                                                 const schema_contents& now) {
    return table_comparison(connection, before, now).run();
}

} // namespace isolite
