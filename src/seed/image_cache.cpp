#include "seed/image_cache.hpp"

#include "os/files.hpp"
#include "seed/building_files.hpp"
#include "seed/checksum.hpp"
#include "seed/file_record.hpp"
#include "seed/image_file.hpp"
#include "text/file_names.hpp"
#include "worker/effective_settings.hpp"

#include <isolite/worker.hpp>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <numeric>
#include <tuple>
#include <utility>

namespace isolite::seeds {

namespace {

namespace files = std::filesystem;

constexpr const char* image_suffix = ".db";
constexpr const char* text_record_suffix = ".text";

std::string hash_of(const std::string& text) {
    return checksum_of(text).substr(0, 16);
}

/// Looks at a file without opening it.
cached_image look_at(const std::string& path, const std::string& project) {
    cached_image found;
    found.path = path;
    found.project = project;
    if (const auto facts = os::look_at(path)) {
        found.bytes = facts->bytes;
        found.built = facts->modified.tv_sec;
        found.last_used = facts->modified.tv_sec;
    }
    if (const auto record = os::look_at(record_path(path))) {
        found.last_used = std::max(found.last_used, record->modified.tv_sec);
    }
    return found;
}

void read_label(cached_image& image) {
    if (const auto label = read_image_label(image.path)) {
        image.seed = label->seed;
        image.sqlite = label->sqlite;
    } else {
        image.objection = label.error().message;
    }
}

/// Returns the paths in a directory that end with `suffix`; none where it cannot be read.
std::vector<std::string> paths_in(const std::string& directory, const char* suffix) {
    std::vector<std::string> found;
    for (const std::string& name : os::names_in(directory)) {
        if (files::path(name).extension() == suffix) {
            found.push_back(directory + "/" + name);
        }
    }
    return found;
}

/// Looks at the images of a project without opening them, the one used last first.
std::vector<cached_image> look_into(const std::string& directory, const std::string& project) {
    std::vector<cached_image> found;
    for (const std::string& path : paths_in(directory, image_suffix)) {
        found.push_back(look_at(path, project));
    }
    std::sort(found.begin(), found.end(), [](const cached_image& left, const cached_image& right) {
        return std::tie(right.last_used, left.path) < std::tie(left.last_used, right.path);
    });
    return found;
}

void remove_leftovers_in(const std::string& directory) {
    for (const char* const suffix : {lock_suffix, status_suffix}) {
        for (const std::string& path : paths_in(directory, suffix)) {
            remove_leftovers(path.substr(0, path.size() - std::strlen(suffix)));
        }
    }
}

/// Removes what is known of SQL files about which nobody asked for longer than `age`.
void remove_text_records_in(const std::string& directory, std::time_t age) {
    for (const std::string& path : paths_in(directory, text_record_suffix)) {
        const auto facts = os::look_at(path);
        if (facts && std::time(nullptr) - facts->modified.tv_sec > age) {
            os::remove_file(path);
        }
    }
}

} // namespace

std::uint64_t size_of(const std::vector<cached_image>& images) {
    return std::accumulate(
        images.begin(), images.end(), std::uint64_t(0),
        [](std::uint64_t sum, const cached_image& image) { return sum + image.bytes; });
}

image_cache::image_cache(cache_settings settings) : settings_(std::move(settings)) {}

std::string image_cache::directory() const {
    return settings_.directory + "/" + settings_.project;
}

result<void> image_cache::make() const {
    return workers::make_cache(settings_, sharing_images);
}

std::string image_cache::stem_of(const std::string& seed_name,
                                 const std::string& fingerprint) const {
    constexpr std::size_t longest = 60;
    return directory() + "/" + text::file_name(seed_name, longest, "_") + "-" + fingerprint;
}

std::string image_cache::text_record_of(const std::string& path) const {
    std::error_code ignored; // a path that is none has no file
    const files::path absolute = files::absolute(path, ignored);
    constexpr std::size_t longest = 60;
    return directory() + "/" + text::file_name(absolute.filename().string(), longest, "_.") + "-" +
           hash_of(absolute.string()) + text_record_suffix;
}

void image_cache::forget_texts_of(const seed& seed) const {
    for (const seed::part& part : seed.parts()) {
        if (part.what == seed::part::kind::sql_file) {
            os::remove_file(text_record_of(part.label));
        }
    }
}

result<std::string> image_cache::run() const {
    if (!settings_.fresh) {
        return {};
    }
    return worker::current().map([](const worker& worker) { return hash_of(worker.run_id); });
}

std::vector<cached_image> image_cache::images() const {
    auto found = look_into(directory(), settings_.project);
    std::for_each(found.begin(), found.end(), read_label);
    return found;
}

std::vector<std::string> image_cache::projects() const {
    std::vector<std::string> found;
    for (const std::string& name : os::names_in(settings_.directory)) {
        const auto facts = os::look_behind(settings_.directory + "/" + name);
        if (facts && facts->is_directory()) {
            found.push_back(name);
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

std::vector<cached_image> image_cache::prune() const {
    // Whoever has just built an image, or waited for it, is about to map it.
    constexpr std::time_t moment = 10;
    const std::time_t now = std::time(nullptr);
    const std::time_t allowed = std::chrono::seconds(settings_.max_age).count();
    remove_leftovers_in(directory());
    remove_text_records_in(directory(), allowed);
    auto images = look_into(directory(), settings_.project);
    std::uint64_t total = size_of(images);
    std::vector<cached_image> removed;
    for (auto image = images.rbegin(); image != images.rend(); ++image) {
        const std::time_t unused = now - image->last_used;
        if (unused > allowed || (total > settings_.max_bytes && unused > moment)) {
            read_label(*image);
            if (remove_image_file(image->path)) {
                total -= image->bytes;
                removed.push_back(*image);
            }
        }
    }
    return removed;
}

std::vector<cached_image> image_cache::clear() const {
    remove_leftovers_in(directory());
    remove_text_records_in(directory(), -1);
    std::vector<cached_image> removed;
    for (const cached_image& image : images()) {
        if (remove_image_file(image.path)) {
            removed.push_back(image);
        }
    }
    return removed;
}

} // namespace isolite::seeds
