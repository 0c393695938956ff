#include "ledger/told_list.hpp"

#include <algorithm>
#include <utility>

namespace isolite::records {

void told_list::add(told_fixture piece) {
    piece.longest = piece.duration;
    if (pieces_.size() < most_pieces) {
        pieces_.push_back(std::move(piece));
        return;
    }
    const key same{piece.kind, piece.name, piece.depth > 0, piece.in_case};
    const auto [sum, is_new] = sums_.try_emplace(same, piece);
    if (!is_new) {
        sum->second.duration += piece.duration;
        sum->second.longest = std::max(sum->second.longest, piece.longest);
        sum->second.count += 1;
    }
}

std::vector<told_fixture> told_list::take() {
    auto all = std::exchange(pieces_, {});
    for (auto& [same, sum] : std::exchange(sums_, {})) {
        all.push_back(std::move(sum));
    }
    return all;
}

void add(account& costs, const std::vector<told_fixture>& told, const std::string& test) {
    for (const told_fixture& each : told) {
        costs.add({each.kind, each.name, each.duration, each.depth, each.count, each.longest},
                  each.in_case ? test : std::string());
    }
}

} // namespace isolite::records
