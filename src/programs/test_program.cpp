#include "programs/test_program.hpp"

#include "os/child_processes.hpp"
#include "os/descriptor.hpp"
#include "os/files.hpp"
#include "os/started_programs.hpp"
#include "programs/words_of_reports.hpp"
#include "run/signal_watch.hpp"
#include "text/utf8.hpp"
#include "worker/environment.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>

namespace isolite::programs {

namespace {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds longest_answer(10);

error cannot_verify(const std::vector<std::string>& words, const std::string& why,
                    std::string hint) {
    return {errc::environment, "verify " + text::printable(words.front()) + ": " + why,
            std::move(hint)};
}

/// Returns what a program prints before it ends by itself.
result<std::string> answer_of(const std::vector<std::string>& words, const std::string& option,
                              const std::string& file) {
    const run::signal_watch watch;
    const auto started = os::start_program({words, file});
    if (!started) {
        return tl::unexpected(started.error());
    }
    const auto begun = clock::now();
    bool is_stopped = false;
    while (!os::has_ended(*started) && !is_stopped && clock::now() - begun < longest_answer) {
        const auto signal = watch.wait(milliseconds(100));
        is_stopped = signal && *signal != SIGCHLD;
    }
    const bool has_ended = os::has_ended(*started);
    os::kill_process(*started);
    static_cast<void>(os::await_end_of_group(*started));
    if (is_stopped) {
        return tl::unexpected(cannot_verify(words, "it was stopped by a signal", ""));
    }
    if (!has_ended) {
        return tl::unexpected(cannot_verify(words, "it did not answer " + option + " within 10 s",
                                            "it is to do what " + option +
                                                " says, and to end, without running cases"));
    }
    return content_of(file);
}

/// Returns the file of a program, as shells look for it; "" if there is none.
std::string file_of(const std::string& program) {
    if (program.find('/') != std::string::npos) {
        return program;
    }
    std::string path = workers::environment::of_process().find("PATH").value_or("");
    for (std::size_t begin = 0; begin <= path.size();) {
        const std::size_t end = std::min(path.find(':', begin), path.size());
        const std::string file = path.substr(begin, end - begin) + "/" + program;
        if (const auto facts = os::look_behind(file); facts && facts->is_regular()) {
            return file;
        }
        begin = end + 1;
    }
    return "";
}

/// Says whether isolite is in a program, or in a library that it names.
bool has_isolite(const std::string& program) {
    constexpr std::size_t chunk = 1 << 20;
    constexpr std::size_t longest_mark = 32;
    const auto file = os::descriptor::open(file_of(program), os::descriptor::opening::read);
    for (std::uint64_t place = 0; file; place += chunk - longest_mark) {
        const std::string part = file.read_at(place, chunk);
        if (part.find("ISOLITE_VERIFY") != std::string::npos ||
            part.find("libisolite") != std::string::npos) {
            return true;
        }
        if (part.size() < chunk) {
            break;
        }
    }
    return false;
}

} // namespace

std::vector<std::string> test_program::arguments() const {
    return {words.begin() + 1, words.end()};
}

std::vector<std::string> test_program::without(const std::vector<bool>& left_out) const {
    std::vector<std::string> others = {words.front()};
    for (std::size_t i = 0; i < left_out.size(); ++i) {
        if (!left_out[i]) {
            others.push_back(words[i + 1]);
        }
    }
    return others;
}

std::vector<std::string> test_program::with(const std::vector<std::string>& options) const {
    std::vector<std::string> all = words;
    // What stands behind -- is not for the framework.
    all.insert(std::find(all.begin(), all.end(), "--"), options.begin(), options.end());
    return all;
}

std::vector<std::string> test_program::running(const std::vector<std::string>& selectors,
                                               std::optional<unsigned> seed,
                                               const std::string& file) const {
    const test_program bare{without(of->selecting(arguments())), of};
    std::vector<std::string> options = of->to_select(selectors);
    if (options.front().size() > longest_word && !file.empty()) {
        options = of->to_select_many(selectors, file);
    }
    for (std::string& each : of->to_order(seed)) {
        options.push_back(std::move(each));
    }
    return bare.with(options);
}

result<std::optional<test_program>> look_at(const std::vector<std::string>& words,
                                            const std::string& file) {
    if (has_isolite(words.front())) {
        return std::nullopt;
    }
    test_program program{words, nullptr};
    return answer_of(program.with({"--help"}), "--help", file)
        .and_then([&](const std::string& answer) -> result<std::optional<test_program>> {
            if (answer.find("--verify-json=FILE") != std::string::npos) {
                return std::nullopt;
            }
            program.of = framework_by_help(answer);
            if (program.of == nullptr) {
                return tl::unexpected(cannot_verify(
                    words, "its --help is that of no test framework that isolite knows",
                    "it is to be a program of Boost.Test, doctest, GoogleTest or Catch2, or to "
                    "have an adapter of isolite"));
            }
            program.words = program.without(program.of->ordering_or_reporting(program.arguments()));
            return program;
        });
}

result<std::vector<listed_case>> list(const test_program& program, const std::string& file) {
    if (const std::string why = program.of->refusal(program.arguments()); !why.empty()) {
        return tl::unexpected(
            cannot_verify(program.words, why, "leave it out: all cases are verified then"));
    }
    const std::vector<std::string> options = program.of->to_list();
    return answer_of(program.with(options), options.front(), file)
        .and_then([&](const std::string& answer) -> result<std::vector<listed_case>> {
            std::vector<listed_case> cases = program.of->listed(answer, program.arguments());
            if (cases.empty()) {
                return tl::unexpected(cannot_verify(
                    program.words, "it lists no case that is to run",
                    "do its arguments select any? " + options.front() + " behind them shows it"));
            }
            return cases;
        });
}

} // namespace isolite::programs
