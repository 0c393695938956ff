// Small suites, each with one planted fault, or none. ISOLITE_TEST_SUITE names the one to run.
#include "planted.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <cfenv>
#include <chrono>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

void open_settings(const std::function<void(SQLite::Database&)>& use) {
    SQLite::Database settings("settings.db", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    settings.setBusyTimeout(10000); // it has one fault, and no other
    settings.exec("CREATE TABLE IF NOT EXISTS settings(id INTEGER PRIMARY KEY, name TEXT)");
    use(settings);
}

void row_by_commit(suite& to) {
    plant(
        to,
        [] {
            open_settings([](SQLite::Database& settings) {
                settings.exec("BEGIN; INSERT INTO settings(name) VALUES ('imported'); COMMIT");
            });
        },
        [] {
            open_settings([](SQLite::Database& settings) {
                expect(settings.execAndGet("SELECT count(*) FROM settings").getInt() == 0,
                       "there are settings");
            });
        });
}

void static_variable(suite& to) {
    plant(
        to, [] { registry()["imported"] = 1; },
        [] { expect(registry().count("imported") == 0, "something was imported"); });
}

void environment_variable(suite& to) {
    plant(
        to, [] { ::setenv("SHOP_CURRENCY", "EUR", 1); },
        [] { expect(std::getenv("SHOP_CURRENCY") == nullptr, "it is no longer dollars"); });
}

void cleaner(suite& to) {
    add_bystanders(to, "before", 3);
    to.add("customers/import", [] { registry()["imported"] = 1; });
    add_bystanders(to, "between", 3);
    to.add("customers/forget", [] { registry().clear(); });
    add_bystanders(to, "more", 3);
    to.add("orders/total",
           [] { expect(registry().count("imported") == 0, "something was imported"); });
}

void two_polluters(suite& to) {
    add_bystanders(to, "before", 3);
    to.add("customers/import", [] { registry()["customers"] = 1; });
    add_bystanders(to, "between", 3);
    to.add("products/import", [] { registry()["products"] = 1; });
    add_bystanders(to, "more", 3);
    to.add("orders/total", [] { expect(registry().size() < 2, "both were imported"); });
}

void fails_first(suite& to) {
    const auto counted = [] { ++registry()["cases"]; };
    to.add("products/count", counted);
    to.add("orders/total", [] { expect(registry()["cases"]++ > 0, "nothing ran before"); });
}

void fails_alone(suite& to) {
    plant(
        to, [] { registry()["prices"] = 1; },
        [] { expect(registry().count("prices") == 1, "there are no prices"); });
}

void flaky(suite& to) {
    add_bystanders(to, "before", 3);
    to.add("orders/total", [] { expect(std::random_device()() % 2 == 0, "it was tails"); });
    add_bystanders(to, "behind", 3);
}

void working_directory(suite& to) {
    plant(
        to, [] { expect(::chdir("/") == 0, "cannot go to /"); },
        [] { expect(std::filesystem::exists("prices.txt"), "there is no file with prices"); });
}

void file_on_disk(suite& to) {
    plant(
        to, [] { std::ofstream("imported.txt") << "42\n"; },
        [] { expect(!std::filesystem::exists("imported.txt"), "something was imported"); });
}

void temporary_file(suite& to) {
    static const auto path = [] { return std::filesystem::temp_directory_path() / "imported"; };
    plant(
        to, [] { std::ofstream(path()) << "42\n"; },
        [] { expect(!std::filesystem::exists(path()), "something was imported"); });
}

/// Two that rely on files that another one makes.
void needed_file(suite& to) {
    plant(
        to, [] { std::ofstream("imported.txt") << "42\n"; },
        [] { expect(std::filesystem::exists("imported.txt"), "there is no import"); });
}

void needed_temporary_file(suite& to) {
    static const auto path = [] { return std::filesystem::temp_directory_path() / "imported"; };
    plant(
        to, [] { std::ofstream(path()) << "42\n"; },
        [] { expect(std::filesystem::exists(path()), "there is no import"); });
}

void umask_left(suite& to) {
    plant(
        to, [] { ::umask(077); },
        [] {
            struct ::stat facts {};
            const auto path = std::filesystem::temp_directory_path() / "total";
            std::ofstream(path) << "42\n";
            expect(::stat(path.c_str(), &facts) == 0 && (facts.st_mode & S_IRGRP) != 0,
                   "nobody else may read the total");
            std::filesystem::remove(path);
        });
}

void signal_handler(suite& to) {
    plant(
        to, [] { std::signal(SIGUSR1, SIG_IGN); },
        [] {
            const auto before = std::signal(SIGUSR1, SIG_DFL);
            std::signal(SIGUSR1, before);
            expect(before == SIG_DFL, "a signal is ignored");
        });
}

void locale_left(suite& to) {
    plant(
        to, [] { expect(std::setlocale(LC_ALL, "C.UTF-8") != nullptr, "there is no C.UTF-8"); },
        [] {
            const std::string now = std::setlocale(LC_ALL, nullptr);
            expect(now == "C", "the locale is " + now);
        });
}

void crash(suite& to) {
    plant(
        to, [] { registry()["imported"] = 1; },
        [] {
            if (registry().count("imported") > 0) {
                std::abort();
            }
        });
}

/// One that does harm is serial, by which it comes last where there are several workers.
void serial_polluter(suite& to) {
    isolite::case_marks marks;
    marks.serial = true;
    to.add(
        "customers/import", [] { registry()["imported"] = 1; }, marks);
    add_bystanders(to, "between", 4);
    to.add("orders/total",
           [] { expect(registry().count("imported") == 0, "something was imported"); });
}

/// Two cases that each want the same file for themselves.
void lock_file(suite& to) {
    const auto with_lock = [](bool crashes) {
        return [crashes] {
            if (crashes) {
                begin_late();
            }
            const int file = ::open("shop.lock", O_CREAT | O_EXCL | O_WRONLY, 0600);
            if (file < 0 && crashes) {
                std::abort();
            }
            hold();
            if (file >= 0) {
                ::close(file);
                ::unlink("shop.lock");
            }
        };
    };
    to.add("customers/import", with_lock(false));
    to.add("orders/total", with_lock(true));
    add_bystanders(to, "behind", 6);
}

void port(suite& to) {
    const auto listen = [](bool insists) {
        return [insists] {
            if (insists) {
                begin_late();
            }
            ::sockaddr_in address{};
            address.sin_family = AF_INET;
            address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
            address.sin_port =
                ::htons(static_cast<std::uint16_t>(std::atoi(std::getenv("ISOLITE_TEST_PORT"))));
            const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
            const bool is_bound =
                ::bind(socket, reinterpret_cast<const ::sockaddr*>(&address), sizeof address) == 0;
            hold();
            ::close(socket);
            expect(is_bound || !insists, "the port is taken");
        };
    };
    to.add("customers/serve", listen(false));
    to.add("orders/serve", listen(true));
    add_bystanders(to, "behind", 6);
}

void closed_output(suite& to) {
    plant(
        to, [] { ::close(STDOUT_FILENO); },
        [] { expect(::write(STDOUT_FILENO, "total\n", 6) == 6, "there is no stdout"); });
}

void moved_errors(suite& to) {
    plant(
        to,
        [] {
            const int nowhere = ::open("/dev/full", O_WRONLY);
            ::dup2(nowhere, STDERR_FILENO);
            ::close(nowhere);
        },
        [] {
            expect(::write(STDERR_FILENO, "total\n", 6) == 6, "there is no room for the total");
        });
}

void limit_left(suite& to) {
    plant(
        to,
        [] {
            ::rlimit files{};
            ::getrlimit(RLIMIT_NOFILE, &files);
            files.rlim_cur = 64;
            ::setrlimit(RLIMIT_NOFILE, &files);
        },
        [] {
            std::vector<int> opened;
            for (int i = 0; i < 100; ++i) {
                opened.push_back(::open("prices.txt", O_RDONLY));
            }
            for (const int each : opened) {
                ::close(each);
            }
            expect(opened.back() >= 0, "not all prices can be read");
        });
}

void rounding_mode(suite& to) {
    plant(
        to, [] { std::fesetround(FE_UPWARD); },
        [] {
            const volatile double whole = 1;
            expect(whole / 3 == 1.0 / 3, "a third is something else");
        });
}

const named_suites faults = {
    {"cleaner", cleaner},
    {"closed_output", closed_output},
    {"crash", crash},
    {"environment_variable", environment_variable},
    {"fails_alone", fails_alone},
    {"fails_first", fails_first},
    {"file_on_disk", file_on_disk},
    {"flaky", flaky},
    {"limit", limit_left},
    {"locale", locale_left},
    {"lock_file", lock_file},
    {"moved_errors", moved_errors},
    {"needed_file", needed_file},
    {"needed_temporary_file", needed_temporary_file},
    {"port", port},
    {"rounding_mode", rounding_mode},
    {"row_by_commit", row_by_commit},
    {"serial_polluter", serial_polluter},
    {"signal_handler", signal_handler},
    {"static_variable", static_variable},
    {"temporary_file", temporary_file},
    {"two_polluters", two_polluters},
    {"umask", umask_left},
    {"working_directory", working_directory},
};

} // namespace

int main(int argc, char** argv) {
    named_suites suites = faults;
    suites.insert(clean_suites.begin(), clean_suites.end());
    suites.insert(faults_in_memory.begin(), faults_in_memory.end());
    suites.insert(faults_of_repetition.begin(), faults_of_repetition.end());
    suites.insert(suites_of_conditions.begin(), suites_of_conditions.end());
    const char* const name = std::getenv("ISOLITE_TEST_SUITE");
    const auto chosen = suites.find(name == nullptr ? "" : name);
    if (chosen == suites.end()) {
        for (const auto& [known, unused] : suites) {
            std::printf("%s\n", known.c_str());
        }
        return 2;
    }
    isolite::suite tests;
    chosen->second(tests);
    return tests.run(argc, argv);
}
