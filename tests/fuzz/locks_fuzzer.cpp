#include "../store/bare_locks.hpp"
#include "../store/scratch_directory.hpp"
#include "demand.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// Requests for the locks on a file and on a wal-index: answered as by SQLite's own VFS.

using namespace isolite::store::tests;
using isolite::fuzzing::demand;

namespace {

void ask_for_locks(dice& choices) {
    bare_locks stock(each_vfs[0]);
    bare_locks ours(each_vfs[1]);
    while (choices.has_bytes()) {
        const lock_request next = stock.any_request(choices);
        demand(ours.answer(next) == stock.answer(next), "a request for a lock is answered alike");
        for (std::size_t who = 0; who < 3; ++who) {
            demand(ours.level(who) == stock.level(who), "a connection holds the same lock");
            demand(ours.reserved(who) == stock.reserved(who), "the same lock is reserved");
        }
    }
}

void ask_for_index_locks(dice& choices) {
    bare_index_locks stock(each_vfs[0]);
    bare_index_locks ours(each_vfs[1]);
    while (choices.has_bytes()) {
        const index_request next = stock.any_request(choices);
        demand(ours.answer(next) == stock.answer(next),
               "a request for a lock on the wal-index is answered alike");
    }
}

void remove_files() {
    for (const std::string& each : isolite::store::directory::of_process().names()) {
        isolite::store::directory::of_process().remove(each);
    }
    for (const auto& each : std::filesystem::directory_iterator(".")) {
        std::filesystem::remove(each);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const scratch_directory scratch;
    dice choices(std::string_view(reinterpret_cast<const char*>(data), size));
    if (choices.one_in(2)) {
        ask_for_locks(choices);
    } else {
        ask_for_index_locks(choices);
    }
    remove_files();
    return 0;
}
