#include "adapters/gtest_mocks.hpp"

#include "error/warning.hpp"
#include "os/own_symbols.hpp"

#include <cstdlib>
#include <map>
#include <new>

// Of GMock, whose headers a program may lack. Null where the program has no GMock.
namespace testing {
extern bool FLAGS_gmock_catch_leaked_mocks [[gnu::weak]];
class Mock {
  public:
    static void AllowLeak(const void* mock) __attribute__((weak));
};
} // namespace testing

namespace isolite::googletest {

namespace {

using mocks_by_address = std::map<const void*, void*>; // nobody looks at what it maps them to

/// GMock's only list of its mocks, and what looks at it when a process ends. Both are local to a
/// source file of GMock's; a program's table of symbols has them all the same.
struct registry_of_mocks {
    mocks_by_address* mocks = static_cast<mocks_by_address*>(
        os::own_symbol("_ZN7testing12_GLOBAL__N_122g_mock_object_registryE"));
    void* say_left = os::own_symbol("_ZN7testing12_GLOBAL__N_118MockObjectRegistryD2Ev");

    [[nodiscard]] bool is_known() const { return mocks != nullptr && say_left != nullptr; }
};

bool is_part_of_program() {
    return &testing::FLAGS_gmock_catch_leaked_mocks != nullptr &&
           &testing::Mock::AllowLeak != nullptr;
}

/// Searches once, in the parent.
const registry_of_mocks& registry() {
    static const registry_of_mocks found;
    return found;
}

void say_left_mocks() {
    reinterpret_cast<void (*)(void*)>(registry().say_left)(registry().mocks);
    new (registry().mocks) mocks_by_address; // with ISOLITE_WORKER_EXIT=all it is destroyed again
}

} // namespace

void find_mocks() {
    if (is_part_of_program() && !registry().is_known()) {
        warnings::warn_once({errc::usage,
                             "notice in workers which mocks tests leave: the program is stripped",
                             "keep its table of symbols, or set ISOLITE_WORKER_EXIT=all"});
    }
}

void say_left_mocks_at_exit() {
    if (is_part_of_program() && registry().is_known()) {
        for (const auto& [mock, unheeded] : *registry().mocks) {
            testing::Mock::AllowLeak(mock);
        }
        static_cast<void>(std::atexit(say_left_mocks));
    }
}

} // namespace isolite::googletest
