#include "report/kept_runs.hpp"

#include "ledger/run_directory.hpp"
#include "os/files.hpp"
#include "report/record_files.hpp"
#include "text/numbers.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <tuple>

namespace isolite::report {

namespace {

namespace files = std::filesystem;

constexpr const char* task = "look for runs";
constexpr const char* list_hint = "isolite report --list shows the runs that are kept";

/// Reads heads of files, with SQLite.
class head_reader {
  public:
    void add_to(kept_run& run, const record_file& file) {
        run.bytes += file.bytes;
        const std::string head = head_of(file);
        if (head.empty()) {
            return;
        }
        query_.reset();
        query_.bind(1, head);
        if (!query_.executeStep() || query_.isColumnNull(0)) {
            return;
        }
        ++run.processes;
        const std::string program = query_.getColumn(1).getString();
        const std::size_t name = program.rfind('/') + 1;
        run.programs.insert(program.substr(name));
        for (const std::string& place :
             {program.substr(0, name), query_.getColumn(3).getString() + "/"}) {
            if (place.size() > 1 && place.front() == '/') {
                run.places.insert(place);
            }
        }
        const std::int64_t began = query_.getColumn(2).getInt64();
        if (run.began == 0 || began < run.began) {
            run.began = began;
            run.id = query_.getColumn(0).getString();
        }
    }

  private:
    /// Returns the first line of a file, "" if it is too long or cannot be read.
    static std::string head_of(const record_file& file) {
        for (const std::uint64_t most : {std::uint64_t(4) << 10, std::uint64_t(128) << 10}) {
            const auto text = read_records(file.path, most);
            const std::size_t end = text ? text->find('\n') : std::string::npos;
            if (end != std::string::npos || !text || text->size() < most) {
                return text ? text->substr(0, end) : "";
            }
        }
        return "";
    }

    SQLite::Database database_{":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
    SQLite::Statement query_{database_, R"(
        SELECT json_extract(head, '$.run'), json_extract(head, '$.program'),
               json_extract(head, '$.unix_ns'),
               CASE json_type(head, '$.directory')
                   WHEN 'text' THEN json_extract(head, '$.directory') ELSE '' END
        FROM (SELECT ? AS head)
        WHERE CASE WHEN json_valid(head) THEN
            json_extract(head, '$.kind') IS 'process' AND json_extract(head, '$.format') IS 1
            AND json_type(head, '$.run') IS 'text' AND json_type(head, '$.program') IS 'text'
            AND json_type(head, '$.unix_ns') IS 'integer' END)"};
};

/// Returns nothing for a directory that went away, as the oldest do when a run begins.
result<kept_run> look_at(const std::string& directory, head_reader& reader) {
    return record_files_in(directory).map([&](const std::vector<record_file>& found) {
        kept_run run;
        run.directory = directory;
        for (const record_file& file : found) {
            reader.add_to(run, file);
        }
        if (run.processes == 0) {
            run.id = files::path(directory).filename().string();
        }
        return run;
    });
}

error no_run(const std::string& name, const std::string& why) {
    return {errc::system, "show the run '" + name + "': " + why, list_hint};
}

result<kept_run> run_at(const std::string& path) {
    std::error_code failed;
    if (!files::is_directory(path, failed)) {
        return tl::unexpected(no_run(path, "there is no such directory"));
    }
    std::string directory = files::absolute(path).lexically_normal().string();
    if (directory.size() > 1 && directory.back() == '/') {
        directory.pop_back();
    }
    head_reader reader;
    return look_at(directory, reader);
}

} // namespace

result<std::string> runs_directory(const workers::environment& variables,
                                   const cache_settings& settings) {
    const auto place = records::place_of_runs(variables, settings);
    if (!place) {
        return tl::unexpected(place.error());
    }
    if (*place) {
        return (*place)->back();
    }
    if (variables.find("ISOLITE_LEDGER")) {
        return tl::unexpected(error{errc::environment,
                                    std::string(task) + ": ISOLITE_LEDGER is off, so none are kept",
                                    "unset ISOLITE_LEDGER and run the tests again"});
    }
    return tl::unexpected(
        error{errc::environment, std::string(task) + ": ISOLITE_CACHE is off, so none are kept",
              "unset ISOLITE_CACHE, or name a directory for them in ISOLITE_LEDGER, and run the"
              " tests again"});
}

result<std::vector<kept_run>> kept_runs_in(const std::string& directory) {
    std::vector<kept_run> runs;
    head_reader reader;
    int failure = 0;
    for (const std::string& name : os::names_in(directory, &failure)) {
        const std::string path = files::path(directory) / name;
        if (const auto facts = os::look_at(path); facts && facts->is_directory()) {
            if (auto run = look_at(path, reader); run) {
                runs.push_back(std::move(*run));
            }
        }
    }
    if (failure != 0 && failure != ENOENT) {
        return tl::unexpected(file_error("read the directory of runs", directory, failure,
                                         "look at its owner and its permissions"));
    }
    std::sort(runs.begin(), runs.end(), [](const kept_run& left, const kept_run& right) {
        return std::tie(right.began, right.id) < std::tie(left.began, left.id);
    });
    return runs;
}

const kept_run* nearest_run(const std::vector<kept_run>& runs, const std::string& directory) {
    for (files::path around = directory;; around = around.parent_path()) {
        const std::string beginning = (around / "").string();
        const auto is_here = [&](const std::string& place) {
            return place.compare(0, beginning.size(), beginning) == 0;
        };
        for (const kept_run& run : runs) {
            if (std::any_of(run.places.begin(), run.places.end(), is_here)) {
                return &run;
            }
        }
        if (!around.has_relative_path()) {
            return runs.empty() ? nullptr : &runs.front();
        }
    }
}

result<kept_run> find_run(const std::string& name, const std::string& directory,
                          const std::vector<kept_run>& runs) {
    for (const kept_run& run : runs) {
        if (run.id == name) {
            return run;
        }
    }
    if (name.find('/') != std::string::npos) {
        return run_at(name);
    }
    if (runs.empty()) {
        return tl::unexpected(error{errc::system, "show a run: none is kept in " + directory,
                                    "run the tests first, with the same ISOLITE_LEDGER,"
                                    " ISOLITE_CACHE and ISOLITE_PROJECT as here"});
    }
    const std::size_t number = text::number_in<std::size_t>(name).value_or(0);
    if (number == 0) {
        return tl::unexpected(no_run(name, "no run of this id is kept in " + directory));
    }
    if (number > runs.size()) {
        return tl::unexpected(
            no_run(name, "only " + std::to_string(runs.size()) + " are kept in " + directory));
    }
    return runs[number - 1];
}

} // namespace isolite::report
