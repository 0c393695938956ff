#include "connection.hpp"

#include "by_path.hpp"

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <stdexcept>

namespace isolite::store::tests {

namespace {

/// Says which bytes they are, in full while that is short.
std::string described(const unsigned char* bytes, std::size_t count, bool is_text) {
    if (count > 64) {
        std::uint64_t hash = 14695981039346656037U; // FNV-1a
        for (std::size_t i = 0; i < count; ++i) {
            hash = (hash ^ bytes[i]) * 1099511628211U;
        }
        return (is_text ? "text of " : "blob of ") + std::to_string(count) + " bytes, hash " +
               std::to_string(hash);
    }
    if (is_text) {
        return "'" + std::string(bytes, bytes + count) + "'";
    }
    std::string hex;
    for (std::size_t i = 0; i < count; ++i) {
        constexpr const char* digits = "0123456789abcdef";
        hex += digits[bytes[i] >> 4];
        hex += digits[bytes[i] & 15];
    }
    return "x'" + hex + "'";
}

std::string column(sqlite3_stmt* statement, int index) {
    switch (sqlite3_column_type(statement, index)) {
    case SQLITE_NULL:
        return "NULL";
    case SQLITE_INTEGER:
        return std::to_string(sqlite3_column_int64(statement, index));
    case SQLITE_FLOAT: {
        char text[40];
        std::snprintf(text, sizeof text, "%.17g", sqlite3_column_double(statement, index));
        return text;
    }
    case SQLITE_TEXT: {
        const unsigned char* bytes = sqlite3_column_text(statement, index);
        return described(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement, index)),
                         true);
    }
    default: {
        const void* bytes = sqlite3_column_blob(statement, index);
        return described(static_cast<const unsigned char*>(bytes),
                         static_cast<std::size_t>(sqlite3_column_bytes(statement, index)), false);
    }
    }
}

std::string row_of(sqlite3_stmt* statement) {
    std::string row;
    for (int index = 0; index < sqlite3_column_count(statement); ++index) {
        row += (index > 0 ? "|" : "") + column(statement, index);
    }
    return row;
}

} // namespace

std::string outcome::text() const {
    std::string text = "code " + std::to_string(code);
    text += message.empty() ? "" : " (" + message + ")";
    for (const std::string& row : rows) {
        text += "\n    " + row;
    }
    return text;
}

cursor::cursor(sqlite3* database, const std::string& sql) : database_(database) {
    sqlite3_stmt* statement = nullptr;
    prepared_ = sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr);
    statement_.reset(statement);
}

outcome cursor::step(std::size_t rows) {
    outcome result;
    result.code = prepared_;
    if (statement_) {
        result.code = SQLITE_ROW;
        while (result.code == SQLITE_ROW && rows-- > 0) {
            result.code = sqlite3_step(statement_.get());
            if (result.code == SQLITE_ROW) {
                result.rows.push_back(row_of(statement_.get()));
            }
        }
    }
    if (result.code != SQLITE_OK && result.code != SQLITE_ROW && result.code != SQLITE_DONE) {
        result.code = sqlite3_extended_errcode(database_);
        result.message = sqlite3_errmsg(database_);
    }
    return result;
}

connection::connection(const std::string& name, const char* vfs, int flags) {
    if (!register_vfs()) {
        throw std::runtime_error("cannot register the VFS");
    }
    std::string opened = name;
    if (goes_by_path() && vfs) {
        const bool is_ours = std::strcmp(vfs, vfs_name) == 0;
        opened = is_ours ? stored_name(name) : plain_name(name);
        vfs = is_ours ? nullptr : vfs;
        claim_paths();
        if (is_ours && (flags & SQLITE_OPEN_CREATE) != 0) {
            make_file(opened);
        }
    }
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(opened.c_str(), &handle, flags, vfs);
    handle_.reset(handle);
    if (code != SQLITE_OK) {
        throw std::runtime_error(name + ": " + sqlite3_errmsg(handle));
    }
    sqlite3_extended_result_codes(handle, 1);
}

outcome connection::run(const std::string& sql) {
    outcome total;
    const char* rest = sql.c_str();
    while (*rest != '\0' && total.code == SQLITE_OK) {
        sqlite3_stmt* statement = nullptr;
        total.code = sqlite3_prepare_v2(handle(), rest, -1, &statement, &rest);
        if (!statement) {
            continue; // an error, or nothing but a comment
        }
        while ((total.code = sqlite3_step(statement)) == SQLITE_ROW) {
            total.rows.push_back(row_of(statement));
        }
        total.code = total.code == SQLITE_DONE ? SQLITE_OK : total.code;
        total.message = total.code == SQLITE_OK ? "" : sqlite3_errmsg(handle());
        sqlite3_finalize(statement);
    }
    if (total.code != SQLITE_OK) {
        total.code = sqlite3_extended_errcode(handle());
        total.message = total.message.empty() ? sqlite3_errmsg(handle()) : total.message;
    }
    return total;
}

std::vector<std::string> connection::rows(const std::string& sql) {
    outcome result = run(sql);
    if (result.code != SQLITE_OK) {
        throw std::runtime_error(sql + ": " + result.text());
    }
    return std::move(result.rows);
}

std::string connection::value(const std::string& sql) {
    const auto found = rows(sql);
    return found.empty() ? "" : found.front();
}

sqlite3_file* connection::file() const {
    sqlite3_file* file = nullptr;
    sqlite3_file_control(handle(), "main", SQLITE_FCNTL_FILE_POINTER, &file);
    return file;
}

std::vector<std::byte> connection::file_bytes() const {
    sqlite3_file* const raw = file();
    sqlite3_int64 size = 0;
    if (raw->pMethods->xFileSize(raw, &size) != SQLITE_OK) {
        throw std::runtime_error("cannot tell the size of the database");
    }
    std::vector<std::byte> bytes(static_cast<std::size_t>(size));
    if (size > 0 &&
        raw->pMethods->xRead(raw, bytes.data(), static_cast<int>(size), 0) != SQLITE_OK) {
        throw std::runtime_error("cannot read the database");
    }
    return bytes;
}

std::vector<std::string> connection::dump(const std::string& schema) {
    auto all = rows("SELECT type, name, tbl_name, sql FROM " + schema + ".sqlite_schema");
    // Virtual tables have no pages of their own; what they store is in tables that have.
    cursor tables(handle(), "SELECT name FROM " + schema +
                                ".sqlite_schema WHERE type = 'table' AND rootpage > 0");
    for (std::string name : tables.step().rows) {
        name = name.substr(1, name.size() - 2);
        all.push_back(name + ":");
        for (std::string& row :
             rows("SELECT * FROM " + schema + "." + identifier(name) + " NOT INDEXED")) {
            all.push_back(std::move(row));
        }
    }
    return all;
}

std::string unique_name(const std::string& stem) {
    static std::atomic<unsigned> count{0};
    return stored_name(stem + "-" + std::to_string(++count));
}

std::string identifier(const std::string& name) {
    return "\"" + name + "\"";
}

} // namespace isolite::store::tests
