#include "error/warning.hpp"

#include <cstdio>
#include <mutex>
#include <set>

namespace isolite {

void warn_once(const error& problem) {
    static std::mutex guard;
    static auto* const told = new std::set<std::string>;
    const std::lock_guard locked(guard);
    if (told->insert(problem.message).second) {
        std::fprintf(stderr, "isolite: warning: %s\n", problem.text().c_str());
    }
}

} // namespace isolite
