#include "verify/experiment.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace isolite::verify {

using std::chrono::milliseconds;

namespace {

/// Returns where a case stands the last time, or the end.
std::vector<std::size_t>::const_iterator last_place_of(std::size_t position,
                                                       const std::vector<std::size_t>& order) {
    const auto found = std::find(order.rbegin(), order.rend(), position);
    return found == order.rend() ? order.end() : std::prev(found.base());
}

} // namespace

std::vector<std::size_t> experiment::before(std::size_t position) const {
    return {order.begin(), last_place_of(position, order)};
}

std::vector<std::size_t> experiment::before_in_process(std::size_t position) const {
    const auto end = last_place_of(position, order);
    auto begin = end;
    for (const std::size_t each : begins) {
        const auto at = order.begin() + static_cast<std::ptrdiff_t>(each);
        begin = at <= end ? at : begin;
    }
    return {begin, end};
}

bool experiment::has_died_before(std::size_t position) const {
    const std::vector<std::size_t> some = before(position);
    if (!begins.empty()) {
        return before_in_process(position).size() < some.size();
    }
    return std::any_of(some.begin(), some.end(), [this](std::size_t each) {
        const auto found = became.find(each);
        return found != became.end() && found->second.died;
    });
}

milliseconds first_limit(milliseconds budget) {
    return budget / 4;
}

milliseconds limit_by(const observation& usual, milliseconds budget) {
    constexpr int most_times_slower = 50;
    const milliseconds least = std::clamp(budget / 20, milliseconds(1000), milliseconds(10000));
    const auto much = std::chrono::duration_cast<milliseconds>(usual.duration) * most_times_slower;
    return usual.timed_out ? least : std::max(much, least);
}

} // namespace isolite::verify
