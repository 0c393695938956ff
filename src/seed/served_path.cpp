#include "seed/served_path.hpp"

#include "files/front.hpp"
#include "seed/making.hpp"
#include "store/directory.hpp"
#include "text/file_names.hpp"

#include <utility>

namespace isolite::seeds {

namespace {

constexpr os::purpose serving = {"let a step open its database by path", "TMPDIR"};

/// Returns the name of the file as the first claim has it, if it says one.
std::string name_in(const seed& seed) {
    for (const std::string& pattern : seed.files()) {
        const std::string last = pattern.substr(pattern.rfind('/') + 1);
        if (!last.empty() && !paths::file_pattern::has_wildcard(last)) {
            return last;
        }
    }
    constexpr std::size_t longest = 100;
    return text::file_name(seed.name(), longest, "_.") + ".db";
}

thread_local served_path* served_here = nullptr;

error taken(const std::string& seed, const std::string& full_name) {
    return {errc::usage,
            "let a step of '" + seed + "' open '" + full_name +
                "': there is a database of that name already",
            "claim the file with one seed, and open it in tests and in path_step only"};
}

} // namespace

std::string file_of(const seed& seed) {
    for (const std::string& each : seed.files()) {
        if (std::string file = paths::file_pattern(each).only_file(); !file.empty()) {
            return file;
        }
    }
    return {};
}

result<std::unique_ptr<served_path>> served_path::serve(const seed& seed,
                                                        std::shared_ptr<store::store> database) {
    std::unique_ptr<served_path> served(new served_path);
    served->seed_ = seed.name();
    served->database_ = std::move(database);
    served->text_ = file_of(seed);
    if (served->text_.empty()) {
        auto made = paths::real_directory::make(0, serving);
        if (!made) {
            return tl::unexpected(made.error());
        }
        served->text_ = made->path() + "/" + name_in(seed);
        served->directory_.emplace(std::move(*made));
    }
    std::string full = paths::full_name(served->text_);
    if (!store::directory::of_process().put(full, served->database_)) {
        return tl::unexpected(taken(seed.name(), full));
    }
    served->full_name_ = std::move(full);
    served_here = served.get();
    served->claim_ = paths::claims::of_process().add(served->full_name_, {});
    return served;
}

served_path::~served_path() {
    if (full_name_.empty()) {
        return;
    }
    served_here = nullptr;
    paths::claims::of_process().release(claim_);
    hide();
}

void served_path::hide() {
    store::directory::of_process().remove(full_name_);
    if (!other_name_.empty()) {
        store::directory::of_process().remove(other_name_);
    }
}

hidden_paths::hidden_paths() : outer_(std::exchange(served_here, nullptr)) {
    if (outer_) {
        outer_->hide();
    }
}

hidden_paths::~hidden_paths() {
    if (!outer_) {
        return;
    }
    served_here = outer_;
    auto& files = store::directory::of_process();
    files.put(outer_->full_name_, outer_->database_);
    if (!outer_->other_name_.empty()) {
        files.put(outer_->other_name_, outer_->database_);
    }
}

result<void> served_path::serve_also_as(const std::string& full_name) {
    if (!other_name_.empty()) {
        return tl::unexpected(error{errc::seed,
                                    "let a step of '" + seed_ + "' open '" + full_name +
                                        "': it makes one database, and has opened '" + other_name_ +
                                        "' as that",
                                    "let a path_step open the path that it is given"});
    }
    if (!store::directory::of_process().put(full_name, database_)) {
        return tl::unexpected(taken(seed_, full_name));
    }
    other_name_ = full_name;
    return {};
}

result<bool> serve_to_step(const seed& seed, const std::string& full_name) {
    if (!served_here || !runs_here(seed) || !file_of(seed).empty()) {
        return false;
    }
    return served_here->serve_also_as(full_name).map([] { return true; }).map_error([](error why) {
        note_failure(why);
        return why;
    });
}

} // namespace isolite::seeds
