#include "seed/making.hpp"

#include "error/warning.hpp"

#include <algorithm>
#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>
#include <utility>

namespace isolite::seeds {

namespace {

struct work {
    const seed* what;
    std::thread::id by;
    std::optional<error> failure = {}; // of a file that its step wanted
};

struct book {
    std::mutex mutex;
    std::condition_variable ended;
    std::list<work> works; // of one thread, the innermost last
};

book& all() {
    static auto* const of_process = new book; // threads may outlive the program
    return *of_process;
}

/// Seeds are copied; one of the same name may have other files.
bool is_same(const seed& one, const seed& other) {
    return one.name() == other.name() && one.files() == other.files();
}

bool is_here(const work& each) {
    return each.by == std::this_thread::get_id();
}

template <typename Condition>
work* find(Condition condition) {
    auto& works = all().works;
    const auto found = std::find_if(works.rbegin(), works.rend(), condition);
    return found == works.rend() ? nullptr : &*found;
}

work* innermost() {
    return find(is_here);
}

work* find_here(const seed& seed) {
    return find([&](const work& each) { return is_here(each) && is_same(*each.what, seed); });
}

std::string quoted(const seed& seed) {
    return "'" + seed.name() + "'";
}

/// Requires: the lock of the book.
error refusal(const seed& seed) {
    std::string needs;
    bool is_inside = false;
    for (const work& each : all().works) {
        if (is_inside && is_here(each)) {
            needs += (needs.empty() ? "and needs a file of " : ", which needs one of ") +
                     quoted(*each.what);
        }
        is_inside = is_inside || (is_here(each) && is_same(*each.what, seed));
    }
    if (needs.empty()) {
        return {errc::seed, "open a file of the seed " + quoted(seed) + " while it is being made",
                "let a path_step open it, by the path that it is given; a step gets a connection "
                "and opens none"};
    }
    return {errc::seed,
            "open a file of the seed " + quoted(seed) + " in a step of " +
                quoted(*innermost()->what) + ": " + quoted(seed) + " is being made, " + needs,
            "let the steps of one of them do without the files of the other"};
}

error long_wait(const seed& seed, std::chrono::milliseconds patience) {
    const auto waited = std::chrono::duration_cast<std::chrono::seconds>(patience);
    return {errc::seed,
            "use the seed " + quoted(seed) + ": another thread has been making its image for " +
                std::to_string(waited.count()) + " s",
            "if that waits for this thread: let what a step starts open the path that path_step "
            "gives"};
}

/// Waits until no other thread makes the image. Says whether that came.
bool wait_for_others(std::unique_lock<std::mutex>& lock, const seed& seed,
                     std::chrono::milliseconds patience) {
    const auto are_done = [&seed] {
        return !find([&](const work& each) { return is_same(*each.what, seed); });
    };
    constexpr std::chrono::milliseconds silence = std::chrono::seconds(2);
    const auto first = std::min(silence, patience);
    if (all().ended.wait_for(lock, first, are_done)) {
        return true;
    }
    if (patience > first) {
        warnings::complain("waiting for another thread, which builds the image of " + quoted(seed));
    }
    return all().ended.wait_for(lock, patience - first, are_done);
}

/// What this thread makes, for as long as this lives. Requires at its birth: the lock of the book.
class own_work {
  public:
    explicit own_work(const seed& seed)
        : place_(all().works.insert(all().works.end(), {&seed, std::this_thread::get_id()})) {}
    ~own_work() {
        const std::lock_guard lock(all().mutex);
        all().works.erase(place_);
        all().ended.notify_all();
    }
    own_work(const own_work&) = delete;
    own_work& operator=(const own_work&) = delete;

  private:
    std::list<work>::iterator place_;
};

} // namespace

shared_image make_alone(const seed& seed, const std::function<shared_image()>& make,
                        std::optional<std::chrono::milliseconds> patience) {
    std::unique_lock lock(all().mutex);
    if (find_here(seed)) {
        const error refused = refusal(seed);
        lock.unlock();
        note_failure(refused);
        return tl::unexpected(refused);
    }
    if (patience && !innermost() && !wait_for_others(lock, seed, *patience)) {
        return tl::unexpected(long_wait(seed, *patience));
    }
    const shared_image made = [&] {
        const own_work mine(seed);
        lock.unlock();
        return make();
    }();
    if (!made) {
        note_failure(made.error());
    }
    return made;
}

bool is_made_here(const seed& seed) {
    const std::lock_guard lock(all().mutex);
    return find_here(seed) != nullptr;
}

bool runs_here(const seed& seed) {
    const std::lock_guard lock(all().mutex);
    const work* const running = innermost();
    return running && is_same(*running->what, seed);
}

bool makes_for_another() {
    const std::lock_guard lock(all().mutex);
    return std::count_if(all().works.begin(), all().works.end(), is_here) > 1;
}

error refusal_of(const seed& seed) {
    const std::lock_guard lock(all().mutex);
    return refusal(seed);
}

void note_failure(const error& why) {
    const std::lock_guard lock(all().mutex);
    work* const running = innermost();
    if (running && !running->failure) {
        running->failure = why;
    }
}

std::optional<error> take_failure() {
    const std::lock_guard lock(all().mutex);
    work* const running = innermost();
    return running ? std::exchange(running->failure, std::nullopt) : std::nullopt;
}

} // namespace isolite::seeds
