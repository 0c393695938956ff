#include "verify/made_files.hpp"

#include <algorithm>
#include <utility>

namespace isolite::verify {

void made_files::note(const experiment& done, const std::set<std::string>& names) {
    seen one;
    one.names = names;
    for (const std::string& name : names) {
        made_by_[name]; // although nobody may have been seen to make it
    }
    for (const auto& [position, became] : done.became) {
        one.cases.insert(position);
        maker& self = makers_[position];
        ++self.runs;
        bool has_made = false;
        for (const trace& each : became.traces) {
            if (each.kind == trace::what::file && names.count(each.name) > 0) {
                has_made = true;
                made_by_[each.name].insert(position);
            }
        }
        self.makes += has_made ? 1 : 0;
    }
    experiments_.push_back(std::move(one));
}

std::vector<std::string> made_files::names() const {
    std::vector<std::string> all;
    for (const auto& [name, makers] : made_by_) {
        all.push_back(name);
    }
    return all;
}

bool made_files::is_made_again(const std::string& name) const {
    const std::set<std::size_t>& makers = made_by_.at(name);
    return std::any_of(makers.begin(), makers.end(), [&](std::size_t position) {
        bool was_alone = false;
        for (const seen& each : experiments_) {
            if (each.cases.count(position) == 0) {
                continue;
            }
            if (each.names.count(name) == 0) {
                return false;
            }
            was_alone = was_alone || each.cases.size() == 1;
        }
        return was_alone && makers_.at(position).runs >= several;
    });
}

bool made_files::is_of_others(const std::string& name) const {
    const std::set<std::size_t>& makers = made_by_.at(name);
    return std::all_of(makers.begin(), makers.end(), [this](std::size_t position) {
        const maker& one = makers_.at(position);
        return one.runs >= several && one.makes <= 1;
    });
}

} // namespace isolite::verify
