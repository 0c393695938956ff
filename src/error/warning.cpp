#include "error/warning.hpp"

#include "text/utf8.hpp"

#include <cstdio>
#include <mutex>
#include <set>

namespace isolite::warnings {

void complain(const std::string& text) {
    std::fprintf(stderr, "isolite: %s\n", text::printable_lines(text).c_str());
}

void warn_once(const error& problem) {
    static std::mutex guard;
    static auto* const told = new std::set<std::string>;
    const std::lock_guard locked(guard);
    // What is wrong with a path is told once, for whatever it was wanted.
    const std::size_t path = problem.message.find('/');
    if (told->insert(problem.message.substr(path == std::string::npos ? 0 : path)).second) {
        complain("warning: " + problem.text());
    }
}

} // namespace isolite::warnings
