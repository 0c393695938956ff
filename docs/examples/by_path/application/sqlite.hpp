#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

struct sqlite3;
struct sqlite3_stmt;

namespace hostel {

/// What SQLite refused to do, in its words.
class database_error : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// A connection to the database file at a path, which is made if it is missing. One thread each.
class connection {
  public:
    explicit connection(const std::string& path);

    /// Runs statements that return no rows.
    void run(const std::string& sql);
    [[nodiscard]] std::int64_t last_id() const;
    [[nodiscard]] int changed_rows() const;
    [[nodiscard]] sqlite3* handle() const { return handle_.get(); }

  private:
    std::unique_ptr<sqlite3, int (*)(sqlite3*)> handle_;
};

/// A prepared statement with its values.
class statement {
  public:
    template <typename... Values>
    statement(connection& on, const std::string& sql, const Values&... values)
        : statement(on.handle(), sql) {
        (bind(values), ...);
    }

    /// Goes to the next row. Returns false when there is none.
    bool step();
    [[nodiscard]] std::int64_t integer(int column = 0) const;
    [[nodiscard]] std::string text(int column = 0) const;

  private:
    statement(sqlite3* handle, const std::string& sql);
    void bind(std::int64_t value);
    void bind(const std::string& value);

    std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> handle_;
    int bound_ = 0;
};

/// A transaction that writes. It is rolled back unless it is committed.
class transaction {
  public:
    explicit transaction(connection& on);
    ~transaction();
    transaction(const transaction&) = delete;
    transaction& operator=(const transaction&) = delete;

    void commit();

  private:
    connection& on_;
    bool is_open_ = true;
};

} // namespace hostel
