#include "suites/page_of_run.hpp"

#include "ledger/ledger.hpp"
#include "ledger/record_line.hpp"
#include "ledger/run_directory.hpp"
#include "os/own_process.hpp"
#include "os/whole_file.hpp"
#include "report/comparison.hpp"
#include "report/document.hpp"
#include "report/page.hpp"
#include "results/run_records.hpp"
#include "text/long_text.hpp"
#include "worker/environment.hpp"

#include <isolite/version.hpp>

#include <exception>
#include <filesystem>
#include <optional>
#include <system_error>
#include <vector>

namespace isolite::suites {

namespace {

namespace files = std::filesystem;

constexpr const char* by_the_command =
    "the records are kept: `isolite report --html FILE` writes the same page";

error cannot_write(const std::string& file, const std::string& why, const std::string& hint) {
    return {errc::system, "write the report " + file + ": " + why, hint};
}

result<std::string> page_of(const files::path& run) {
    return report::run_records::of_launch(run.string(), os::own_number())
        .and_then([&](report::run_records records) -> result<std::string> {
            const auto kept = report::kept_runs_in(run.parent_path().string());
            const report::background background{kept.value_or(std::vector<report::kept_run>()),
                                                std::nullopt};
            if (const auto compared = report::compare(records, background); !compared) {
                return tl::unexpected(compared.error());
            }
            return report::page_with(report::document(records, ISOLITE_VERSION));
        });
}

} // namespace

result<void> check_that_records_are_kept() {
    const auto runs = records::place_of_runs(workers::environment::of_process());
    if (!runs) {
        return tl::unexpected(runs.error());
    }
    if (*runs) {
        return {};
    }
    const bool is_ledger = workers::environment::of_process().find("ISOLITE_LEDGER").has_value();
    const std::string variable = is_ledger ? "ISOLITE_LEDGER" : "ISOLITE_CACHE";
    return tl::unexpected(
        error{errc::environment,
              "write a page about this run: it keeps no records, because " + variable + " is off",
              "unset " + variable + ", or leave out --report"});
}

result<void> write_page(const std::string& file) {
    const files::path records = records::ledger::of_process().path_of_records();
    if (records.empty()) {
        return tl::unexpected(
            cannot_write(file, "this run has no records", "a warning above says why"));
    }
    try {
        const auto page = page_of(records.parent_path());
        if (!page) {
            return tl::unexpected(
                cannot_write(file, "cannot " + page.error().message, by_the_command));
        }
        const int failed = os::write_whole_file(file, *page);
        return failed == 0 ? result<void>()
                           : tl::unexpected(cannot_write(
                                 file, std::error_code(failed, std::generic_category()).message(),
                                 "name a file in a directory that exists, may be written to and "
                                 "has space left"));
    } catch (const std::exception& problem) { // tests may have done anything to SQLite
        return tl::unexpected(cannot_write(file, problem.what(), by_the_command));
    }
}

bool write_wanted_page(const results::wanted_reports& wanted) {
    const auto written = wanted.page.empty() ? result<void>() : write_page(wanted.page);
    return results::say_if_unreported(written ? "" : written.error().text());
}

bool write_wanted_page(const verify::verified& found, const std::vector<results::test_case>& cases,
                       const results::wanted_reports& wanted) {
    if (wanted.page.empty()) {
        return true;
    }
    records::ledger& ledger = records::ledger::of_process();
    ledger.end(); // it has kept nothing of the experiments
    ledger.begin_run();
    ledger.become_parent();
    ledger.record("verification", [&](records::record_line& line) {
        line.add("text", text::without_middle(found.text));
    });
    results::record_all_results(cases, found.outcome);
    ledger.end(cases.size());
    return write_wanted_page(wanted);
}

} // namespace isolite::suites
