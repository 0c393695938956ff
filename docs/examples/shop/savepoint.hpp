#pragma once

namespace SQLite {
class Database;
}

namespace shop {

/// Makes several statements one: all of them happen, or none.
/// It nests, and works inside an open transaction as well as outside one, where a BEGIN would not.
class savepoint {
  public:
    explicit savepoint(SQLite::Database& db);
    savepoint(const savepoint&) = delete;
    savepoint& operator=(const savepoint&) = delete;
    /// Undoes everything since the constructor unless `release` was called.
    ~savepoint();

    /// Keeps the changes. Errors: `SQLite::Exception` when they cannot be committed; the destructor
    /// then undoes them.
    void release();

  private:
    SQLite::Database& db_;
    bool open_ = true;
};

} // namespace shop
