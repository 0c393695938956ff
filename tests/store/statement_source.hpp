#pragma once

#include "dice.hpp"

#include <string>
#include <vector>

namespace isolite::store::tests {

/// Makes random SQL over a small world of names, so that most statements find what they speak of
/// and some do not. Every table has the columns k, a, b and c.
class statement_source {
  public:
    /// With `has_log`, of a database in WAL mode.
    statement_source(dice& choices, bool has_log) : dice_(choices), has_log_(has_log) {}

    /// Returns any statement.
    std::string next();

    /// Returns the statements that make most of the world.
    std::vector<std::string> world(std::size_t fillings);

    /// Returns a query whose rows come in an order that no index changes.
    std::string query();

    /// Returns a query that walks through a table and can be left half-way.
    std::string walk();

    /// Returns a statement that makes the file smaller, or puts its pages in another order.
    std::string maintenance();

    /// Returns a statement about the log of a database in WAL mode.
    std::string log();

    [[nodiscard]] bool has_log() const { return has_log_; }

  private:
    std::string value();
    std::string long_text();
    std::string key();
    std::string table();
    std::string target();
    std::string condition();
    std::string conflict();

    std::string insert();
    std::string insert_many();
    std::string upsert();
    std::string update();
    std::string erase();
    std::string transaction();
    std::string savepoint();
    std::string create();
    std::string create_table(std::size_t which);
    std::string create_trigger();
    std::string create_index();
    std::string drop();
    std::string alter();
    std::string full_text();
    std::string rtree();
    std::string pragma();
    std::string attachment();
    std::string temporary();

    const char* pick(const std::vector<const char*>& choices) { return dice_.one_of(choices); }
    std::string number(std::size_t end) { return std::to_string(dice_.below(end)); }

    dice& dice_;
    bool has_log_;
};

} // namespace isolite::store::tests
