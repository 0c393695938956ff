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
    return found == files_.end() ? nullptr : found->second.file;
}

std::shared_ptr<store> directory::find_or_create(std::string_view name, bool& created) {
    const std::lock_guard guard(mutex_);
    const auto found = files_.find(name);
    created = found == files_.end();
    if (!created) {
        return found->second.file;
    }
    auto file = std::make_shared<store>();
    files_.emplace(name, entry{file, ++generation_});
    return file;
}

std::shared_ptr<store> directory::create(std::string_view name, std::shared_ptr<const image> base) {
    auto file = std::make_shared<store>(std::move(base));
    return put(name, file) ? file : nullptr;
}

bool directory::put(std::string_view name, std::shared_ptr<store> file) {
    const std::lock_guard guard(mutex_);
    return files_.try_emplace(std::string(name), entry{std::move(file), 0}).second;
}

std::string directory::add(const std::string& name, const std::shared_ptr<const image>& base) {
    std::string unique = name;
    for (int number = 2; !create(unique, base); ++number) {
        unique = name + "-" + std::to_string(number);
    }
    return unique;
}

bool directory::remove(std::string_view name) {
    const std::lock_guard guard(mutex_);
    const auto found = files_.find(name);
    if (found == files_.end()) {
        return false;
    }
    files_.erase(found);
    return true;
}

std::vector<std::string> directory::remove_since(std::uint64_t generation) {
    const std::lock_guard guard(mutex_);
    std::vector<std::string> removed;
    for (auto file = files_.begin(); file != files_.end();) {
        if (file->second.generation <= generation) {
            ++file;
            continue;
        }
        if (file->second.file->size() > 0) {
            removed.push_back(file->first);
        }
        file = files_.erase(file);
    }
    return removed;
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
