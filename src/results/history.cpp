#include "results/history.hpp"

#include "files/front.hpp"
#include "os/files.hpp"
#include "os/private_directory.hpp"
#include "text/file_names.hpp"
#include "text/numbers.hpp"

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <sqlite3.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

namespace isolite::results {

namespace {

namespace files = std::filesystem;
using std::chrono::nanoseconds;

constexpr os::purpose reading = {"read the history of cases", "ISOLITE_CACHE"};
constexpr os::purpose recording = {"record the history of cases", "ISOLITE_CACHE"};

/// What the header of each file says: "isoh", and the version of its table.
constexpr int application_id = 0x69736F68;
constexpr int format = 1;

bool is_damage(int code) {
    const int primary = code & 0xFF;
    return primary == SQLITE_NOTADB || primary == SQLITE_CORRUPT || primary == SQLITE_MISMATCH;
}

std::string hint_of(int code, const std::string& file) {
    if (is_damage(code)) {
        return "delete " + file + ": the next run makes a new one";
    }
    if ((code & 0xFF) == SQLITE_BUSY) {
        return "another process keeps it locked: end that one if it hangs";
    }
    return "make it possible to write there, or name another directory in ISOLITE_CACHE";
}

int code_of(const SQLite::Exception& problem) {
    return std::max(problem.getErrorCode(), problem.getExtendedErrorCode()); // -1 where unknown
}

/// Returns what `body` returns, in which SQLite may throw.
template <typename Body>
auto guarded(const os::purpose& purpose, const std::string& file, const Body& body)
    -> result<decltype(body())> {
    const paths::on_the_disk own; // the program may claim **, or refuse what it does not claim
    try {
        if constexpr (std::is_void_v<decltype(body())>) {
            body();
            return {};
        } else {
            return body();
        }
    } catch (const SQLite::Exception& problem) {
        const int code = code_of(problem);
        return tl::unexpected(error{errc::database,
                                    std::string(purpose.task) + ": " + file + ": " + problem.what(),
                                    hint_of(code, file), code});
    }
}

std::unique_ptr<SQLite::Database> opened(const std::string& file, int flags,
                                         std::chrono::milliseconds patience) {
    // By name, since the code under test may have made another VFS the default one.
    return std::make_unique<SQLite::Database>(file,
                                              SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX | flags,
                                              static_cast<int>(patience.count()), "unix");
}

/// Says whether the file was made by `record`. An empty one is about to be.
bool is_history(SQLite::Database& database) {
    const int id = database.execAndGet("PRAGMA application_id").getInt();
    if (id == 0 && database.execAndGet("SELECT count(*) FROM sqlite_master").getInt() == 0) {
        return false;
    }
    if (id != application_id) {
        throw SQLite::Exception("not a history of isolite's", SQLITE_MISMATCH);
    }
    if (database.execAndGet("PRAGMA user_version").getInt() != format) {
        throw SQLite::Exception("written by another version of isolite", SQLITE_MISMATCH);
    }
    return true;
}

/// Takes the first duration off a text in which spaces divide them.
nanoseconds take_duration(std::string_view& text) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const auto count = text::number_in<nanoseconds::rep>(text.substr(0, end));
    if (!count) {
        throw SQLite::Exception("it holds a malformed duration", SQLITE_MISMATCH);
    }
    text.remove_prefix(std::min(end + 1, text.size()));
    return nanoseconds(*count);
}

std::vector<nanoseconds> durations_in(std::string_view text) {
    std::vector<nanoseconds> durations;
    while (!text.empty() && durations.size() < most_kept_durations) {
        durations.push_back(take_duration(text));
    }
    return durations;
}

std::string_view text_of(sqlite3_value* value) {
    const auto* const text = reinterpret_cast<const char*>(sqlite3_value_text(value));
    return {text ? text : "", static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

/// SQL: a duration and those before it, of which the oldest go.
void add_duration(sqlite3_context* context, int /*count*/, sqlite3_value** arguments) {
    const std::string_view before = text_of(arguments[1]);
    std::string_view rest = before;
    try {
        for (std::size_t i = 1; i < most_kept_durations && !rest.empty(); ++i) {
            static_cast<void>(take_duration(rest));
        }
    } catch (const SQLite::Exception& problem) {
        sqlite3_result_error(context, problem.what(), -1);
        sqlite3_result_error_code(context, problem.getErrorCode());
        return;
    }
    std::string all(text_of(arguments[0]));
    const std::string_view kept = before.substr(0, before.size() - rest.size());
    all.append(" ").append(kept.substr(0, kept.find_last_not_of(' ') + 1));
    sqlite3_result_text64(context, all.data(), all.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

/// Each name once.
std::map<std::string, past_case> merged(const std::vector<finished_case>& run) {
    std::map<std::string, past_case> cases;
    for (const finished_case& finished : run) {
        past_case& merged = cases[finished.name];
        merged.duration = std::max(merged.duration, finished.duration);
        merged.failed = merged.failed || finished.failed;
    }
    return cases;
}

std::string directory_of(const std::string& file) {
    return file.substr(0, file.rfind('/'));
}

/// Throws what the system says against such a use of a file. SQLite would only say that it was
/// unable to open it. One that is missing was removed meanwhile, or is about to be made.
void check_access(const std::string& file, bool (*may)(const std::string&) noexcept) {
    if (!may(file) && errno != ENOENT) {
        throw SQLite::Exception(std::strerror(errno), SQLITE_CANTOPEN);
    }
}

/// Makes sure that there is a file. It is made without a descriptor: to close one would free the
/// locks that SQLite holds on the file in another thread.
void make_private_file(const std::string& file) {
    if (!os::make_unopened(file)) {
        throw SQLite::Exception(std::strerror(errno), SQLITE_CANTOPEN);
    }
    check_access(file, os::may_write);
}

/// Opens the file and begins to write. While this waits for a lock, `prune_histories` may remove
/// the file. What is written then would be lost, and its journal would be taken for that of a new
/// file of this name.
std::unique_ptr<SQLite::Database> begin_writing(const std::string& file,
                                                std::chrono::milliseconds patience) {
    for (;;) {
        make_private_file(file);
        auto database = opened(file, SQLite::OPEN_CREATE, patience);
        database->exec("BEGIN IMMEDIATE");
        int is_removed = 0;
        sqlite3_file_control(database->getHandle(), nullptr, SQLITE_FCNTL_HAS_MOVED, &is_removed);
        if (is_removed == 0) {
            return database;
        }
    }
}

void make_table(SQLite::Database& database) {
    database.exec("CREATE TABLE cases (name TEXT PRIMARY KEY, failed INTEGER NOT NULL,"
                  " last_run INTEGER NOT NULL, durations TEXT NOT NULL) WITHOUT ROWID");
    database.exec("PRAGMA application_id = " + std::to_string(application_id));
    database.exec("PRAGMA user_version = " + std::to_string(format));
}

void add_run(SQLite::Database& database, const std::map<std::string, past_case>& run) {
    database.createFunction("add_duration", 2, true, nullptr, add_duration);
    // With its fraction, which tells two runs in a second apart: the oldest cases go first. Whoever
    // takes it for a number of seconds, as text does, passes the fraction over.
    const std::chrono::duration<double> when = std::chrono::system_clock::now().time_since_epoch();
    SQLite::Statement addition(
        database, "INSERT INTO cases VALUES (?, ?, ?, ?) ON CONFLICT(name) DO UPDATE SET"
                  " failed = excluded.failed, last_run = excluded.last_run,"
                  " durations = add_duration(excluded.durations, durations)");
    for (const auto& [name, finished] : run) {
        addition.bind(1, name);
        addition.bind(2, finished.failed ? 1 : 0);
        addition.bind(3, when.count());
        addition.bind(4, std::to_string(finished.duration.count()));
        addition.exec();
        addition.reset();
    }
    if (database.execAndGet("SELECT count(*) FROM cases").getInt64() >
        std::int64_t(most_kept_cases)) {
        database.exec("DELETE FROM cases WHERE name IN (SELECT name FROM cases"
                      " ORDER BY last_run DESC, name LIMIT -1 OFFSET " +
                      std::to_string(most_kept_cases) + ")");
    }
}

/// Returns what is told of each case, in the order of the map, so that each row goes to its end.
template <typename Told>
std::map<std::string, Told> all_cases(SQLite::Database& database, Told (*told)(const kept_case&)) {
    std::map<std::string, Told> found;
    SQLite::Statement rows(database,
                           "SELECT name, failed, last_run, durations FROM cases ORDER BY name");
    while (rows.executeStep()) {
        const SQLite::Column text = rows.getColumn(3);
        const std::string_view durations(text.getText(), static_cast<std::size_t>(text.getBytes()));
        found.emplace_hint(found.end(), rows.getColumn(0).getString(),
                           told({durations_in(durations), rows.getColumn(1).getInt() != 0,
                                 rows.getColumn(2).getInt64()}));
    }
    return found;
}

bool is_older_than(const std::string& path, unsigned days) {
    constexpr std::time_t day = 86400;
    const auto found = os::look_at(path);
    return found && found->is_regular() &&
           (std::time(nullptr) - found->modified.tv_sec) / day >= static_cast<std::time_t>(days);
}

/// Removes a history unless a process uses it, or has just used it.
void remove_unused(const std::string& path, unsigned days) {
    try {
        const auto database = opened(path, 0, std::chrono::milliseconds(0));
        database->exec("BEGIN EXCLUSIVE");
        if (is_older_than(path, days)) {
            os::remove_file(path);
        }
    } catch (const SQLite::Exception& problem) {
        if (is_damage(code_of(problem))) {
            os::remove_file(path);
        }
    }
}

} // namespace

/// In whole numbers, so that it is the same on all machines.
past_case kept_case::past() const {
    constexpr nanoseconds longest = std::chrono::hours(24); // so that no sum overflows
    nanoseconds::rep sum = 0;
    nanoseconds::rep weights = 0;
    for (std::size_t i = durations.size(); i-- > 0;) { // the oldest first
        const nanoseconds::rep weight = weights + 1;
        sum += weight * std::min(durations[i], longest).count();
        weights += weight;
    }
    return {nanoseconds(weights > 0 ? sum / weights : 0), failed};
}

history::history(std::string file, std::chrono::milliseconds patience)
    : file_(std::move(file)), patience_(patience) {}

template <typename Found>
result<Found> history::read(Found (*found_in)(SQLite::Database&)) const {
    if (!os::look_at(file_)) {
        return Found();
    }
    return os::make_private_directory(directory_of(file_), reading).and_then([&] {
        return guarded(reading, file_, [&] {
            check_access(file_, os::may_read);
            const auto database = opened(file_, 0, patience_);
            database->exec("BEGIN");
            return is_history(*database) ? found_in(*database) : Found();
        });
    });
}

result<kept_cases> history::kept() const {
    return read<kept_cases>([](SQLite::Database& database) {
        return all_cases<kept_case>(database, [](const kept_case& each) { return each; });
    });
}

result<std::map<std::string, past_case>> history::cases() const {
    return read<std::map<std::string, past_case>>([](SQLite::Database& database) {
        return all_cases<past_case>(database, [](const kept_case& each) { return each.past(); });
    });
}

result<bool> history::has_failures() const {
    return read<bool>([](SQLite::Database& database) {
        return database.execAndGet("SELECT EXISTS (SELECT * FROM cases WHERE failed)").getInt() !=
               0;
    });
}

// With SQLite's usual rollback journal, which is no slower here than its other journals, leaves one
// file only, and is safe on network file systems, where a write-ahead log is not.
result<void> history::record(const std::vector<finished_case>& run) const {
    return os::make_private_directory(directory_of(file_), recording).and_then([&] {
        return guarded(recording, file_, [&] {
            const auto database = begin_writing(file_, patience_);
            if (!is_history(*database)) {
                make_table(*database);
            }
            add_run(*database, merged(run));
            database->exec("COMMIT");
        });
    });
}

std::string name_in_histories(const std::string& program) {
    constexpr std::size_t longest = 60;
    return text::file_name(files::path(program).filename().string(), longest, "_");
}

std::string history_file(const std::string& directory, const std::string& program) {
    std::error_code unknown; // where the working directory was removed the name has to do
    const files::path absolute = files::absolute(program, unknown);
    const files::path path = (unknown ? files::path(program) : absolute).lexically_normal();
    const std::string text = path.string();
    std::array<char, 20> hash{};
    std::snprintf(hash.data(), hash.size(), "%016llx",
                  static_cast<unsigned long long>(XXH3_64bits(text.data(), text.size())));
    return directory + "/" + name_in_histories(text) + "-" + hash.data() +
           std::string(history_suffix);
}

void prune_histories(const std::string& directory, unsigned days) {
    for (const std::string& name : os::names_in(directory)) {
        const std::string path = directory + "/" + name;
        const bool is_history = path.size() > history_suffix.size() &&
                                path.compare(path.size() - history_suffix.size(),
                                             history_suffix.size(), history_suffix) == 0;
        if (is_history && is_older_than(path, days)) {
            remove_unused(path, days);
        }
    }
}

} // namespace isolite::results
