#include "sandbox/database_answers.hpp"

#include "sandbox/usual_settings.hpp"
#include "text/numbers.hpp"

#include <sqlite3.h>

#include <cstring>

namespace isolite::sandbox {

int answers(sqlite3* connection, const std::vector<std::string>& attached, int control) {
    int sum = -1; // asks
    sqlite3_file_control(connection, nullptr, control, &sum);
    for (const std::string& schema : attached) {
        int answer = -1;
        sqlite3_file_control(connection, schema.c_str(), control, &answer);
        sum += answer;
    }
    return sum;
}

unsigned data_version(sqlite3* connection, const char* schema) {
    unsigned version = 0;
    sqlite3_file_control(connection, schema, SQLITE_FCNTL_DATA_VERSION, &version);
    return version;
}

std::string file_behind(sqlite3* connection, const char* schema) {
    const char* const file = sqlite3_db_filename(connection, schema);
    if (!file || *file != '\0') {
        return file ? file : "";
    }
    const sqlite3_vfs* vfs = nullptr;
    sqlite3_file_control(connection, schema, SQLITE_FCNTL_VFS_POINTER, &vfs);
    return vfs && std::strcmp(vfs->zName, "memdb") == 0 ? "file:memdb?vfs=memdb" : "";
}

unsigned commits_of_others(sqlite3* connection, const char* schema) {
    const bool is_file = !file_behind(connection, schema).empty();
    const auto version = is_file ? value_of(connection, {schema, "data_version"}) : std::nullopt;
    return version ? text::number_in<unsigned>(*version).value_or(0) << 16U : 0;
}

int count_databases(sqlite3* connection) {
    int count = 0;
    while (sqlite3_db_name(connection, count)) {
        ++count;
    }
    return count;
}

} // namespace isolite::sandbox
