// A suite without a test framework.
#include "stock.hpp"

#include <isolite/suite.hpp>

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include <unistd.h>

namespace {

void count_and_add(isolite::fixture& test) {
    const int found = test.value<int>("SELECT count(*) FROM products");
    test.execute("INSERT INTO products(name) VALUES ('bread')");
    if (found != 2) {
        throw std::runtime_error("there are " + std::to_string(found) + " products");
    }
}

} // namespace

int main(int argc, char** argv) {
    isolite::suite tests;
    for (const char* const name : {"counts/first", "counts/second", "counts/third"}) {
        tests.add<stock>(name, count_and_add);
    }
    isolite::case_marks copied;
    copied.mode = isolite::mode::copy_on_write;
    tests.add<stock>(
        "counts/commits",
        [](isolite::fixture& test) {
            count_and_add(test);
            test.execute("BEGIN");
            test.execute("DELETE FROM products");
            test.execute("COMMIT");
        },
        copied);
    tests.add("passes", [] {});
    tests.add("fails/throws", [] {
        std::printf("what it wrote\n");
        throw std::runtime_error("the first line\nthe second");
    });
    tests.add("fails/goes on", [&tests] {
        tests.fail("once");
        tests.fail("twice");
    });
    tests.add("fails/no exception", [] { throw 7; });
    tests.add<stock>("fails/leaks", [](isolite::fixture& test) {
        count_and_add(test);
        test.execute("COMMIT");
    });
    if (std::getenv("SUBJECT_SKIPS") != nullptr) {
        tests.add("skips/tells why", [&tests] { tests.skip("no\nnetwork"); });
        tests.add("skips/fails all the same", [&tests] {
            tests.skip("it is too late");
            tests.fail("once");
        });
        tests.add("skips/no more", [] {}); // what was skipped before it does not matter
    }
    if (std::getenv("SUBJECT_DIES") != nullptr) {
        tests.add("dies", [] { std::abort(); });
        isolite::case_marks limited;
        limited.timeout = std::chrono::milliseconds(200);
        tests.add(
            "hangs", [] { ::pause(); }, limited);
    }
    isolite::case_marks alone;
    alone.serial = true;
    tests.add(
        "alone", [] {}, alone);
    isolite::case_marks port;
    port.resources = {"a port"};
    tests.add(
        "port/first", [] {}, port);
    tests.add(
        "port/second", [] {}, port);
    if (std::getenv("SUBJECT_RUNS_BEFORE") != nullptr) {
        char pattern[] = "passes";
        char* arguments[] = {argv[0], pattern, nullptr};
        static_cast<void>(tests.run(2, arguments));
    }
    return tests.run(argc, argv);
}
