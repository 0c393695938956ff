#pragma once

#include "sandbox/suite_process.hpp"

namespace isolite::doc_test {

/// Marks the cases of other shards as skipped. `--no-skip`, which would bring them back, is carried
/// out here for the cases of this shard instead.
void skip_other_shards(const suite_process& process);

} // namespace isolite::doc_test
