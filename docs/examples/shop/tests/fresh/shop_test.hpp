#pragma once

#include "shop/reference_data.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <map>
#include <memory>
#include <string>
#include <typeindex>
#include <vector>

/// What suites do without isolite, for comparison: every test gets a database of its own, made from
/// the schema and the reference data. It offers what the tests use of isolite's fixture.
class shop_test {
  public:
    shop_test() {
        db_.exec("PRAGMA foreign_keys = ON");
        shop::create_schema(db_);
        shop::load_reference_data(db_);
    }

    SQLite::Database& db() { return db_; }

    template <typename Value, typename... Arguments>
    Value value(const std::string& sql, const Arguments&... arguments) {
        return values<Value>(sql, arguments...).at(0);
    }

    template <typename Value, typename... Arguments>
    std::vector<Value> values(const std::string& sql, const Arguments&... arguments) {
        SQLite::Statement statement(db_, sql);
        bind(statement, arguments...);
        std::vector<Value> found;
        while (statement.executeStep()) {
            found.push_back(static_cast<Value>(statement.getColumn(0)));
        }
        return found;
    }

    template <typename... Arguments>
    int execute(const std::string& sql, const Arguments&... arguments) {
        SQLite::Statement statement(db_, sql);
        bind(statement, arguments...);
        return statement.exec();
    }

    template <typename Object>
    Object& kept() {
        auto& object = objects_[typeid(Object)];
        if (!object) {
            object = std::make_shared<Object>(db_);
        }
        return *static_cast<Object*>(object.get());
    }

  private:
    template <typename... Arguments>
    static void bind(SQLite::Statement& statement, const Arguments&... arguments) {
        int index = 0;
        (statement.bind(++index, arguments), ...);
    }

    SQLite::Database db_{":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
    std::map<std::type_index, std::shared_ptr<void>> objects_; // before the database goes
};
