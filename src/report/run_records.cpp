#include "report/run_records.hpp"

#include "report/merge_sql.hpp"
#include "report/record_files.hpp"
#include "report/record_sql.hpp"

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <utility>

namespace isolite::report {

namespace {

constexpr const char* blanks = " \t\r\n";

} // namespace

run_records::run_records(std::string directory)
    : directory_(std::move(directory)),
      database_(std::make_unique<SQLite::Database>(":memory:",
                                                   SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)) {}

result<run_records> run_records::in(const std::string& directory) {
    return of({{directory, ""}});
}

result<run_records> run_records::of(const std::vector<record_place>& places) {
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
    SQLite::Statement insert(*database_, "INSERT INTO files VALUES (?, ?, ?)");
    std::int64_t file_number = number("SELECT coalesce(max(file), 0) FROM files");
    for (const record_file& file : *found) {
        const auto text = read_records(file.path);
        if (!text) {
            complaints_.push_back(text.error());
            continue;
        }
        insert.reset();
        insert.bind(1, ++file_number);
        insert.bind(2, file.path);
        insert.bind(3, place_number);
        insert.exec();
        add_lines(file_number, *text);
    }
    return {};
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

void run_records::complain_of_missing_heads() {
    SQLite::Statement files(*database_, "SELECT path FROM files WHERE file NOT IN"
                                        " (SELECT file FROM heads) ORDER BY file");
    while (files.executeStep()) {
        complaints_.push_back(
            {errc::system,
             "read the records in '" + files.getColumn(0).getString() +
                 "': its first line does not tell of a process, in format 1",
             "it was cut, its process has not begun, or another version of isolite wrote it"});
    }
}

} // namespace isolite::report
