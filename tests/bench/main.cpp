#include "figure.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <map>
#include <string>

namespace {

const std::map<std::string, bench::benchmark> benchmarks = {
    {"copy_on_write", bench::copy_on_write},
    {"files", bench::files},
    {"headers", bench::headers},
    {"image", bench::image},
    {"ledger", bench::ledger},
    {"rollback", bench::rollback},
    {"statements", bench::statements},
    {"workers", bench::workers},
};

const char* verdict(const bench::figure& figure) {
    if (!figure.budget) {
        return "info";
    }
    return figure.value <= *figure.budget ? "ok" : "short";
}

void print_line(const bench::figure& figure) {
    std::printf("%-75s %8.4f %8s  %s\n", figure.name.c_str(), figure.value,
                figure.budget ? std::to_string(*figure.budget).substr(0, 5).c_str() : "-",
                verdict(figure));
}

void print_json(const bench::figure& figure, bool first) {
    std::printf("%s\n  {\"name\": \"%s\", \"value\": %.4f, \"budget\": %s, \"verdict\": \"%s\"}",
                first ? "" : ",", figure.name.c_str(), figure.value,
                figure.budget ? std::to_string(*figure.budget).c_str() : "null", verdict(figure));
}

int usage(const std::string& unknown) {
    std::fprintf(stderr,
                 "cannot run the benchmark '%s': there is none of that name\n  hint: the "
                 "benchmarks are",
                 unknown.c_str());
    for (const auto& [name, run] : benchmarks) {
        std::fprintf(stderr, " %s", name.c_str());
    }
    std::fprintf(stderr, "\n");
    return 2;
}

} // namespace

/// Runs the benchmarks named on the command line, all if there is none; `--json` for programs.
/// Exits with 1 if a budget was missed.
int main(int argc, char** argv) {
    bool json = false;
    std::map<std::string, bench::benchmark> chosen;
    for (int i = 1; i < argc; ++i) {
        if (std::strcmp(argv[i], "--json") == 0) {
            json = true;
        } else if (const auto found = benchmarks.find(argv[i]); found != benchmarks.end()) {
            chosen.insert(*found);
        } else {
            return usage(argv[i]);
        }
    }
    // What records cost, the benchmark `ledger` measures.
    ::setenv("ISOLITE_LEDGER", "off", 0);
    bool met = true;
    bool first = true;
    std::printf(json ? "[" : "");
    for (const auto& [name, run] : chosen.empty() ? benchmarks : chosen) {
        for (const bench::figure& figure : run()) {
            json ? print_json(figure, first) : print_line(figure);
            std::fflush(stdout);
            first = false;
            met = met && std::strcmp(verdict(figure), "short") != 0;
        }
    }
    std::printf(json ? "\n]\n" : "");
    return met ? 0 : 1;
}
