#include "error/warning.hpp"

#include "text/utf8.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <functional>
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
    causes_of_all* of_workers = nullptr;
};

warnings& of_process() {
    static auto* const all = new warnings; // late destructors may warn
    return *all;
}

std::atomic<bool> some_are_kept{false};

/// Returns what stands for the cause of a message. A disk that is full, or a limit of the process,
/// refuses all alike; a directory each of its files; and what else is wrong with a path is so for
/// whatever it was wanted. Shape of a message: of several lines, of which the first counts.
std::string cause_of(const std::string& message) {
    const std::string line = message.substr(0, message.find('\n'));
    for (const int cause : {ENOSPC, EDQUOT, EROFS, EFBIG, EMFILE, ENFILE}) {
        const std::string reason = std::string(": ") + std::strerror(cause);
        if (line.size() > reason.size() &&
            line.compare(line.size() - reason.size(), reason.size(), reason) == 0) {
            return reason;
        }
    }
    const std::size_t path = std::min(line.find('/'), line.size());
    const std::size_t failed = line.rfind(" failed: ");
    if (path == line.size() || failed == std::string::npos || failed < path) {
        return line.substr(path == line.size() ? 0 : path);
    }
    return line.substr(path, line.rfind('/', failed) - path) + line.substr(failed);
}

/// Says whether this process has not told of its cause, and notes that it has. Requires: the lock.
bool is_new(warnings& all, const std::string& message) {
    return all.told.insert(cause_of(message)).second;
}

/// Says so of all workers together. Where many causes were told, some are told again.
bool is_new_to_workers(causes_of_all& told, const std::string& message) {
    const std::size_t cause = std::max<std::size_t>(std::hash<std::string>()(cause_of(message)), 1);
    for (std::atomic<std::size_t>& place : told) {
        std::size_t known = 0;
        if (place.compare_exchange_strong(known, cause)) {
            return true;
        }
        if (known == cause) {
            return false;
        }
    }
    return true;
}

} // namespace

void complain(const std::string& text) {
    std::fprintf(stderr, "isolite: %s\n", text::printable_lines(text).c_str());
}

void warn_once(const error& problem) {
    warnings& all = of_process();
    const std::lock_guard locked(all.guard);
    if (!is_new(all, problem.message) ||
        (all.of_workers && !is_new_to_workers(*all.of_workers, problem.message))) {
        return;
    }
    const std::string text = "warning: " + problem.text();
    complain(text);
    if (all.are_kept) {
        all.kept.push_back(text);
        some_are_kept = true;
    }
}

void repeat_once(const std::string& text) {
    warnings& all = of_process();
    const std::lock_guard locked(all.guard);
    if (is_new(all, text)) {
        complain(text);
    }
}

void keep_warnings(causes_of_all* of_workers) {
    warnings& all = of_process();
    const std::lock_guard locked(all.guard);
    all.are_kept = true;
    all.of_workers = of_workers;
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
