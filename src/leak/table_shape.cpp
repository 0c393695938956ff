#include "leak/table_shape.hpp"

#include "leak/cursor.hpp"

#include <sqlite3.h>

#include <algorithm>

namespace isolite::leak {

namespace {

bool same_name(const std::string& left, const std::string& right) {
    return sqlite3_stricmp(left.c_str(), right.c_str()) == 0;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::any_of(names.begin(), names.end(),
                       [&name](const std::string& each) { return same_name(each, name); });
}

/// Returns the first name of the rowid that is not the name of a column, if the table has a rowid.
/// Source: https://www.sqlite.org/lang_createtable.html#rowid
std::string rowid_of(sqlite3* connection, const std::string& schema, const std::string& table,
                     const std::vector<std::string>& columns) {
    for (const char* name : {"rowid", "oid", "_rowid_"}) {
        if (!contains(columns, name)) {
            const cursor probe(connection, std::string("SELECT t.") + name + " FROM " +
                                               quoted_name(schema, table) + " AS t LIMIT 0");
            return probe.failure().empty() ? name : "";
        }
    }
    return "";
}

std::string list(const std::vector<std::string>& terms) {
    std::string text;
    for (const std::string& term : terms) {
        text += (text.empty() ? "" : ", ") + term;
    }
    return text;
}

/// Returns SQLite's message if the key has a collation that the connection does not know. A table
/// that is its own index cannot be read then; only a query that uses the collation says why.
std::string missing_collation(sqlite3* connection, const std::string& schema,
                              const std::string& table, const table_shape& shape) {
    std::vector<std::string> order;
    for (std::size_t i = 0; i < shape.key_size; ++i) {
        order.push_back("t." + quoted_name(shape.columns[i]));
    }
    return cursor(connection, "SELECT 1 FROM " + quoted_name(schema, table) + " AS t ORDER BY " +
                                  list(order) + " LIMIT 0")
        .failure();
}

} // namespace

std::string table_shape::query(const std::string& schema, const std::string& table) const {
    std::vector<std::string> selected;
    std::vector<std::string> order;
    for (const std::string& column : columns) {
        // Qualified, because SQLite would take an unknown name in double quotes for a text.
        selected.push_back("t." + quoted_name(column));
        if (order.size() < key_size) {
            // By any other collation texts could be equal that are not the same.
            order.push_back(selected.back() + " COLLATE BINARY");
        }
    }
    if (!rowid.empty() && !is_rowid_the_key) {
        selected.push_back("t." + rowid);
        order.push_back("t." + rowid);
    }
    for (std::size_t i = 0; may_repeat_rows && i < columns.size(); ++i) {
        order.push_back("typeof(" + selected[i] + ")");
    }
    // An index has the order, but looking each row up takes longer than sorting them all. A table
    // without rowids is its own index.
    return "SELECT " + list(selected) + " FROM " + quoted_name(schema, table) + " AS t" +
           (rowid.empty() ? "" : " NOT INDEXED") + " ORDER BY " + list(order);
}

table_shape shape_of(sqlite3* connection, const std::string& schema, const std::string& table,
                     std::string& failure) {
    table_shape shape;
    // The PRIMARY KEY first and in its own order, the others in that of the table. What is hidden
    // as 1 belongs to virtual tables; as 2 and 3 generated columns are.
    // Source: https://www.sqlite.org/pragma.html#pragma_table_xinfo
    cursor each(connection, "SELECT name, pk > 0 FROM pragma_table_xinfo(" + text_literal(table) +
                                ", " + text_literal(schema) +
                                ") WHERE hidden <> 1 ORDER BY pk = 0, pk, cid");
    for (; each.has_row(); each.next()) {
        shape.columns.push_back(each.text(0));
        shape.key_size += sqlite3_column_int(each.row(), 1) != 0;
    }
    failure = each.failure();
    shape.rowid = rowid_of(connection, schema, table, shape.columns);
    if (shape.key_size > 0) {
        if (shape.rowid.empty() && failure.empty()) {
            failure = missing_collation(connection, schema, table, shape);
        }
        return shape;
    }
    if (shape.rowid.empty()) {
        return without_key(std::move(shape));
    }
    shape.columns.insert(shape.columns.begin(), shape.rowid);
    shape.key_size = 1;
    shape.is_rowid_the_key = true;
    return shape;
}

table_shape without_key(table_shape shape) {
    if (shape.is_rowid_the_key) {
        shape.columns.erase(shape.columns.begin());
        shape.is_rowid_the_key = false;
    }
    shape.rowid.clear();
    shape.key_size = shape.columns.size();
    shape.may_repeat_rows = true;
    return shape;
}

std::optional<table_shape> common_shape(const table_shape& before, const table_shape& now) {
    const bool same_key =
        before.key_size == now.key_size && before.is_rowid_the_key == now.is_rowid_the_key &&
        std::equal(now.columns.begin(),
                   now.columns.begin() + static_cast<std::ptrdiff_t>(now.key_size),
                   before.columns.begin(), same_name);
    if (!same_key) {
        return std::nullopt;
    }
    table_shape common = now;
    common.columns.clear();
    for (const std::string& column : now.columns) {
        if (contains(before.columns, column)) {
            common.columns.push_back(column);
        }
    }
    common.rowid = before.rowid == now.rowid ? now.rowid : "";
    common.may_repeat_rows = before.may_repeat_rows || now.may_repeat_rows;
    return common;
}

} // namespace isolite::leak
