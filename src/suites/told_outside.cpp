#include "suites/told_outside.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace isolite::suites {

told_outside take_told(results::outcome& outcome) {
    using key = std::pair<std::string, std::string>;
    std::vector<results::outside_failure> told;
    std::set<std::string> heard; // maybe by a case in another worker
    told_outside all;
    for (auto& process : outcome.outside) {
        const auto ours =
            std::stable_partition(process.begin(), process.end(), [](const results::event& event) {
                return event.kind > warned_event;
            });
        for (auto event = ours; event != process.end(); ++event) {
            if (event->kind == heard_event) {
                heard.insert(event->value);
            } else if (event->kind == warned_event) {
                all.warnings.insert(event->value);
            } else {
                told.push_back(event->as<results::outside_failure>());
            }
        }
        process.erase(ours, process.end());
    }
    std::set<key> known;
    std::copy_if(
        told.begin(), told.end(), std::back_inserter(all.failures),
        [&](const results::outside_failure& each) {
            return heard.count(each.why) == 0 && known.insert({each.suite, each.why}).second;
        });
    return all;
}

} // namespace isolite::suites
