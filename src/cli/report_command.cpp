#include "cli/commands.hpp"

#include "cli/cache_options.hpp"
#include "cli/output_file.hpp"
#include "cli/report_listing.hpp"
#include "cli/report_text.hpp"
#include "error/warning.hpp"
#include "os/host.hpp"
#include "os/own_process.hpp"
#include "report/comparison.hpp"
#include "report/document.hpp"
#include "report/merged_runs.hpp"
#include "report/page.hpp"
#include "report/trace.hpp"
#include "text/utf8.hpp"

#include <CLI/CLI.hpp>
#include <SQLiteCpp/Statement.h>
#include <isolite/version.hpp>

#include <filesystem>
#include <iostream>
#include <memory>

namespace isolite::cli {

namespace {

struct report_request {
    cache_options cache;
    std::string run;
    std::vector<std::string> compared;
    std::vector<std::string> merged;
    std::string trace;
    std::string html;
    bool list = false;
    bool json = false;
    bool exit_code = false;
};

constexpr const char* about =
    R"(Each process of a test run keeps records of its cases and of the work around them. This adds them up:
what fixtures cost each worker, what sharing the databases saved, what was slow, and who ended early.
A run goes on while it is reported on? Then what it has written so far counts.
Without RUN it is the latest of a program that lies in this directory, or was started in it.

Examples:
  isolite report                       the latest run of a program of this directory
  isolite report --list                the runs that are kept
  isolite report 2                     the run before the latest
  isolite report --compare 2 1         what is slower or faster in the latest run
  isolite report --merge shard-*       the shards of a run, from several machines
  isolite report --exit-code           fails unless the run passed
  isolite report --html run.html       a page for a browser
  isolite report --trace run.json      a trace for ui.perfetto.dev
  isolite report --json | jq .totals)";

/// Where runs are kept, or why none are.
struct place {
    result<std::string> runs;
};

result<place> find_place(const cache_options& options) {
    return find_settings(options).map([&](const cache_settings& settings) {
        auto variables = os::own_variables();
        if (options.directory || options.project) {
            variables.erase("ISOLITE_LEDGER");
        }
        return place{report::runs_directory(workers::environment(variables), settings)};
    });
}

/// A script may have left a variable empty.
std::string object_to_empty(const std::string& path) {
    return path.empty() ? "an empty path names no file" : "";
}

void warn(const std::vector<error>& complaints) {
    for (const error& complaint : complaints) {
        warnings::complain(complaint.text());
    }
}

/// A run, and the runs that are kept beside it.
struct found_run {
    report::kept_run run;
    std::vector<report::kept_run> beside;
};

result<found_run> find(const std::string& name, const place& place) {
    const bool is_path = name.find('/') != std::string::npos;
    if (!place.runs && !is_path) {
        return tl::unexpected(place.runs.error());
    }
    const std::string directory = place.runs.value_or("");
    auto kept = place.runs ? report::kept_runs_in(directory) : std::vector<report::kept_run>();
    if (!kept && !is_path) {
        return tl::unexpected(kept.error());
    }
    auto runs = kept.value_or(std::vector<report::kept_run>());
    const auto* const here =
        name.empty() ? report::nearest_run(runs, os::working_directory()) : nullptr;
    if (here) {
        return found_run{*here, std::move(runs)};
    }
    return report::find_run(name, directory, runs).map([&](report::kept_run run) {
        namespace files = std::filesystem;
        const std::string around = files::path(run.directory).parent_path().string();
        if (around != directory) {
            runs = report::kept_runs_in(around).value_or(std::vector<report::kept_run>());
        }
        return found_run{std::move(run), std::move(runs)};
    });
}

result<void> show(report::run_records& records, const report_request& report_request) {
    if (!report_request.trace.empty()) {
        return write_output(report_request.trace, report::trace(records) + "\n");
    }
    if (!report_request.html.empty()) {
        return write_output(report_request.html,
                            report::page_with(report::document(records, ISOLITE_VERSION)));
    }
    if (report_request.json) {
        std::cout << report::document(records, ISOLITE_VERSION) << '\n';
    } else {
        std::cout << (report_request.compared.empty() ? report_text(records)
                                                      : comparison_text(records));
    }
    return {};
}

/// Returns what `isolite report` cannot show of a run, as parts of a sentence behind its program.
std::vector<std::string> lost_records(report::run_records& records) {
    std::vector<std::string> lost;
    SQLite::Statement cases(records.database(), "SELECT program, lost, told FROM lost_cases");
    while (cases.executeStep()) {
        lost.push_back(text::printable(cases.getColumn(0).getString()) + ": the records of " +
                       cases.getColumn(1).getString() + " of its " +
                       cases.getColumn(2).getString() + " cases are missing");
    }
    SQLite::Statement programs(records.database(), "SELECT program FROM programs_without_parent");
    while (programs.executeStep()) {
        lost.push_back(text::printable(programs.getColumn(0).getString()) +
                       ": the records of its parent process are missing");
    }
    return lost;
}

/// A report fails nothing, unless that is asked for.
result<void> judge(report::run_records& records, const report_request& report_request,
                   bool is_whole) {
    const std::string verdict = records.text("SELECT verdict FROM run");
    if (!report_request.exit_code || (verdict == "passed" && is_whole)) {
        return {};
    }
    return tl::unexpected(
        error{errc::system,
              "call this run passed: " +
                  (verdict == "passed" ? "records of it are missing" : "its verdict is " + verdict),
              "the report tells why; without --exit-code it would fail nothing"});
}

result<void> show_run(const report_request& report_request, const place& place) {
    const bool compares = !report_request.compared.empty();
    const auto found = find(compares ? report_request.compared.back() : report_request.run, place);
    if (!found) {
        return tl::unexpected(found.error());
    }
    report::background background{found->beside, std::nullopt};
    if (compares) {
        const auto old = find(report_request.compared.front(), place);
        if (!old) {
            return tl::unexpected(old.error());
        }
        background.old = old->run;
    }
    auto records = report::run_records::in(found->run.directory);
    if (!records) {
        return tl::unexpected(records.error());
    }
    warn(records->complaints());
    const std::vector<std::string> lost = lost_records(*records);
    for (const std::string& each : lost) {
        warn({{errc::system, "show all of " + each,
               "a file was removed or cut, or a process had reached the 64 MiB of its records"}});
    }
    if (report_request.trace.empty()) {
        if (const auto compared = report::compare(*records, background); !compared) {
            return compared;
        }
    }
    const bool is_whole = lost.empty() && records->complaints().empty();
    return show(*records, report_request).and_then([&] {
        return judge(*records, report_request, is_whole);
    });
}

/// The shards of a run. There are no earlier ones beside them.
result<void> show_merged(const report_request& report_request) {
    auto records = report::merge_runs(report_request.merged);
    if (!records) {
        return tl::unexpected(records.error());
    }
    warn(records->complaints());
    if (report_request.trace.empty()) {
        if (const auto compared = report::compare(*records, {}); !compared) {
            return tl::unexpected(compared.error());
        }
    }
    return show(*records, report_request).and_then([&]() -> result<void> {
        if (const auto flaws = report::flaws_of(*records)) {
            return tl::unexpected(*flaws);
        }
        return judge(*records, report_request, true);
    });
}

result<void> show_list(const report_request& report_request, const place& place) {
    return place.runs
        .and_then([](const std::string& directory) { return report::kept_runs_in(directory); })
        .map([&](std::vector<report::kept_run> runs) {
            const auto listed = look_into(std::move(runs));
            std::cout << (report_request.json ? listing_as_json(listed, *place.runs) + "\n"
                                              : listing(listed, *place.runs));
        });
}

result<void> run(const report_request& report_request) {
    if (!report_request.merged.empty()) {
        return show_merged(report_request);
    }
    return find_place(report_request.cache).and_then([&](const place& place) {
        return report_request.list ? show_list(report_request, place)
                                   : show_run(report_request, place);
    });
}

} // namespace

