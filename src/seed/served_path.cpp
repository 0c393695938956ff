#include "seed/served_path.hpp"

#include "files/front.hpp"
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
    if (!store::directory::of_process().put(full, std::move(database))) {
        return tl::unexpected(
            error{errc::usage,
                  "let a step of '" + seed.name() + "' open '" + full +
                      "': there is a database of that name already",
                  "claim the file with one seed, and open it in tests and in path_step only"});
    }
    served->full_name_ = std::move(full);
    served->claim_ = paths::claims::of_process().add(served->full_name_, {});
    return served;
}

served_path::~served_path() {
    if (!full_name_.empty()) {
        paths::claims::of_process().release(claim_);
        store::directory::of_process().remove(full_name_);
    }
}

} // namespace isolite::seeds
