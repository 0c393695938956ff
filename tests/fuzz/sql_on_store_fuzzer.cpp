#include "../store/random_play.hpp"
#include "../store/scratch_directory.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

// Statements, connections, transactions, logs, layers: on our VFS as on SQLite's own.

using namespace isolite::store::tests;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const scratch_directory scratch;
    dice choices(std::string_view(reinterpret_cast<const char*>(data), size));
    const logs in_logs = std::array{logs::none, logs::ended, logs::kept}[choices.below(3)];
    // A byte is enough for the database: the others are for what is done with it. Small ones are
    // made quickly.
    dice of_world(std::uint64_t(choices.below(256)));
    constexpr std::size_t most_fillings = 4;
    const std::size_t fillings = choices.below(most_fillings);
    play(
        choices, in_logs, [&choices] { return choices.has_bytes(); }, of_world, fillings);
    return 0;
}
