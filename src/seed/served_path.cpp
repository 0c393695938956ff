#include "seed/served_path.hpp"

#include "files/front.hpp"
#include "os/own_process.hpp"
#include "os/private_directory.hpp"
#include "os/process_tree.hpp"
#include "store/directory.hpp"
#include "text/file_names.hpp"
#include "worker/environment.hpp"
#include "worker/file_names.hpp"

#include <atomic>
#include <filesystem>
#include <utility>

namespace isolite::seeds {

namespace {

constexpr os::purpose serving = {"let a step open its database by path", "TMPDIR"};

/// Returns the name of the file as the first claim has it, if it says one.
std::string name_in(const seed& seed) {
    for (const std::string& pattern : seed.files()) {
        const std::string last = pattern.substr(pattern.rfind('/') + 1);
        if (!last.empty() && last.find_first_of("*?[\\") == std::string::npos) {
            return last;
        }
    }
    constexpr std::size_t longest = 100;
    return text::file_name(seed.name(), longest, "_.") + ".db";
}

result<std::string> directory_of_its_own() {
    static std::atomic<unsigned> count{0};
    const auto variables = workers::environment::of_process();
    return os::private_directory::open(
               workers::own_directory_in(workers::temporary_directory(variables)), serving)
        .and_then([](const os::private_directory& own) {
            return own.open_in("step-" + os::this_process().identity() + "-" +
                               std::to_string(++count));
        })
        .map([](const os::private_directory& made) { return made.path(); });
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
        const auto directory = directory_of_its_own();
        if (!directory) {
            return tl::unexpected(directory.error());
        }
        served->directory_ = *directory;
        served->text_ = *directory + "/" + name_in(seed);
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
    if (!directory_.empty()) {
        std::error_code ignored;
        std::filesystem::remove_all(directory_, ignored);
    }
}

} // namespace isolite::seeds
