#include "adapters/boost_test_order.hpp"

#include <boost/test/unit_test_log.hpp>
#include <boost/test/unit_test_parameters.hpp>

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

namespace isolite::boost_test {

namespace {

using boost::test_tools::assertion_result;
namespace runtime_config = unit_test::runtime_config;
using unit_test::test_unit_id;

/// Returns the first of these units that runs, or `INV_TEST_UNIT_ID`.
test_unit_id first_enabled(const ranked_children& children) {
    const auto found = std::find_if(children.begin(), children.end(), [](const auto& child) {
        return unit_of(child.second).is_enabled();
    });
    return found == children.end() ? unit_test::INV_TEST_UNIT_ID : found->second;
}

} // namespace

void forget_checkpoint() {
    unit_test::unit_test_log.set_checkpoint(unit_test::const_string(), 0);
}

void order_children(test_unit_id root, const std::vector<test_unit_id>& order) {
    if (runtime_config::get<unsigned>(runtime_config::btrt_random_seed) != 0) {
        return; // the framework shuffles
    }
    std::map<test_unit_id, std::size_t> places;
    for (std::size_t place = 0; place < order.size(); ++place) {
        for (test_unit_id id = order[place]; id != unit_test::INV_TEST_UNIT_ID;
             id = unit_of(id).p_parent_id) {
            places.emplace(id, place); // the first one stays
        }
    }
    const auto place_of = [&](test_unit_id id) {
        const auto found = places.find(id);
        return found == places.end() ? std::numeric_limits<std::size_t>::max() : found->second;
    };
    for (const test_unit_id id : enabled_suites(root)) {
        auto& children = children_of(static_cast<unit_test::test_suite&>(unit_of(id)));
        const test_unit_id first = first_enabled(children);
        std::map<std::pair<unit_test::counter_t, std::size_t>, std::vector<test_unit_id>> sorted;
        for (const auto& [rank, child] : children) {
            sorted[{rank, place_of(child)}].push_back(child);
        }
        children.clear();
        for (const auto& [rank_and_place, here] : sorted) {
            for (const test_unit_id child : here) {
                children.emplace_hint(children.end(), rank_and_place.first, child);
            }
        }
        if (const test_unit_id now_first = first_enabled(children); now_first != first) {
            // In one process another unit would have ended before it, and with it the checkpoint.
            ask_first(unit_of(now_first), [](test_unit_id) {
                forget_checkpoint();
                return assertion_result(true);
            });
        }
    }
}

} // namespace isolite::boost_test
