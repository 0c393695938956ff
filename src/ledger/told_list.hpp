#pragma once

#include "ledger/account.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace isolite::records {

/// Fixture work that a worker tells its parent of.
struct told_fixture {
    fixture_kind kind;
    std::string name;
    std::chrono::nanoseconds duration{0}; ///< of all of it
    unsigned depth = 0;
    bool in_case = false;
    std::size_t count = 1; ///< how often it was done
    std::chrono::nanoseconds longest{0};
};

/// What a worker has to tell at the end of a case. Of very much, it keeps the first pieces and sums
/// of the others, so that a case of a million sessions needs no more memory than another.
class told_list {
  public:
    static constexpr std::size_t most_pieces = 4096;

    void add(told_fixture piece);

    /// Returns all since the last call.
    [[nodiscard]] std::vector<told_fixture> take();

  private:
    using key = std::tuple<fixture_kind, std::string, bool, bool>;

    std::vector<told_fixture> pieces_;
    std::map<key, told_fixture> sums_;
};

/// Adds fixtures to what a run cost: those that were in a case, which is `test`, and those before.
void add(account& costs, const std::vector<told_fixture>& told, const std::string& test);

} // namespace isolite::records
