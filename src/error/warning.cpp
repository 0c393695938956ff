#include "error/warning.hpp"

#include "text/utf8.hpp"

#include <atomic>
#include <cstdio>
#include <mutex>
#include <set>
#include <utility>

namespace isolite::warnings {

namespace {

struct warnings {
    std::mutex guard;
    std::set<std::string> told;
    bool are_kept = false;
    std::vector<std::string> kept;
};

warnings& of_process() {
    static auto* const all = new warnings; // late destructors may warn
    return *all;
}

std::atomic<bool> some_are_kept{false};

} // namespace

void complain(const std::string& text) {
    std::fprintf(stderr, "isolite: %s\n", text::printable_lines(text).c_str());
}

void warn_once(const error& problem) {
    warnings& all = of_process();
    const std::lock_guard locked(all.guard);
    // What is wrong with a path is told once, for whatever it was wanted.
    const std::size_t path = problem.message.find('/');
    if (!all.told.insert(problem.message.substr(path == std::string::npos ? 0 : path)).second) {
        return;
    }
    const std::string text = "warning: " + problem.text();
    complain(text);
    if (all.are_kept) {
        all.kept.push_back(text);
        some_are_kept = true;
    }
}

void keep_warnings() {
    warnings& all = of_process();
    const std::lock_guard locked(all.guard);
    all.are_kept = true;
}

std::vector<std::string> take_kept_warnings() {
    if (!some_are_kept.exchange(false)) {
        return {};
    }
    warnings& all = of_process();
    const std::lock_guard locked(all.guard);
    return std::exchange(all.kept, {});
}

} // namespace isolite::warnings
