#include "seed/sql_script.hpp"

#include "text/sql_scanner.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <string_view>
#include <utility>

namespace isolite::seeds {

namespace {

/// Says whether a statement writes and may run in any transaction, by its first word.
bool only_writes(std::string_view statement) {
    static constexpr std::array<std::string_view, 6> words = {"INSERT", "REPLACE", "UPDATE",
                                                              "DELETE", "CREATE",  "WITH"};
    return std::any_of(words.begin(), words.end(), [statement](std::string_view word) {
        return sqlite3_strnicmp(statement.data(), word.data(), static_cast<int>(word.size())) == 0;
    });
}

/// Runs a script, statement by statement, and knows where it is.
class script {
  public:
    script(sqlite3* connection, const std::string& sql) : connection_(connection), sql_(sql) {}

    std::optional<script_failure> run() {
        if (at_ = sql_.find('\0'); at_ != std::string::npos) {
            return script_failure{line_of(at_),
                                  {},
                                  "a zero byte, behind which SQLite reads nothing",
                                  "remove it; save a file that is UTF-16 as UTF-8",
                                  SQLITE_ERROR};
        }
        for (at_ = text::begin_of_statement(sql_); at_ < sql_.size();
             at_ = text::begin_of_statement(sql_, end_)) {
            if (!run_statement()) {
                return failure(sqlite3_errmsg(connection_), "the statements before it succeeded");
            }
        }
        if (!end_own_transaction()) {
            return failure(sqlite3_errmsg(connection_),
                           "a deferred constraint may be unresolved at the end of the script");
        }
        if (sqlite3_get_autocommit(connection_) == 0) {
            return failure("the script left a transaction open", "end it with COMMIT");
        }
        return std::nullopt;
    }

  private:
    bool run_statement() {
        const char* const start = sql_.c_str() + at_;
        end_ = text::end_of_statement(sql_, at_); // until SQLite says better
        if (!(only_writes(start) ? begin_own_transaction() : end_own_transaction())) {
            return false;
        }
        sqlite3_stmt* statement = nullptr;
        const char* tail = nullptr;
        if (sqlite3_prepare_v2(connection_, start, -1, &statement, &tail) != SQLITE_OK) {
            return false;
        }
        end_ = static_cast<std::size_t>(tail - sql_.c_str());
        int step = statement ? SQLITE_ROW : SQLITE_DONE; // none for what only SQLite calls blank
        while (step == SQLITE_ROW) {
            step = sqlite3_step(statement);
        }
        sqlite3_finalize(statement);
        return step == SQLITE_DONE;
    }

    bool begin_own_transaction() {
        if (sqlite3_get_autocommit(connection_) == 0) {
            return true; // ours, or one that the script began
        }
        own_ = sqlite3_exec(connection_, "BEGIN", nullptr, nullptr, nullptr) == SQLITE_OK;
        return own_;
    }

    bool end_own_transaction() {
        const bool is_open = std::exchange(own_, false) && sqlite3_get_autocommit(connection_) == 0;
        return !is_open ||
               sqlite3_exec(connection_, "COMMIT", nullptr, nullptr, nullptr) == SQLITE_OK;
    }

    script_failure failure(std::string message, std::string hint) const {
        constexpr std::size_t longest = 200;
        const std::size_t at = std::min(at_, sql_.size());
        const std::size_t length = end_ > at ? end_ - at : 0; // nothing at the end of the script
        std::string text = sql_.substr(at, std::min(length, longest));
        text.erase(std::unique(text.begin(), text.end(), both_blank), text.end());
        std::replace_if(
            text.begin(), text.end(), [](unsigned char c) { return std::isspace(c) != 0; }, ' ');
        if (length > longest) {
            text += "...";
        } else if (!text.empty() && text.back() == ';') {
            text.pop_back();
        }
        return {line_of(at + offset()), std::move(text), std::move(message), std::move(hint),
                sqlite3_extended_errcode(connection_)};
    }

    std::size_t line_of(std::size_t position) const {
        const char* const start = sql_.data();
        return static_cast<std::size_t>(std::count(start, start + position, '\n')) + 1;
    }

    /// Returns how far into the statement SQLite saw the mistake.
    std::size_t offset() const {
#if SQLITE_VERSION_NUMBER >= 3038000
        const int offset = sqlite3_error_offset(connection_);
        return offset < 0 ? 0 : static_cast<std::size_t>(offset);
#else
        return 0;
#endif
    }

    static bool both_blank(unsigned char left, unsigned char right) {
        return std::isspace(left) != 0 && std::isspace(right) != 0;
    }

    sqlite3* connection_;
    const std::string& sql_;
    std::size_t at_ = 0;  // start of the current statement
    std::size_t end_ = 0; // its end
    bool own_ = false;    // whether the open transaction is ours
};

} // namespace

std::optional<script_failure> run_sql_script(sqlite3* connection, const std::string& sql) {
    return script(connection, sql).run();
}

} // namespace isolite::seeds
