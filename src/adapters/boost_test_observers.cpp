#include "adapters/boost_test_observers.hpp"

#include <isolite/visibility.hpp>

#include <boost/test/debug.hpp>
#include <boost/test/framework.hpp>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <iterator>

#include <dlfcn.h>

namespace unit_test = boost::unit_test;
using unit_test::test_observer;

namespace isolite::boost_test {

namespace {

using registration = void(test_observer&);

constexpr const char* registering =
    "_ZN5boost9unit_test9framework17register_observerERNS0_13test_observerE";
constexpr const char* deregistering =
    "_ZN5boost9unit_test9framework19deregister_observerERNS0_13test_observerE";
constexpr const char* looking_for_debugger = "_ZN5boost5debug14under_debuggerEv";

/// All that were registered, and are registered still as far as this is heard of.
std::vector<test_observer*>& registered() {
    static auto* const all = new std::vector<test_observer*>; // used before `main` and at the exit
    return *all;
}

/// Returns the file that has what stands at an address, "" if none has.
const char* file_of(const void* address) {
    Dl_info found{};
    return ::dladdr(address, &found) != 0 && found.dli_fname ? found.dli_fname : "";
}

/// Returns Boost.Test's own function of a name, in the libraries behind this one.
template <typename Function>
Function* theirs(const char* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

} // namespace

std::vector<test_observer*> observers_of_the_user() {
    // The class of an observer is known by its table of functions.
    const auto is_of = [](test_observer* observer, const void* address) {
        const void* table = nullptr;
        std::memcpy(&table, static_cast<const void*>(observer), sizeof table);
        return std::strcmp(file_of(table), file_of(address)) == 0;
    };
    const void* const boosts = reinterpret_cast<const void*>(theirs<registration>(registering));
    static const char ours = 0;
    std::vector<test_observer*> found;
    std::copy_if(registered().begin(), registered().end(), std::back_inserter(found),
                 [&](test_observer* each) { return !is_of(each, boosts) && !is_of(each, &ours); });
    return found;
}

} // namespace isolite::boost_test

// Boost.Test has no way to ask for its observers, and those of the user must not hear of the cases
// of a worker: their parent's hear of all. So these stand in front of Boost.Test's own functions,
// to which they hand on. Where the linker finds Boost.Test's first, nothing is known.
namespace boost::unit_test::framework {

ISOLITE_API void register_observer(test_observer& observer) {
    isolite::boost_test::registered().push_back(&observer);
    using namespace isolite::boost_test;
    theirs<registration>(registering)(observer);
}

ISOLITE_API void deregister_observer(test_observer& observer) {
    auto& all = isolite::boost_test::registered();
    all.erase(std::remove(all.begin(), all.end(), &observer), all.end());
    using namespace isolite::boost_test;
    theirs<registration>(deregistering)(observer);
}

} // namespace boost::unit_test::framework

// For each case Boost.Test looks for a debugger, in each process around this one: that takes longer
// than all else, and a worker is one process deeper. A few looks a second are enough.
namespace boost::debug {

ISOLITE_API bool under_debugger() {
    using namespace isolite::boost_test;
    using clock = std::chrono::steady_clock;
    constexpr std::chrono::milliseconds between_looks(50);
    static const auto look = theirs<bool()>(looking_for_debugger);
    thread_local clock::time_point next;
    thread_local bool is_there = false;
    if (const auto now = clock::now(); now >= next) {
        is_there = look();
        next = now + between_looks;
    }
    return is_there;
}

} // namespace boost::debug
