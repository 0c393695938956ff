#pragma once

#include <sqlite3.h>

#include <cstdlib>
#include <list>
#include <string>

// The code under test of paths.cpp, which knows nothing of isolite.

inline std::string place(const char* name) {
    return std::string(std::getenv("SUBJECT_PLACE")) + "/" + name;
}

inline bool is_asked_for(const char* name) {
    return std::getenv(name) != nullptr;
}

/// What code under test does: makes its table if it is new, and says how many lines there are.
class journal {
  public:
    explicit journal(const std::string& path = place("journal.db")) {
        if (sqlite3_open(path.c_str(), &handle_) == SQLITE_OK) {
            run("PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS lines (text)");
        }
    }
    ~journal() { sqlite3_close(handle_); }
    journal(const journal&) = delete;
    journal& operator=(const journal&) = delete;

    bool run(const std::string& sql) {
        return sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
    }
    /// Returns -1 where they cannot be read.
    int count() {
        int lines = -1;
        const auto read = [](void* to, int, char** values, char**) {
            *static_cast<int*>(to) = std::atoi(values[0]);
            return 0;
        };
        sqlite3_exec(handle_, "SELECT count(*) FROM lines", read, &lines, nullptr);
        return lines;
    }
    /// Adds a line. Returns how many there were.
    int add() {
        const int before = count();
        return run("INSERT INTO lines VALUES ('x')") ? before : -1;
    }

    /// Reads the first of its lines, and stops there.
    void begin_to_read() {
        sqlite3_stmt* query = nullptr;
        sqlite3_prepare_v2(handle_, "SELECT text FROM lines", -1, &query, nullptr);
        sqlite3_step(query);
    }

  private:
    sqlite3* handle_ = nullptr;
};

/// Returns a connection that nobody closes.
inline journal& left_open(const char* name = "journal.db") {
    static auto* const left = new std::list<journal>;
    return left->emplace_back(place(name));
}
