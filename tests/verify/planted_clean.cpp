// Suites that must be called clean, whatever their cases do.
#include "planted.hpp"

#include <isolite/engine.hpp>

#include <SQLiteCpp/SQLiteCpp.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

void clean(suite& to) {
    add_bystanders(to, "orders", 30);
}

/// What runs first fills a cache, and nobody can tell.
void clean_with_cache(suite& to) {
    for (int i = 0; i < 12; ++i) {
        to.add("prices/" + std::to_string(i), [] {
            auto& entries = registry();
            entries.try_emplace("price", 42);
            expect(entries.at("price") == 42, "the price is another one");
        });
    }
}

/// Cases that fail and are skipped wherever they run.
void clean_with_failures(suite& to) {
    add_bystanders(to, "before", 4);
    to.add("orders/broken", [] { throw std::runtime_error("it is broken"); });
    to.add("orders/later", [&to] { to.skip("not yet"); });
    to.add("orders/crash", [] { std::abort(); });
    add_bystanders(to, "behind", 4);
}

/// Cases that put everything back, which no other one may see meanwhile.
void clean_with_traces(suite& to) {
    isolite::case_marks marks;
    marks.serial = true;
    for (int i = 0; i < 8; ++i) {
        to.add(
            "orders/" + std::to_string(i),
            [] {
                expect(!std::filesystem::exists("total.txt"), "there is a total");
                ::setenv("SHOP_CURRENCY", "EUR", 1);
                std::ofstream("total.txt") << "42\n";
                std::filesystem::remove("total.txt");
                ::unsetenv("SHOP_CURRENCY");
            },
            marks);
    }
}

/// Only one of them runs at a time, as their marks say.
void clean_with_resources(suite& to) {
    for (int i = 0; i < 6; ++i) {
        isolite::case_marks marks;
        marks.resources = {"lock"};
        to.add(
            "orders/" + std::to_string(i),
            [] {
                const int file = ::open("shop.lock", O_CREAT | O_EXCL | O_WRONLY, 0600);
                expect(file >= 0, "somebody has the lock");
                hold();
                ::close(file);
                ::unlink("shop.lock");
            },
            marks);
    }
}

/// A case that runs another suite, as end-to-end tests do.
void starts_a_program(suite& to) {
    to.add("orders/end_to_end", [] {
        const std::string program = std::getenv("ISOLITE_TEST_PROGRAM");
        const std::string command = "ISOLITE_TEST_SUITE=clean " + program + " 2>&1";
        FILE* const said = ::popen(command.c_str(), "r");
        std::string text;
        for (int letter = 0; (letter = std::fgetc(said)) != EOF;) {
            text += static_cast<char>(letter);
        }
        expect(::pclose(said) == 0, text);
        expect(text.find("30 passed") != std::string::npos, text);
    });
}

/// Says whether this is the first run of all, whatever the experiment.
bool is_first_of_all() {
    return ::mkdir(std::getenv("ISOLITE_TEST_ONCE"), 0700) == 0;
}

/// While a case runs, somebody else makes a file.
void file_of_others(suite& to) {
    add_bystanders(to, "before", 3);
    to.add("orders/total", [] {
        if (is_first_of_all()) {
            std::ofstream("notes.txt") << "mine\n";
        }
    });
}

/// A case that makes a file behind another one only.
void file_at_times(suite& to) {
    add_bystanders(to, "before", 3);
    to.add("customers/import", [] { registry()["imported"] = 1; });
    to.add("orders/total", [] {
        if (registry().count("imported") > 0) {
            std::ofstream("total.txt") << "42\n";
        }
    });
}

/// A case that leaves a process behind, each time with another number.
void process_left(suite& to) {
    add_bystanders(to, "before", 3);
    to.add("orders/total", [] {
        if (::fork() == 0) {
            for (;;) {
                ::pause();
            }
        }
    });
}

/// What a case leaves in a place that no experiment knows.
void file_elsewhere(suite& to) {
    add_bystanders(to, "before", 3);
    to.add("orders/total", [] { expect(is_first_of_all(), "there is a total"); });
}

