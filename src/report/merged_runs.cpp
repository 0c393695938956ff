#include "report/merged_runs.hpp"

#include "report/merge_sql.hpp"
#include "report/record_files.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

#include <SQLiteCpp/Statement.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

namespace isolite::report {

namespace {

namespace files = std::filesystem;

/// Returns a directory and those below it.
std::vector<std::string> directories_below(const std::string& path) {
    std::vector<std::string> found = {path};
    std::error_code failed;
    files::recursive_directory_iterator at(path, files::directory_options::skip_permission_denied,
                                           failed);
    for (; !failed && at != files::recursive_directory_iterator(); at.increment(failed)) {
        std::error_code unknown;
        if (at->is_directory(unknown) && !at->is_symlink(unknown)) {
            found.push_back(at->path().string());
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

/// Adds a place unless it is one of the others: a directory may be named twice, or be in another.
void add_new(std::vector<record_place>& places, record_place place) {
    std::error_code unknown;
    const auto is_same = [&](const record_place& other) {
        return files::equivalent(other.directory, place.directory, unknown);
    };
    if (std::none_of(places.begin(), places.end(), is_same)) {
        places.push_back(std::move(place));
    }
}

result<std::vector<record_place>> places_below(const std::vector<std::string>& paths) {
    std::vector<record_place> places;
    for (std::string path : paths) {
        while (path.size() > 1 && path.back() == '/') {
            path.pop_back();
        }
        bool has_records = false;
        for (const std::string& directory : directories_below(path)) {
            const auto found = record_files_in(directory);
            if (!found && files::is_directory(directory)) { // what is in it would be missing
                return tl::unexpected(found.error());
            }
            if (found && !found->empty()) {
                has_records = true;
                add_new(places, {directory, path});
            }
        }
        if (!has_records) {
            return tl::unexpected(
                error{errc::system, "merge the records in '" + path + "': there are none",
                      "name a directory that ISOLITE_LEDGER named where a shard ran, or a run in "
                      "it"});
        }
    }
    return places;
}

/// Returns the texts of a query, of which the first few stand for all.
std::string some_of(run_records& records, const std::string& query, const std::string& program) {
    constexpr std::size_t most = 5;
    std::vector<std::string> names;
    SQLite::Statement rows(records.database(), query);
    rows.bind(1, program);
    while (rows.executeStep()) {
        names.push_back(text::printable(rows.getColumn(0).getString()));
    }
    return names.empty()
               ? ""
               : text::counted(names.size(), "case") + " (" + text::listed(names, most) + ")";
}

std::string joined_ways(run_records& records, const std::string& program) {
    std::string ways;
    SQLite::Statement rows(records.database(),
                           "SELECT cut, directories FROM ways_to_cut WHERE program = ?");
    rows.bind(1, program);
    while (rows.executeStep()) {
        ways += (ways.empty() ? "" : ", ") + text::printable(rows.getColumn(0).getString()) +
                " in " + rows.getColumn(1).getString();
    }
    return ways;
}

result<void> check_cuts(run_records& records) {
    if (records.number("SELECT count(*) FROM ways_to_cut") == 0) {
        return {};
    }
    const std::string program = records.text("SELECT program FROM ways_to_cut LIMIT 1");
    const std::string names = "SELECT test FROM misplaced WHERE program = ? AND ";
    const std::string twice = some_of(records, names + "runs_twice", program);
    const std::string never = some_of(records, names + "NOT runs_twice", program);
    return tl::unexpected(error{
        errc::system,
        "merge the shards of " + text::printable(program) + ": they are cut in different ways: " +
            joined_ways(records, program) + (twice.empty() ? "" : "; in two shards: " + twice) +
            (never.empty() ? "" : "; in no shard: " + never),
        "give all of them one build, one number of shards and one history, by "
        "--history or `isolite history import`, and run them again"});
}

result<void> check_filters(run_records& records) {
    if (records.number("SELECT count(*) FROM ways_to_filter") == 0) {
        return {};
    }
    const std::string program = records.text("SELECT program FROM ways_to_filter LIMIT 1");
    std::string ways;
    SQLite::Statement rows(records.database(),
                           "SELECT filter, directories FROM ways_to_filter WHERE program = ?");
    rows.bind(1, program);
    while (rows.executeStep()) {
        const std::string filter = text::printable(rows.getColumn(0).getString());
        ways += (ways.empty() ? "" : ", ") + (filter.empty() ? "none" : filter) + " in " +
                rows.getColumn(1).getString();
    }
    return tl::unexpected(error{errc::system,
                                "merge the shards of " + text::printable(program) +
                                    ": they have different filters: " + ways,
                                "give all of them the same filters, and run them again"});
}

result<void> check_repetitions(run_records& records) {
    if (records.number("SELECT count(*) FROM ran_twice") == 0) {
        return {};
    }
    const std::string program = records.text("SELECT program FROM ran_twice LIMIT 1");
    return tl::unexpected(error{
        errc::system,
        "merge the records of " + text::printable(program) + ": " +
            some_of(records, "SELECT DISTINCT test FROM ran_twice WHERE program = ? ORDER BY test",
                    program) +
            " ran in " + records.text("SELECT one FROM ran_twice LIMIT 1") + " and in " +
            records.text("SELECT other FROM ran_twice LIMIT 1"),
        "give the records of each shard once; who runs the whole suite is no shard"});
}

} // namespace

result<run_records> merge_runs(const std::vector<std::string>& paths) {
    return places_below(paths)
        .and_then([](const std::vector<record_place>& places) { return run_records::of(places); })
        .and_then([](run_records records) -> result<run_records> {
            records.database().exec(sql::check_shards);
            auto checked =
                check_cuts(records).and_then([&] { return check_filters(records); }).and_then([&] {
                    return check_repetitions(records);
                });
            if (!checked) {
                return tl::unexpected(checked.error());
            }
            records.database().exec(sql::add_missing_cases);
            if (!records.complaints().empty()) { // nobody knows what those files have
                records.database().exec("UPDATE run SET verdict = 'failed' "
                                        "WHERE verdict IN ('passed', 'empty')");
            }
            return records;
        });
}

std::optional<error> flaws_of(run_records& merged) {
    std::string all;
    const auto add = [&all](const std::string& flaw) { all += (all.empty() ? "" : "; ") + flaw; };
    SQLite::Statement rows(merged.database(), sql::flaws);
    while (rows.executeStep()) {
        add(text::printable(rows.getColumn(0).getString()));
    }
    if (const std::size_t unread = merged.complaints().size(); unread > 0) {
        add(text::counted(unread, "file") + " cannot be read");
    }
    if (all.empty()) {
        return std::nullopt;
    }
    return error{errc::system, "call this a whole run: " + all,
                 "look what became of that machine, and give all of its records"};
}

} // namespace isolite::report
