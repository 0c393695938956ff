#include "cli/commands.hpp"

#include "cli/cache_options.hpp"
#include "cli/output_file.hpp"
#include "os/files.hpp"
#include "os/private_directory.hpp"
#include "os/whole_file.hpp"
#include "report/record_files.hpp"
#include "results/history_text.hpp"
#include "results/past_runs.hpp"
#include "text/words.hpp"

#include <CLI/CLI.hpp>

#include <cerrno>
#include <cstring>
#include <iostream>
#include <memory>

namespace isolite::cli {

namespace {

using results::program_histories;

struct history_request {
    cache_options cache;
    std::string file;
    std::vector<std::string> others;
};

constexpr const char* about_histories =
    R"(A test binary remembers how long its cases took and whether they failed, so that the slowest come
first the next time. As a file these histories go to other machines, which cut a suite into shards by
them: --shard=0/4 is the first of four.

Examples:
  isolite history export mine.tsv            what was measured on this machine
  isolite history merge all.tsv shard-*.tsv  what was measured on several
  isolite history import all.tsv             shards are cut by it from now on)";

constexpr const char* about_exports =
    R"(Writes the histories of all programs of the project. Programs are called by the last part of their
path. What was imported is not in it, unless it was measured here as well.

Example:
  isolite history export durations.tsv)";

constexpr const char* about_imports =
    R"(Puts the file into the cache, in place of the one that was imported before. Programs of these names
cut their shards by it, and take it for what they do not know otherwise. No run changes it.

Example:
  isolite history import durations.tsv)";

constexpr const char* about_merges =
    R"(Of a case all durations count, the latest first, and the last verdict. OUT may be one of the files,
and without any other it becomes an empty history.

Example:
  isolite history merge durations.tsv durations.tsv shard-*.tsv)";

result<cache_settings> find_kept_cache(const cache_options& options) {
    return find_settings(options).and_then([](cache_settings settings) -> result<cache_settings> {
        if (!settings.keep) {
            return tl::unexpected(
                error{errc::environment, "look for histories: ISOLITE_CACHE is off",
                      "unset ISOLITE_CACHE to switch it on, or name a directory with --directory"});
        }
        return settings;
    });
}

/// Returns what was measured on this machine: of programs of one name together.
result<program_histories> measured_here(const cache_settings& settings) {
    const std::string directory = results::place_of_histories(settings);
    std::vector<program_histories> all;
    int failure = 0;
    for (const std::string& name : os::names_in(directory, &failure)) {
        if (const std::string program = results::program_of_history(name); !program.empty()) {
            auto kept = results::history(directory + "/" + name).cases();
            if (!kept) {
                return tl::unexpected(kept.error());
            }
            all.push_back({{program, *std::move(kept)}});
        }
    }
    if (failure != 0 && failure != ENOENT) { // nothing was measured yet
        return tl::unexpected(report::file_error("read the histories in", directory, failure,
                                                 "look at its owner and its permissions"));
    }
    return results::merged(all);
}

void tell(const std::string& done, const program_histories& all, const std::string& file) {
    if (file == "-") {
        return; // it has the text
    }
    std::size_t cases = 0;
    for (const auto& [program, kept] : all) {
        cases += kept.size();
    }
    std::cout << done << text::counted(cases, "case") << " of "
              << text::counted(all.size(), "program") << " in " << file << '\n';
}

result<void> write_histories(const program_histories& all, const std::string& file) {
    return write_output(file, results::history_text(all)).map([&] { tell("", all, file); });
}

result<void> export_histories(const history_request& request) {
    return find_kept_cache(request.cache).and_then(measured_here).and_then([&](const auto& all) {
        return write_histories(all, request.file);
    });
}

result<void> import_histories(const history_request& request) {
    constexpr unsigned for_its_owner = 0600;
    constexpr os::purpose importing = {"import a history", "ISOLITE_CACHE"};
    const auto settings = find_kept_cache(request.cache);
    if (!settings) {
        return tl::unexpected(settings.error());
    }
    const auto all = results::read_histories(request.file);
    if (!all) {
        return tl::unexpected(all.error());
    }
    const std::string target = results::imported_history(*settings);
    return os::make_private_directory(results::place_of_histories(*settings), importing)
        .and_then([&]() -> result<void> {
            const int failed = os::replace_file(target, results::history_text(*all), for_its_owner);
            if (failed != 0) {
                return tl::unexpected(os::system_error(importing, "writing " + target, failed));
            }
            tell("imported ", *all, target);
            return {};
        });
}

result<void> merge_histories(const history_request& request) {
    std::vector<program_histories> read;
    for (const std::string& file : request.others) {
        auto one = results::read_histories(file);
        if (!one) {
            return tl::unexpected(one.error());
        }
        read.push_back(*std::move(one));
    }
    return write_histories(results::merged(read), request.file);
}

} // namespace

void add_history_commands(CLI::App& app, exit_code& outcome) {
    CLI::App* const history =
        app.add_subcommand("history", "Take what is known of cases to other machines");
    history->footer(about_histories);
    history->require_subcommand(1);
    const auto wanted = std::make_shared<history_request>();
    const auto add = [&](const std::string& name, const std::string& purpose, const char* about,
                         result<void> (*run)(const history_request&)) {
        CLI::App* const added = history->add_subcommand(name, purpose);
        added->footer(about);
        added->callback([wanted, run, &outcome] { outcome = outcome_of(run(*wanted)); });
        return added;
    };
    const auto add_file = [&](CLI::App* command, const std::string& name, const std::string& what) {
        command->add_option(name, wanted->file, what)->type_name("")->required();
    };
    CLI::App* const exporting = add("export", "Write what was measured on this machine to a file",
                                    about_exports, export_histories);
    add_file(exporting, "FILE", "the file, - for stdout");
    add_place_options(*exporting, wanted->cache);
    CLI::App* const importing =
        add("import", "Cut shards by the durations in a file", about_imports, import_histories);
    add_file(importing, "FILE", "what `isolite history` has written");
    add_place_options(*importing, wanted->cache);
    CLI::App* const merging =
        add("merge", "Make one file of several", about_merges, merge_histories);
    add_file(merging, "OUT", "the file to write, - for stdout");
    merging->add_option("FILE", wanted->others, "the files to read")->type_name("");
}

} // namespace isolite::cli