/// A case that somebody has to stop.
void endless(suite& to) {
    to.add("orders/endless", [] {
        for (;;) {
            std::this_thread::sleep_for(std::chrono::hours(1));
        }
    });
}

isolite::case_marks really_commits() {
    isolite::case_marks marks;
    marks.mode = isolite::mode::copy_on_write;
    return marks;
}

/// Cases that commit, which isolite takes back.
void clean_by_isolite(suite& to) {
    for (int i = 0; i < 6; ++i) {
        to.add<shop>(
            "orders/commit " + std::to_string(i),
            [](isolite::fixture& test) {
                expect(test.value<int>("SELECT count(*) FROM orders") == 0, "there are orders");
                test.execute("BEGIN");
                test.execute("INSERT INTO orders(total) VALUES (7)");
                test.execute("COMMIT");
                expect(test.value<int>("SELECT max(id) FROM orders") == 1, "it has another id");
            },
            really_commits());
    }
}

/// Each case has an engine of its own, whose image isolite keeps open.
void clean_engines(suite& to) {
    for (int i = 0; i < 4; ++i) {
        to.add("orders/engine " + std::to_string(i), [] {
            auto opened = isolite::engine::open(shop::seed());
            expect(opened.has_value(), "it cannot be opened");
            expect(opened->value<int>("SELECT count(*) FROM orders") == 0, "there are orders");
            opened->execute("INSERT INTO orders(total) VALUES (7)");
        });
    }
}

/// Cases that write what is never the same twice, and fail with it.
void clean_with_other_rows(suite& to) {
    for (int i = 0; i < 4; ++i) {
        to.add<shop>("orders/other " + std::to_string(i), [](isolite::fixture& test) {
            test.execute("INSERT INTO orders(total) VALUES (random())");
            test.execute("CREATE TABLE log AS SELECT julianday('now') AS moment");
        });
    }
    to.add("orders/broken", [] {
        throw std::runtime_error("it is broken: " + std::to_string(std::random_device()()));
    });
}

/// Cases that change the connection, and put it back.
void clean_connection(suite& to) {
    for (int i = 0; i < 6; ++i) {
        to.add<shop>(
            "orders/connection " + std::to_string(i),
            [](isolite::fixture& test) {
                expect(test.value<int>("PRAGMA foreign_keys") == 1, "keys are not checked");
                expect(test.value<int>("SELECT count(*) FROM temp.sqlite_master") == 0,
                       "there is a temporary table");
                test.execute("PRAGMA foreign_keys = OFF");
                test.execute("CREATE TEMP TABLE basket(id)");
                test.execute("DROP TABLE basket");
                test.execute("PRAGMA foreign_keys = ON");
            },
            really_commits());
    }
}

/// Threads that end with their case.
void clean_threads(suite& to) {
    for (int i = 0; i < 8; ++i) {
        to.add("orders/threads " + std::to_string(i), [] {
            int sum = 0;
            std::thread([&sum] { sum = 42; }).join();
            expect(sum == 42, "nothing was added up");
        });
    }
}

/// Cases that use random numbers, and do not depend on them.
void clean_with_chance(suite& to) {
    for (int i = 0; i < 8; ++i) {
        to.add("orders/chance " + std::to_string(i),
               [] { expect(std::rand() >= 0, "a number is negative"); });
    }
}

} // namespace

const named_suites clean_suites = {
    {"clean", clean},
    {"clean_by_isolite", clean_by_isolite},
    {"clean_connection", clean_connection},
    {"clean_engines", clean_engines},
    {"clean_threads", clean_threads},
    {"clean_with_cache", clean_with_cache},
    {"clean_with_chance", clean_with_chance},
    {"clean_with_failures", clean_with_failures},
    {"clean_with_other_rows", clean_with_other_rows},
    {"clean_with_resources", clean_with_resources},
    {"clean_with_traces", clean_with_traces},
    {"endless", endless},
    {"file_elsewhere", file_elsewhere},
    {"process_left", process_left},
    {"file_at_times", file_at_times},
    {"file_of_others", file_of_others},
    {"starts_a_program", starts_a_program},
};
