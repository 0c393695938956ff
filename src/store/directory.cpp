#include "store/directory.hpp"

#include <utility>

namespace isolite::store {

directory& directory::of_process() {
    // Never destroyed: connections in static variables may be closed after any destructor of ours.
    static auto* const instance = new directory;
    return *instance;
}

std::shared_ptr<store> directory::find(std::string_view name) {
    const std::lock_guard guard(mutex_);
    const auto found = files_.find(name);
    return found == files_.end() ? nullptr : found->second;
}

std::shared_ptr<store> directory::find_or_create(std::string_view name, bool& created) {
    const std::lock_guard guard(mutex_);
    auto found = files_.find(name);
    created = found == files_.end();
    if (created) {
        found = files_.emplace(name, std::make_shared<store>()).first;
        ++generation_;
    }
    return found->second;
}

std::shared_ptr<store> directory::create(std::string_view name,
                                         std::shared_ptr<const image> base) {
    const std::lock_guard guard(mutex_);
    if (files_.find(name) != files_.end()) {
        return nullptr;
    }
    auto file = std::make_shared<store>(std::move(base));
    files_.emplace(name, file);
    ++generation_;
    return file;
}

bool directory::remove(std::string_view name) {
    const std::lock_guard guard(mutex_);
    const auto found = files_.find(name);
    if (found == files_.end()) {
        return false;
    }
    files_.erase(found);
    ++generation_;
    return true;
}

std::uint64_t directory::generation() {
    const std::lock_guard guard(mutex_);
    return generation_;
}

std::vector<std::string> directory::names() {
    const std::lock_guard guard(mutex_);
    std::vector<std::string> names;
    names.reserve(files_.size());
    for (const auto& [name, file] : files_) {
        names.push_back(name);
    }
    return names;
}

} // namespace isolite::store
