#include "adapters/doctest_shard.hpp"

#include "adapters/doctest_registry.hpp"

#include <cstddef>

namespace isolite::doc_test {

void skip_other_shards(const suite_process& process) {
    const shard& shard = process.shard();
    if (shard.total == 1) {
        return;
    }
    doctest::ContextOptions& options = options_of_doctest();
    std::size_t position = 0;
    std::size_t own = 0;
    for (const auto& registered : doctest::detail::getRegisteredTests()) {
        const bool is_own = shard.contains(position++);
        bool& skip = writable(registered).m_skip;
        skip = !is_own || (skip && !options.no_skip);
        own += is_own ? 1 : 0;
    }
    options.no_skip = false;
    process.tell_shard(own, position);
}

} // namespace isolite::doc_test