void add_report(CLI::App& app, exit_code& outcome) {
    CLI::App* const command =
        app.add_subcommand("report", "Show what a test run spent its time on");
    command->footer(about);
    const auto wanted = std::make_shared<report_request>();
    CLI::Option* const name =
        command->add_option("RUN", wanted->run, "a run id, a number of --list, or a directory")
            ->type_name("");
    CLI::Option* const compare = command
                                     ->add_option("--compare", wanted->compared,
                                                  "compare a run with another one than that before")
                                     ->type_name("OLD NEW")
                                     ->expected(2)
                                     ->excludes(name);
    CLI::Option* const list = command->add_flag("--list", wanted->list, "list the runs")
                                  ->excludes(name)
                                  ->excludes(compare);
    command
        ->add_option("--merge", wanted->merged, "show the shards of a run, from several machines")
        ->type_name("DIR...")
        ->excludes(name)
        ->excludes(compare)
        ->excludes(list);
    command->add_flag("--exit-code", wanted->exit_code, "exit with 1 unless the run passed")
        ->excludes(list);
    CLI::Option* const json = command->add_flag("--json", wanted->json, "print JSON");
    CLI::Option* const html =
        command->add_option("--html", wanted->html, "write a page for a browser, - for stdout")
            ->type_name("FILE")
            ->check(object_to_empty)
            ->excludes(json)
            ->excludes(list);
    command->add_option("--trace", wanted->trace, "write a trace for ui.perfetto.dev, - for stdout")
        ->type_name("FILE")
        ->check(object_to_empty)
        ->excludes(json)
        ->excludes(list)
        ->excludes(html)
        ->excludes(compare);
    add_place_options(*command, wanted->cache);
    command->callback([wanted, &outcome] { outcome = outcome_of(run(*wanted)); });
}

} // namespace isolite::cli
