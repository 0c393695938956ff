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
    play(choices, in_logs, [&choices] { return choices.has_bytes(); });
    return 0;
}
