#include "run/passes.hpp"

#include <set>

namespace isolite::run {

std::vector<std::vector<std::size_t>> passes_of(const std::vector<std::size_t>& order) {
    std::vector<std::vector<std::size_t>> passes;
    std::set<std::size_t> present;
    for (const std::size_t position : order) {
        const bool is_again = !present.insert(position).second;
        if (is_again || passes.empty()) {
            present = {position};
            passes.emplace_back();
        }
        passes.back().push_back(position);
    }
    return passes;
}

void open_cases(run_files& files, const std::vector<std::size_t>& pass) {
    for (const std::size_t position : pass) {
        case_record& record = files.records.of_case(position);
        record.progress.store(progress_of_case::open);
        record.owner.store(0);
        if (files.group_of[position] != run_files::no_group) {
            files.records.owner_of_group(files.group_of[position]).store(0);
        }
    }
}

} // namespace isolite::run
