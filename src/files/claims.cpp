#include "files/claims.hpp"

#include "files/claim_uses.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace isolite::paths {

namespace {

constexpr std::size_t most_known = 10000; // of names that tests make up

} // namespace

claims& claims::of_process() {
    // Never destroyed: connections in static variables may be opened or closed late.
    static auto* const all = new claims;
    return *all;
}

int claims::claim::rank() const {
    return !pattern.only_file().empty() ? 0 : from->is_seeded() ? 1 : 2;
}

std::uint64_t claims::add(const std::string& pattern, origin from) {
    const std::lock_guard guard(mutex_);
    if (const auto checked = file_pattern::check(pattern); !checked) {
        objections_.push_back(checked.error());
        any_ = true; // so that somebody asks
        return ++added_;
    }
    if (from.name.empty()) {
        from.name = pattern;
    }
    claim added{++added_, pattern, file_pattern(pattern),
                std::make_shared<const origin>(std::move(from))};
    const auto behind =
        std::upper_bound(all_.begin(), all_.end(), added, [](const claim& one, const claim& other) {
            return one.rank() < other.rank();
        });
    all_.insert(behind, std::move(added));
    known_.clear();
    noted_.clear();
    any_ = true;
    return added_;
}

std::optional<error> claims::take_objection() {
    const std::lock_guard guard(mutex_);
    if (objections_.empty()) {
        return std::nullopt;
    }
    error first = std::move(objections_.front());
    objections_.erase(objections_.begin());
    return first;
}

std::uint64_t claims::count_added() {
    const std::lock_guard guard(mutex_);
    return added_;
}

void claims::release(std::uint64_t number) {
    const std::lock_guard guard(mutex_);
    all_.erase(std::remove_if(all_.begin(), all_.end(),
                              [number](const claim& each) { return each.number == number; }),
               all_.end());
    known_.clear();
}

std::shared_ptr<const origin> claims::match(const std::string& name) const {
    const auto found = std::find_if(all_.begin(), all_.end(), [&name](const claim& each) {
        return each.pattern.matches(name);
    });
    return found == all_.end() ? nullptr : found->from;
}

std::shared_ptr<const origin> claims::find(const std::string& full_name) {
    const std::lock_guard guard(mutex_);
    if (const auto known = known_.find(full_name); known != known_.end()) {
        return known->second;
    }
    auto found = match(full_name);
    if (known_.size() < most_known) {
        known_.emplace(full_name, found);
    }
    return found;
}

void claims::note_opened(const std::string& full_name) {
    if (claim_uses::step::any()) {
        return;
    }
    const std::lock_guard guard(mutex_);
    if (noted_.count(full_name) > 0) {
        return;
    }
    if (noted_.size() < most_known) {
        noted_.insert(full_name);
    }
    auto& uses = claim_uses::of_process();
    for (const claim& each : all_) {
        if (each.pattern.matches(full_name)) {
            uses.note(each.from->statement);
        }
    }
    if (const auto alias = known_.find(full_name); alias != known_.end() && alias->second) {
        uses.note(alias->second->statement);
    }
}

std::vector<std::string> claims::unused() {
    const std::lock_guard guard(mutex_);
    std::vector<claim> found;
    const auto& uses = claim_uses::of_process();
    std::copy_if(all_.begin(), all_.end(), std::back_inserter(found), [&uses](const claim& each) {
        return each.from->statement != 0 && !uses.is_used(each.from->statement);
    });
    std::sort(found.begin(), found.end(),
              [](const claim& one, const claim& other) { return one.number < other.number; });
    std::vector<std::string> patterns;
    for (const claim& each : found) {
        patterns.push_back(each.text);
    }
    return patterns;
}

void claims::add_alias(const std::string& full_name, const std::string& spelled) {
    const std::lock_guard guard(mutex_);
    if (!match(full_name)) {
        if (auto found = match(spelled)) {
            known_[full_name] = std::move(found);
        }
    }
}

} // namespace isolite::paths
