#include "provoke.hpp"
#include "results/history.hpp"

#include "results/history_text.hpp"
#include "results/junit.hpp"
#include "results/timings.hpp"
#include "results/verdict.hpp"
#include "run/command_line.hpp"
#include "run/parallel_run.hpp"
#include "suites/page_of_run.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <variant>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using isolite::results::verdict;
using isolite::run::options;
using variables = std::map<std::string, std::string>;

void provoke_options() {
    using namespace isolite::run;
    const auto chosen = [](std::vector<std::string> words, const variables& set = {}) {
        words.insert(words.begin(), "shop_test");
        std::vector<char*> argv;
        for (std::string& word : words) {
            argv.push_back(word.data());
        }
        int argc = static_cast<int>(argv.size());
        argv.push_back(nullptr);
        print_error(take_from(argc, argv.data()).and_then([&](const taken_options& taken) {
            return combine(taken, isolite::workers::environment(set));
        }));
    };
    chosen({"--workers=many"});
    chosen({}, {{"ISOLITE_WORKERS", "257"}});
    chosen({"--workers"});
    chosen({}, {{"ISOLITE_WORKER_EXIT", "slow"}});
    chosen({"--timeout=0"});
    chosen({}, {{"ISOLITE_TIMEOUT", "a minute"}});
    chosen({"--durations=all"});
    chosen({"--maxfail", "-1"});
    chosen({"--shuffle=today"});
    chosen({"--failed=yes"});
    chosen({"--verify=yes"});
    chosen({}, {{"ISOLITE_VERIFY", "yes"}});
    chosen({"--budget=0"});
    chosen({"--budget=5"});
    chosen({"--verify-json=found"});
    chosen({"--verify-json="});
    chosen({}, {{"ISOLITE_VERIFY_JSON", "found.json"}});
    chosen({"--in-order="});
    chosen({"--in-condition=zone=Nowhere"});
    chosen({"--timings=yes"});
    chosen({"--debug=yes"});
    chosen({"--fail-flaky=yes"});
    chosen({"--show=later"});
    chosen({"--no-capture=yes"});
    chosen({"--show-changes=yes"});
    chosen({"--repeat=0"});
    chosen({"--retries=often"});
    chosen({"--junit="});
    chosen({"--report="});
    chosen({"--shard=4/4"});
    chosen({"--shard=0/4", "--shard=1/4"});
    chosen({"--history="});
    chosen({}, {{"ISOLITE_HISTORY", "durations.tsv"}});
    chosen({"--gtest_output=json"});
    chosen({"--timeout=5", "--workers=0"});
    chosen({"--retries=2"}, {{"ISOLITE_WORKERS", "0"}});
    print(help_text());
}

void provoke_histories(const std::string& directory) {
    namespace files = std::filesystem;
    using isolite::results::history;
    const std::string place = directory + "/history";
    const std::string name = "/shop-0123456789abcdef.history.tsv";
    const history shop(place + name, std::chrono::milliseconds(0));
    static_cast<void>(shop.record({}));
    const auto print_with = [&](const std::string& text) {
        std::ofstream(place + name) << text;
        print_error(shop.cases());
        print_error(shop.record({}));
    };
    print_with("another file");
    print_with("isolite history 1\nshop\ta test\tpassed");
    files::remove(place + name);
    files::create_directory(place + name);
    print_error(shop.cases());
    files::remove(place + name);
    std::ofstream(place + name).close();
    ::chmod(place.c_str(), 0777);
    print_error(shop.cases());
    print_error(shop.record({}));
    const auto print_elsewhere = [&](const std::string& path) {
        print_error(history(path + name).record({}));
    };
    print_elsewhere("/proc/nowhere");
    std::ofstream(directory + "/no history").close();
    print_elsewhere(directory + "/no history");
    files::create_directory_symlink(place, directory + "/history elsewhere");
    print_elsewhere(directory + "/history elsewhere");
    if (::geteuid() == 0) { // only root can give a directory away; others find root's
        files::create_directory(directory + "/history of another");
        static_cast<void>(::chown((directory + "/history of another").c_str(), 1, 0));
        print_elsewhere(directory + "/history of another");
    } else {
        print_elsewhere("/usr");
    }
}

void provoke_reports(const std::string& directory) {
    for (const char* const text : {"isolite history 2\n", "isolite history 1\nshop_test"}) {
        std::ofstream(directory + "/durations.tsv") << text;
        print_error(isolite::results::read_histories(directory + "/durations.tsv"));
    }
    print_error(isolite::results::write_junit("/nowhere/report.xml", {}, {}, "shop_test"));
    print_error(isolite::results::write_junit("/dev/full", {}, {}, "shop_test"));
    std::filesystem::create_directory(directory + "/report.xml");
    print_error(isolite::results::write_junit(directory + "/report.xml", {}, {}, "shop_test"));
    print_error(isolite::suites::write_page(directory + "/page.html"));
    ::setenv("ISOLITE_LEDGER", "off", 1);
    print_error(isolite::suites::check_that_records_are_kept());
    ::unsetenv("ISOLITE_LEDGER");
}

/// A case, as the adapter of a framework would know it.
struct described_case {
    std::string name;
    std::function<verdict()> body;
};

