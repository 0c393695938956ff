#include "adapters/boost_test_observers.hpp"

#include <isolite/visibility.hpp>

#include <boost/test/framework.hpp>

#include <algorithm>
#include <cstring>
#include <iterator>

#include <dlfcn.h>

namespace unit_test = boost::unit_test;
using unit_test::test_observer;

namespace isolite::boost_test {

namespace {

using registration = void (*)(test_observer&);

constexpr const char* registering =
    "_ZN5boost9unit_test9framework17register_observerERNS0_13test_observerE";
constexpr const char* deregistering =
    "_ZN5boost9unit_test9framework19deregister_observerERNS0_13test_observerE";

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
registration theirs(const char* name) {
    return reinterpret_cast<registration>(::dlsym(RTLD_NEXT, name));
}

} // namespace

std::vector<test_observer*> observers_of_the_user() {
    // The class of an observer is known by its table of functions.
    const auto is_of = [](test_observer* observer, const void* address) {
        const void* table = nullptr;
        std::memcpy(&table, static_cast<const void*>(observer), sizeof table);
        return std::strcmp(file_of(table), file_of(address)) == 0;
    };
    const void* const boosts = reinterpret_cast<const void*>(theirs(registering));
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
    isolite::boost_test::theirs(isolite::boost_test::registering)(observer);
}

ISOLITE_API void deregister_observer(test_observer& observer) {
    auto& all = isolite::boost_test::registered();
    all.erase(std::remove(all.begin(), all.end(), &observer), all.end());
    isolite::boost_test::theirs(isolite::boost_test::deregistering)(observer);
}

} // namespace boost::unit_test::framework
