#include "report/trace.hpp"

#include "report/document.hpp"
#include "report/trace_sql.hpp"

#include <SQLiteCpp/Statement.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

namespace isolite::report {

namespace {

/// Gives each process a track. Processes of one worker share it unless they lived at the same time,
/// as the workers of two programs may that were started side by side.
void lay_tracks(SQLite::Database& database) {
    std::map<std::string, std::vector<std::pair<std::int64_t, std::int64_t>>> tracks; // end, track
    std::int64_t count = 0;
    SQLite::Statement processes(database, sql::processes_by_worker);
    SQLite::Statement insert(database, "INSERT INTO tracks VALUES (?, ?)");
    while (processes.executeStep()) {
        const std::int64_t start = processes.getColumn(2).getInt64();
        auto& of_worker = tracks[processes.getColumn(1).getString()];
        auto track = std::find_if(of_worker.begin(), of_worker.end(),
                                  [&](const auto& taken) { return taken.first <= start; });
        if (track == of_worker.end()) {
            track = of_worker.insert(of_worker.end(), {0, ++count});
        }
        track->first = processes.getColumn(3).getInt64();
        insert.reset();
        insert.bind(1, processes.getColumn(0).getInt64());
        insert.bind(2, track->second);
        insert.exec();
    }
}

/// Cuts what reaches beyond the slice around it. Threads may be in fixtures side by side, and
/// records may be wrong.
void nest_slices(SQLite::Database& database) {
    std::int64_t track = -1;
    std::vector<std::int64_t> ends; // of the slices around, the innermost last
    SQLite::Statement slices(database, sql::slices_by_track);
    SQLite::Statement cut(database, "UPDATE slices SET until = ? WHERE slice = ?");
    while (slices.executeStep()) {
        if (const std::int64_t next = slices.getColumn(1).getInt64(); next != track) {
            track = next;
            ends.clear();
        }
        const std::int64_t start = slices.getColumn(2).getInt64();
        std::int64_t until = slices.getColumn(3).getInt64();
        while (!ends.empty() && ends.back() <= start) {
            ends.pop_back();
        }
        if (!ends.empty() && until > ends.back()) {
            until = ends.back();
            cut.reset();
            cut.bind(1, until);
            cut.bind(2, slices.getColumn(0).getInt64());
            cut.exec();
        }
        ends.push_back(until);
    }
}

} // namespace

std::string trace(run_records& records) {
    SQLite::Database& database = records.database();
    database.exec(sql::make_tracks);
    lay_tracks(database);
    database.exec(sql::make_slices);
    nest_slices(database);
    return in_utf8(records.text(sql::trace_text));
}

} // namespace isolite::report
