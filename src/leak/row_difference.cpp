#include "leak/row_difference.hpp"

#include "leak/cell.hpp"
#include "leak/cursor.hpp"
#include "leak/table_shape.hpp"
#include "text/utf8.hpp"

#include <sqlite3.h>

#include <algorithm>

namespace isolite::leak {

namespace {

// How much is worth reading in the output of a test.
constexpr std::size_t most_rows = 5;     // of one table
constexpr std::size_t most_columns = 20; // of one row

/// Goes through the rows of both tables at once, as a merge does.
class row_merge {
  public:
    row_merge(const table_pair& pair, const table_shape& shape)
        : shape_(shape),
          before_(pair.connection, pair.before.empty() ? "SELECT NULL WHERE 0"
                                                       : shape.query(pair.before, pair.table)),
          now_(pair.connection, shape.query(pair.now, pair.table)) {
        for (const std::string& column : shape.columns) {
            names_.push_back(text::printable(column));
        }
    }

    row_difference run() {
        while ((before_.has_row() || now_.has_row()) && failure().empty()) {
            const int order = !now_.has_row() ? -1 : !before_.has_row() ? 1 : order_of_keys();
            if (order < 0) {
                note(found_.removed, "  - ", before_);
                before_.next();
            } else if (order > 0) {
                note(found_.added, "  + ", now_);
                now_.next();
            } else {
                compare_rows();
                before_.next();
                now_.next();
            }
        }
        found_.failure = failure();
        return std::move(found_);
    }

  private:
    [[nodiscard]] const std::string& failure() const {
        return before_.failure().empty() ? now_.failure() : before_.failure();
    }

    [[nodiscard]] cell at(const cursor& rows, std::size_t column) const {
        return {rows.row(), static_cast<int>(column)};
    }

    /// Compares as the queries order. 1 and 1.0 have the same place there, but are two keys.
    [[nodiscard]] int order_of_keys() const {
        int result = 0;
        for (std::size_t i = 0; i < shape_.key_size && result == 0; ++i) {
            result = order(at(before_, i), at(now_, i));
        }
        if (result == 0 && !shape_.rowid.empty() && !shape_.is_rowid_the_key && key_has_null()) {
            result = order(at(before_, shape_.columns.size()), at(now_, shape_.columns.size()));
        }
        for (std::size_t i = 0; i < shape_.key_size && result == 0; ++i) {
            result = order_of_types(at(before_, i), at(now_, i));
        }
        return result;
    }

    /// Says whether the key is one of those that a PRIMARY KEY allows several times.
    /// Source: https://www.sqlite.org/quirks.html#primary_keys_can_sometimes_contain_nulls
    [[nodiscard]] bool key_has_null() const {
        for (std::size_t i = 0; i < shape_.key_size; ++i) {
            if (at(now_, i).type() == SQLITE_NULL) {
                return true;
            }
        }
        return false;
    }

    void note(std::size_t& count, const char* sign, const cursor& rows) {
        ++count;
        take_in(sign, rows);
        if (found_.examples.size() < most_rows) {
            found_.examples.push_back(sign + values(rows, shape_.columns.size()));
        }
    }

    void take_in(const char* sign, const cursor& rows) {
        found_.digest += static_cast<unsigned char>(sign[2]);
        for (std::size_t i = 0; i < shape_.columns.size(); ++i) {
            found_.digest = digest_of(at(rows, i), found_.digest);
        }
    }

    /// Returns the first columns of a row as "name=value, ...".
    [[nodiscard]] std::string values(const cursor& rows, std::size_t count) const {
        std::string text;
        for (std::size_t i = 0; i < std::min(count, most_columns); ++i) {
            text += (i == 0 ? "" : ", ") + names_[i] + "=" + text_of(at(rows, i));
        }
        return count > most_columns ? text + more_columns(count) : text;
    }

    [[nodiscard]] static std::string more_columns(std::size_t count) {
        const std::size_t more = count - most_columns;
        return ", … and " + std::to_string(more) + (more == 1 ? " more column" : " more columns");
    }

    /// Compares two rows that have the same key, which may still be 0.0 in one and -0.0 in the
    /// other.
    void compare_rows() {
        std::string changes;
        std::size_t count = 0;
        const bool is_shown = found_.examples.size() < most_rows;
        for (std::size_t i = 0; i < shape_.columns.size(); ++i) {
            if (identical(at(before_, i), at(now_, i))) {
                continue;
            }
            if (is_shown && count < most_columns) {
                changes += (count == 0 ? " " : ", ") + names_[i] + " " +
                           text_of_change(at(before_, i), at(now_, i));
            }
            ++count;
        }
        if (count > 0) {
            ++found_.changed;
            take_in("  ~ ", now_);
        }
        if (is_shown && count > 0) {
            found_.examples.push_back("  ~ " + values(now_, shape_.key_size) + ":" + changes +
                                      (count > most_columns ? more_columns(count) : ""));
        }
    }

    const table_shape& shape_;
    cursor before_;
    cursor now_;
    std::vector<std::string> names_; // of the columns, as shown
    row_difference found_;
};

} // namespace

std::vector<std::string> row_difference::lines(const std::string& table) const {
    const std::string subject = "table " + text::printable(table) + ": ";
    if (!failure.empty()) {
        return {subject + "cannot be compared (" + text::printable(failure) + ")"};
    }
    std::string counts;
    const auto add = [&counts](std::size_t rows, const char* what) {
        if (rows > 0) {
            const char* const noun = !counts.empty() ? "" : rows == 1 ? " row" : " rows";
            counts += (counts.empty() ? "" : ", ") + std::to_string(rows) + noun + " " + what;
        }
    };
    add(added, "added");
    add(removed, "removed");
    add(changed, "changed");
    if (counts.empty()) {
        return {};
    }
    std::vector<std::string> lines = {subject + counts};
    lines.insert(lines.end(), examples.begin(), examples.end());
    if (count() > examples.size()) {
        lines.push_back("  … and " + std::to_string(count() - examples.size()) + " more");
    }
    return lines;
}

row_difference difference_of_rows(const table_pair& pair) {
    row_difference found;
    const table_shape before = shape_of(pair.connection, pair.before, pair.table, found.failure);
    if (!found.failure.empty()) {
        return found;
    }
    const table_shape now = shape_of(pair.connection, pair.now, pair.table, found.failure);
    const auto shape = common_shape(before, now);
    return found.failure.empty() && shape ? row_merge(pair, *shape).run() : found;
}

row_difference rows_of_new_table(const table_pair& pair) {
    row_difference found;
    const table_shape shape = shape_of(pair.connection, pair.now, pair.table, found.failure);
    const table_pair alone = {pair.connection, "", pair.now, pair.table};
    return found.failure.empty() ? row_merge(alone, shape).run() : found;
}

row_difference difference_of_unkeyed_rows(const table_pair& pair) {
    row_difference found;
    const table_shape shape = shape_of(pair.connection, pair.now, pair.table, found.failure);
    return found.failure.empty() ? row_merge(pair, without_key(shape)).run() : found;
}

} // namespace isolite::leak
