#include "report/comparison.hpp"

#include "report/comparison_sql.hpp"
#include "report/record_sql.hpp"

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <utility>

namespace isolite::report {

namespace {

constexpr std::size_t most_runs = 20;
/// Who looks at a run of many cases is not to wait for all that came before it.
constexpr std::uint64_t most_bytes = std::uint64_t(32) << 20;

/// One run, summed up.
constexpr const char* summary = R"(
    SELECT run.id, run.began, run.wall_ns, (SELECT count(*) FROM cases),
           (SELECT count(*) FROM cases WHERE verdict = 'failed'),
           coalesce(sum(tests_ns), 0), coalesce(sum(fixtures_ns), 0)
    FROM run LEFT JOIN workers GROUP BY run.id)";

/// Copies the rows of a query in one database to a table of another one.
void copy(SQLite::Database& from, const std::string& query, SQLite::Database& to,
          const std::string& insertion) {
    SQLite::Statement rows(from, query);
    SQLite::Statement insert(to, insertion);
    while (rows.executeStep()) {
        insert.reset();
        for (int i = 0; i < rows.getColumnCount(); ++i) {
            const SQLite::Column value = rows.getColumn(i);
            if (value.isInteger()) {
                insert.bind(i + 1, value.getInt64());
            } else if (value.isNull()) {
                insert.bind(i + 1);
            } else {
                insert.bind(i + 1, value.getString());
            }
        }
        insert.exec();
    }
}

void add_summary(run_records& of, SQLite::Database& to, std::size_t age) {
    copy(of.database(), summary, to,
         "INSERT INTO earlier_runs VALUES (-" + std::to_string(age) + ", ?, ?, ?, ?, ?, ?, ?)");
}

void add_durations(run_records& of, SQLite::Database& to, const std::string& table) {
    copy(of.database(), "SELECT program, test, ns FROM durations", to,
         "INSERT INTO " + table + " VALUES (?, ?, ?)");
}

void set_old(run_records& old, SQLite::Database& to) {
    add_durations(old, to, "old_durations");
    SQLite::Statement update(to, "UPDATE source SET old = ?");
    update.bind(1, old.id());
    update.exec();
}

/// Says whether a run came before another one, of the same programs.
bool precedes(const kept_run& earlier, const kept_run& run) {
    return earlier.directory != run.directory && earlier.processes > 0 &&
           earlier.began < run.began && earlier.programs == run.programs;
}

/// Returns what the listing says of the run, or says it anew.
kept_run place_in(const std::vector<kept_run>& runs, run_records& records) {
    for (const kept_run& run : runs) {
        if (run.directory == records.directory()) {
            return run;
        }
    }
    return find_run(records.directory() + "/", "", {}).value_or(kept_run());
}

/// Returns the runs that came before one, of the same programs: the latest first, and as many as
/// may be read.
std::vector<kept_run> earlier_runs(const std::vector<kept_run>& runs, const kept_run& run) {
    std::vector<kept_run> earlier;
    std::uint64_t bytes = 0;
    for (const kept_run& candidate : runs) {
        if (!precedes(candidate, run)) {
            continue;
        }
        bytes += candidate.bytes;
        if (earlier.size() + 1 == most_runs || (bytes > most_bytes && !earlier.empty())) {
            break;
        }
        earlier.push_back(candidate);
    }
    return earlier;
}

/// Adds what earlier runs tell. Compares with the one in `old`, or with the first that can be read.
void add_earlier(SQLite::Database& database, const std::vector<kept_run>& earlier,
                 std::optional<kept_run>& old) {
    std::size_t age = 0;
    for (const kept_run& run : earlier) {
        auto loaded = run_records::in(run.directory);
        if (!loaded) { // It was removed meanwhile.
            continue;
        }
        add_summary(*loaded, database, ++age);
        add_durations(*loaded, database, "kept_durations");
        if (!old) {
            old = run;
        }
        if (old->directory == run.directory) {
            set_old(*loaded, database);
        }
    }
}

/// Adds the run to compare with, where it is none of the earlier ones.
result<void> add_old(SQLite::Database& database, const kept_run& old) {
    return run_records::in(old.directory).map([&](run_records loaded) {
        set_old(loaded, database);
        add_durations(loaded, database, "kept_durations");
    });
}

} // namespace

result<void> compare(run_records& records, const background& background) {
    SQLite::Database& database = records.database();
    SQLite::Transaction transaction(database);
    database.exec(sql::make_figures);
    database.exec(sql::make_other_runs);
    SQLite::Statement source(database, "INSERT INTO source (directory) VALUES (?)");
    source.bind(1, records.directory());
    source.exec();
    add_summary(records, database, 0);

    std::optional<kept_run> old = background.old;
    const kept_run run = place_in(background.runs, records);
    add_earlier(database, earlier_runs(background.runs, run), old);
    if (old && records.number("SELECT old IS NULL FROM source") != 0) {
        if (auto added = add_old(database, *old); !added) {
            return tl::unexpected(added.error());
        }
    }
    database.exec(sql::compare);
    transaction.commit();
    return {};
}

} // namespace isolite::report
