#include "two_databases.hpp"

#include "leak/difference.hpp"

#include <boost/test/unit_test.hpp>

#include <unistd.h>

namespace isolite::tests {

namespace {

/// Hides PRAGMA table_list, which SQLite before 3.37 does not know.
int hide_table_list(void* /*unused*/, int action, const char* pragma, const char* /*argument*/,
                    const char* /*schema*/, const char* /*trigger*/) {
    return action == SQLITE_PRAGMA && std::string(pragma) == "table_list" ? SQLITE_DENY : SQLITE_OK;
}

/// A connection that can read both databases and write neither.
class reader {
  public:
    reader(const std::string& before, const std::string& now) {
        sqlite3_open_v2(before.c_str(), &connection_, SQLITE_OPEN_READONLY, nullptr);
        const std::string attach = "ATTACH '" + now + "' AS now";
        const int code = sqlite3_exec(connection_, attach.c_str(), nullptr, nullptr, nullptr);
        // A file that is no database is noticed when it is read.
        BOOST_TEST((code == SQLITE_OK || code == SQLITE_NOTADB || code == SQLITE_BUSY));
    }
    ~reader() { BOOST_TEST(sqlite3_close(connection_) == SQLITE_OK); }
    reader(const reader&) = delete;
    reader& operator=(const reader&) = delete;

    [[nodiscard]] sqlite3* get() const { return connection_; }

    [[nodiscard]] std::string difference() const {
        std::string text;
        for (const std::string& line :
             isolite::leak::difference(connection_, "main", "now").lines) {
            BOOST_TEST(line.find('\n') == std::string::npos);
            text += line + '\n';
        }
        return text;
    }

  private:
    sqlite3* connection_ = nullptr;
};

} // namespace

connection::connection(const std::string& path) {
    BOOST_REQUIRE(sqlite3_open(path.c_str(), &connection_) == SQLITE_OK);
    run("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY");
}

connection::~connection() {
    sqlite3_close(connection_);
}

void connection::run(const std::string& sql) const {
    const int code = sqlite3_exec(connection_, sql.c_str(), nullptr, nullptr, nullptr);
    BOOST_REQUIRE_MESSAGE(code == SQLITE_OK, sql << ": " << sqlite3_errmsg(connection_));
}

std::string connection::value(const std::string& sql) const {
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v2(connection_, sql.c_str(), -1, &statement, nullptr);
    BOOST_REQUIRE(sqlite3_step(statement) == SQLITE_ROW);
    const std::string text = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    return text;
}

two_databases::two_databases()
    : path_("difference_test_" + std::to_string(::getpid())), before_path(path_ + "_before.db"),
      now_path(path_ + "_now.db"), before(before_path), now(now_path) {}

two_databases::~two_databases() {
    ::unlink(before_path.c_str());
    ::unlink(now_path.c_str());
}

void two_databases::run_in_both(const std::string& sql) const {
    before.run(sql);
    now.run(sql);
}

std::string two_databases::difference() const {
    return reader(before_path, now_path).difference();
}

std::size_t two_databases::rows() const {
    const reader both(before_path, now_path);
    return isolite::leak::difference(both.get(), "main", "now").rows;
}

std::string two_databases::difference_without_table_list() const {
    const reader both(before_path, now_path);
    sqlite3_set_authorizer(both.get(), hide_table_list, nullptr);
    return both.difference();
}

} // namespace isolite::tests
