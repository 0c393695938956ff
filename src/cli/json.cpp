#include "cli/json.hpp"

#include <SQLiteCpp/Statement.h>

namespace isolite::cli {

namespace {

void bind(SQLite::Statement& insert, const json_value& value) {
    if (const auto* const flag = std::get_if<bool>(&value)) {
        insert.bind(2, *flag ? "true" : "false");
    } else if (const auto* const number = std::get_if<std::int64_t>(&value)) {
        insert.bind(2, *number);
    } else if (const auto* const text = std::get_if<std::string>(&value)) {
        insert.bind(2, *text);
    } else if (const auto* const json = std::get_if<cli::json>(&value)) {
        insert.bind(2, json->text);
    }
}

} // namespace

json_writer::json_writer() : database_(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE) {
    database_.exec("CREATE TABLE items (name, value)");
}

json json_writer::object(const json_members& members) {
    database_.exec("DELETE FROM items");
    for (const auto& [name, value] : members) {
        const bool is_json =
            std::holds_alternative<json>(value) || std::holds_alternative<bool>(value);
        SQLite::Statement insert(database_, is_json
                                                ? "INSERT INTO items VALUES (?, json(?))"
                                                : "INSERT INTO items VALUES (?, json_quote(?))");
        insert.bind(1, name);
        bind(insert, value);
        insert.exec();
    }
    return {
        database_.execAndGet("SELECT json_group_object(name, json(value)) FROM items").getString()};
}

json json_writer::array(const std::vector<json>& elements) {
    database_.exec("DELETE FROM items");
    for (const json& element : elements) {
        SQLite::Statement insert(database_, "INSERT INTO items VALUES (NULL, ?)");
        insert.bind(1, element.text);
        insert.exec();
    }
    return {database_.execAndGet("SELECT json_group_array(json(value)) FROM items").getString()};
}

json json_writer::string(const std::string& text) {
    SQLite::Statement quote(database_, "SELECT json_quote(?)");
    quote.bind(1, text);
    quote.executeStep();
    return {quote.getColumn(0).getString()};
}

} // namespace isolite::cli