/// What an adapter does in a worker.
[[noreturn]] void run_cases(isolite::run::forked_worker& worker,
                            const std::vector<described_case>& cases) {
    for (const std::size_t position : worker.order()) {
        if (worker.claim(position)) {
            worker.finish(cases[position].body(), "");
        }
    }
    worker.end();
}

/// Runs the cases in a worker, and prints the error, or each death, the timings and the verdict.
void run(const std::vector<described_case>& cases, const options& options,
         const std::function<void(isolite::run::forked_worker&)>& in_worker) {
    std::vector<isolite::results::test_case> described(cases.size());
    for (std::size_t position = 0; position < cases.size(); ++position) {
        described[position].name = cases[position].name;
    }
    auto role = isolite::run::start(described, options, {{}, [] {}});
    if (!role) {
        print_error(role);
        return;
    }
    if (auto* const worker = std::get_if<isolite::run::forked_worker>(&*role)) {
        in_worker(*worker);
        run_cases(*worker, cases);
    }
    const auto& ended = std::get<isolite::results::outcome>(*role);
    for (const auto& result : ended.results) {
        if (!result.death.empty()) {
            print(result.death);
        }
    }
    print(isolite::results::timings_of(ended, described, {true, 10}));
    print(isolite::results::verdict_of(ended, described, {"shop --failed", "", "--timings"}));
}

/// Does so in a process of its own, which may limit itself and is a run of its own.
void run_apart(
    const std::vector<described_case>& cases, options options = {},
    const std::function<void()>& limit = [] {},
    const std::function<void(isolite::run::forked_worker&)>& in_worker = [](auto&) {}) {
    std::fflush(nullptr);
    const pid_t child = ::fork();
    if (child == 0) {
        ::setenv("ISOLITE_CACHE", "off", 1);
        ::setenv("ISOLITE_RUN_ID", "provoked", 1);
        ::setenv("ISOLITE_WORKER_SLOT", "0", 1);
        options.workers = 1;
        limit();
        run(cases, options, in_worker);
        std::fflush(nullptr);
        ::_exit(EXIT_SUCCESS);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    if (status != 0) {
        print("the run ended with " + std::to_string(status));
    }
}

verdict pass() {
    return verdict::passed;
}

verdict fail() {
    return verdict::failed;
}

verdict wait_for_ever() {
    for (;;) {
        ::pause();
    }
}

void provoke_deaths() {
    options patient;
    patient.timeout = std::chrono::milliseconds(50);
    run_apart({{"crashes",
                [] {
                    ::kill(::getpid(), SIGKILL);
                    return wait_for_ever();
                }},
               {"exits", []() -> verdict { ::_exit(3); }},
               {"closes all",
                [] {
                    for (int descriptor = 3; descriptor < 1024; ++descriptor) {
                        ::close(descriptor);
                    }
                    return verdict::passed;
                }},
               {"hangs", wait_for_ever},
               {"passes", pass}},
              patient);
    run_apart({{"is stopped", [] {
                    ::raise(SIGSTOP);
                    return wait_for_ever();
                }}});
    run_apart(
        {{"never begun", pass}}, {}, [] {}, [](auto&) { ::_exit(3); });
}

void provoke_ends_of_runs(const std::string& directory) {
    const std::string tried = directory + "/tried";
    options repeated;
    repeated.repeat = 2;
    repeated.shuffle = 7;
    run_apart({{"fails", fail}}, repeated);
    options retried;
    retried.retries = 1;
    run_apart({{"fails once",
                [tried] {
                    const bool again = std::filesystem::exists(tried);
                    std::ofstream(tried).close();
                    return again ? verdict::passed : verdict::failed;
                }}},
              retried);
    options hasty;
    hasty.max_failures = 1;
    run_apart({{"fails", fail}, {"never begun", pass}, {"neither", pass}}, hasty);
    run_apart({{"is interrupted",
                [] {
                    ::kill(::getppid(), SIGTERM);
                    return wait_for_ever();
                }},
               {"never begun", pass}});
    run_apart({{"leaves a process",
                [] {
                    if (::fork() == 0) {
                        wait_for_ever();
                    }
                    return verdict::passed;
                }},
               {"is skipped", [] { return verdict::skipped; }}});
}

void provoke_runs_that_do_not_start() {
    struct shop {
        static isolite::seed seed() { return stock_seed(); }
    };
    run_apart({{"passes", pass}}, {},
              [] { static_cast<void>(isolite::engine::of_worker<shop>()); });
    run_apart({{"passes", pass}}, {}, [] {
        const rlimit few = {8, 8};
        ::setrlimit(RLIMIT_NOFILE, &few);
        while (::open("/dev/null", O_RDONLY) >= 0) {
        }
    });
    run_apart({{"passes", pass}}, {}, [] {
        constexpr uid_t nobody = 65534; // root may have any number of processes
        const rlimit none = {0, 0};
        ::setrlimit(RLIMIT_NPROC, &none);
        static_cast<void>(::geteuid() == 0 && ::setresuid(nobody, nobody, nobody) != 0);
    });
}

} // namespace

void provoke_workers(const std::string& directory) {
    provoke_options();
    provoke_histories(directory);
    provoke_reports(directory);
    provoke_deaths();
    provoke_ends_of_runs(directory);
    provoke_runs_that_do_not_start();
}
