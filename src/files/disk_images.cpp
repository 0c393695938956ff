#include "files/disk_images.hpp"

#include "files/patience.hpp"

#include <algorithm>
#include <numeric>

namespace isolite::paths {

namespace {

bool is_still(const os::file_facts& facts, const std::string& name) {
    const auto now = os::look_behind(name);
    return now && os::is_unchanged(facts, *now);
}

} // namespace

disk_images& disk_images::of_process() {
    static auto* const all = new disk_images; // as the claims
    return *all;
}

std::list<disk_images::entry>::iterator disk_images::find(const std::string& name) {
    return std::find_if(kept_.begin(), kept_.end(),
                        [&name](const entry& each) { return each.name == name; });
}

bool disk_images::is_too_much() const {
    const auto add = [](std::uint64_t sum, const entry& each) {
        return sum + each.reading.image->size();
    };
    return kept_.size() > 1 &&
           (kept_.size() > most_files_ ||
            std::accumulate(kept_.begin(), kept_.end(), std::uint64_t{0}, add) > most_bytes_);
}

void disk_images::keep(const std::string& name, const disk_reading& reading) {
    const std::lock_guard guard(mutex_);
    kept_.remove_if([&name](const entry& each) {
        return each.name == name || !is_still(each.reading.facts, each.name);
    });
    kept_.push_back({name, reading});
    while (is_too_much()) {
        kept_.pop_front();
    }
}

disk_reading disk_images::read(sqlite3_vfs& disk, const std::string& name) {
    if (!has_log(name)) { // asked first: a log that is emptied later changes the file before
        const std::lock_guard guard(mutex_);
        const auto found = find(name);
        if (found != kept_.end() && is_still(found->reading.facts, name)) {
            kept_.splice(kept_.end(), kept_, found);
            return found->reading;
        }
    }
    disk_reading reading;
    static_cast<void>(soon([&] {
        reading = read_database(disk, name);
        return reading.code != SQLITE_BUSY;
    }));
    if (reading.code == SQLITE_OK && reading.image && reading.is_settled) {
        keep(name, reading);
    }
    return reading;
}

} // namespace isolite::paths
