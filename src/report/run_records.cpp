#include "report/run_records.hpp"

#include "os/process_tree.hpp"
#include "report/merge_sql.hpp"
#include "report/record_files.hpp"
#include "report/record_sql.hpp"

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>

namespace isolite::report {

namespace {

constexpr const char* blanks = " \t\r\n";

/// Says whether a process lives: of its number there may be another one, here or elsewhere.
bool is_living(std::int64_t pid, const std::string& identity) {
    constexpr char ended = 'Z';
    const auto found = os::find_process(pid);
    return found && found->state != ended && found->identity() == identity;
}

/// Says whether the last record of a file is that of the proper end.
bool has_end(const std::string& text) {
    const std::size_t last = text.find_last_not_of(blanks);
    const std::size_t line = last == std::string::npos ? 0 : text.rfind('\n', last) + 1;
    constexpr std::string_view end = "{\"kind\":\"end\"";
    return text.compare(line, end.size(), end) == 0;
}

} // namespace

run_records::run_records(std::string directory)
    : directory_(std::move(directory)),
      database_(std::make_unique<SQLite::Database>(":memory:",
                                                   SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)) {}

result<run_records> run_records::in(const std::string& directory) {
    return of({{directory, ""}});
}

result<run_records> run_records::of(const std::vector<record_place>& places) {
    return read(places, std::nullopt);
}

result<run_records> run_records::of_launch(const std::string& directory, std::int64_t process) {
    return read({{directory, ""}}, process);
}

result<run_records> run_records::read(const std::vector<record_place>& places,
                                      std::optional<std::int64_t> launch) {
    std::string directory;
    for (const record_place& place : places) {
        directory += (directory.empty() ? "" : ", ") + place.directory;
    }
    run_records records(directory);
    SQLite::Database& database = records.database();
    SQLite::Transaction transaction(database);
    database.exec(sql::make_lines);
    for (const record_place& place : places) {
        if (const auto read = records.read_files(place); !read) {
            return tl::unexpected(read.error());
        }
    }
    database.exec(sql::make_cuts);
    database.exec(sql::read_lines);
    if (launch) {
        records.leave_out_others(*launch);
    }
    records.complain_of_missing_heads();
    if (records.number("SELECT count(*) FROM heads") == 0) {
        return tl::unexpected(error{errc::system,
                                    "show the run in '" + directory + "': it has no records",
                                    "isolite report --list shows the runs that are kept"});
    }
    database.exec(sql::make_processes);
    database.exec(sql::make_cases);
    database.exec(sql::make_sums);
    transaction.commit();
    return records;
}

std::string run_records::text(const std::string& query) {
    return database_->execAndGet(query).getString();
}

std::int64_t run_records::number(const std::string& query) {
    return database_->execAndGet(query).getInt64();
}

result<void> run_records::read_files(const record_place& place) {
    const auto found = record_files_in(place.directory);
    if (!found) {
        return tl::unexpected(found.error());
    }
    const std::int64_t place_number = number("SELECT count(*) FROM places");
    SQLite::Statement insert_place(*database_, "INSERT INTO places VALUES (?, ?, ?)");
    insert_place.bind(1, place_number);
    insert_place.bind(2, place.directory);
    insert_place.bind(3, place.machine);
    insert_place.exec();
    SQLite::Statement insert(*database_, "INSERT INTO files VALUES (?, ?, ?, ?, ?)");
    std::int64_t file_number = number("SELECT coalesce(max(file), 0) FROM files");
    for (const record_file& file : *found) {
        auto text = read_records(file.path);
        std::optional<std::int64_t> seen_alive;
        if (text && !has_end(*text)) { // what it writes while it is looked for must not be missed
            seen_alive = moment_of_life(*text);
            text = read_records(file.path);
        }
        if (!text) {
            complaints_.push_back(text.error());
            continue;
        }
        insert.reset();
        insert.bind(1, ++file_number);
        insert.bind(2, file.path);
        insert.bind(3, place_number);
        insert.bind(4, text->find_first_not_of(blanks) == std::string::npos ? 1 : 0);
        if (seen_alive) {
            insert.bind(5, *seen_alive);
        } else {
            insert.bind(5);
        }
        insert.exec();
        add_lines(file_number, *text);
    }
    return {};
}

/// Returns the time of the clock at which the process that its file tells of is alive.
std::optional<std::int64_t> run_records::moment_of_life(const std::string& text) {
    SQLite::Statement head(*database_, R"(
        SELECT json_extract(head, '$.pid'), json_extract(head, '$.identity')
        FROM (SELECT ? AS head)
        WHERE CASE WHEN json_valid(head) THEN json_type(head, '$.pid') IS 'integer'
                                              AND json_type(head, '$.identity') IS 'text' END)");
    head.bind(1, text.substr(0, text.find('\n')));
    if (!head.executeStep() ||
        !is_living(head.getColumn(0).getInt64(), head.getColumn(1).getString())) {
        return std::nullopt;
    }
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::nanoseconds(now).count();
}

void run_records::add_lines(std::int64_t file, const std::string& text) {
    SQLite::Statement insert(*database_, "INSERT INTO lines VALUES (?, ?, ?)");
    insert.bind(1, file);
    std::int64_t number = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        ++number;
        // A piece of a file that its process has not filled yet is all newlines.
        if (text.find_first_not_of(blanks, begin) >= end) {
            if (text.find_first_not_of(blanks, end) == std::string::npos) {
                return;
            }
        } else {
            insert.reset();
            insert.bind(2, number);
            insert.bind(3, text.substr(begin, end - begin));
            insert.exec();
        }
        begin = end + 1;
    }
}

void run_records::leave_out_others(std::int64_t launch) {
    const std::string process = std::to_string(launch);
    database_->exec("DELETE FROM heads WHERE pid <> " + process + " AND parent_pid <> " + process +
                    "; DELETE FROM files WHERE file NOT IN (SELECT file FROM heads);"
                    "DELETE FROM records WHERE file NOT IN (SELECT file FROM heads)");
}

/// Names the files that tell of no process. While a run goes on, one may have just been made.
void run_records::complain_of_missing_heads() {
    SQLite::Statement files(*database_, R"(
        SELECT path FROM files
        WHERE file NOT IN (SELECT file FROM heads)
              AND NOT (is_blank AND EXISTS (SELECT * FROM heads WHERE seen_alive IS NOT NULL))
        ORDER BY file)");
    while (files.executeStep()) {
        complaints_.push_back(
            {errc::system,
             "read the records in '" + files.getColumn(0).getString() +
                 "': its first line does not tell of a process, in format 1",
             "it was cut, its process has not begun, or another version of isolite wrote it"});
    }
}

} // namespace isolite::report
