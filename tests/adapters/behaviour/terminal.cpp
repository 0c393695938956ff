// Sixty cases for all frameworks, and what a person sees of them; terminal_test.py judges. The
// variable SUBJECT_ACTS says what cases do that do not just pass: "orders/case_3:fail ...".
#include BEHAVIOUR_OF

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

#include <unistd.h>

namespace {

struct nothing {};

std::string act_of(const std::string& name) {
    const char* const all = std::getenv("SUBJECT_ACTS");
    std::istringstream acts(all == nullptr ? "" : all);
    for (std::string each; acts >> each;) {
        if (each.compare(0, name.size() + 1, name + ":") == 0) {
            return each.substr(name.size() + 1);
        }
    }
    return "pass";
}

/// Returns a file of the test that judges, which tells of a case or waits for it.
std::filesystem::path file_of(const std::string& name) {
    std::string file = name;
    file.replace(file.find('/'), 1, ".");
    const char* const folder = std::getenv("SUBJECT_FOLDER");
    return std::filesystem::path(folder == nullptr ? "." : folder) / file;
}

/// What a case has left behind in this process: its name, as the framework has it.
std::string left_by; // NOLINT(cert-err58-cpp)

bool has_bread(const std::string& name) {
    return act_of(name) != "lack";
}

/// Does what is asked for. Returns why the case fails, or "".
std::string play(const std::string& name) {
    const std::string act = act_of(name);
    if (act.compare(0, 6, "spoil=") == 0) {
        left_by = act.substr(6);
    }
    if (act == "suffer" && !left_by.empty()) {
        return "it was disturbed by a connection that '" + left_by + "' left open, which committed";
    }
    if (act == "fail") {
        std::printf("%s says a word\n", name.c_str());
        return "bread is missing\nand so is milk";
    }
    if (act == "throw") {
        throw std::runtime_error("bread is gone");
    }
    if (act == "crash") {
        std::fprintf(stderr, "%s is about to crash\n", name.c_str());
        ::raise(SIGKILL);
    }
    if (act == "hang") {
        for (;;) {
            ::pause();
        }
    }
    if (act == "flaky" && !std::filesystem::exists(file_of(name))) {
        const std::ofstream made(file_of(name));
        return "the first time is hard";
    }
    if (act == "say") {
        std::printf("%s says a word\n%s says another", name.c_str(), name.c_str());
    }
    if (act == "wait") {
        const std::ofstream begun(file_of(name));
        while (!std::filesystem::exists(file_of(name) += ".go")) {
            ::usleep(1000);
        }
    }
    return "";
}

} // namespace

#define CASE_OF(suite, name)                                                                       \
    BEHAVIOUR_CASE(suite, name, nothing, PLAIN) {                                                  \
        const std::string why = play(#suite "/" #name);                                            \
        VERIFY(has_bread(#suite "/" #name));                                                       \
        if (!why.empty()) {                                                                        \
            FAIL_WITH(why);                                                                        \
        }                                                                                          \
    }
#define TEN_CASES_OF(suite)                                                                        \
    BEHAVIOUR_SUITE(suite);                                                                        \
    CASE_OF(suite, case_0)                                                                         \
    CASE_OF(suite, case_1)                                                                         \
    CASE_OF(suite, case_2)                                                                         \
    CASE_OF(suite, case_3)                                                                         \
    CASE_OF(suite, case_4)                                                                         \
    CASE_OF(suite, case_5)                                                                         \
    CASE_OF(suite, case_6)                                                                         \
    CASE_OF(suite, case_7)                                                                         \
    CASE_OF(suite, case_8)                                                                         \
    CASE_OF(suite, case_9)

TEN_CASES_OF(customers)
TEN_CASES_OF(orders)
TEN_CASES_OF(prices)
TEN_CASES_OF(products)
TEN_CASES_OF(staff)
TEN_CASES_OF(stock)
