#include "verify/workplace.hpp"

#include "os/files.hpp"
#include "os/own_process.hpp"
#include "worker/own_directory.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

namespace isolite::verify {

namespace fs = std::filesystem;

namespace {

constexpr os::purpose verifying = {"verify the suite", "TMPDIR"};

} // namespace

result<workplace> workplace::open() {
    return workers::make_own_directory("verify-" + std::to_string(os::own_number()), verifying)
        .map([](std::string path) { return workplace(std::move(path)); });
}

workplace::workplace(std::string own) : own_(std::move(own)) {
    std::error_code unknown;
    directory_ = fs::current_path(unknown).string();
}

void workplace::tidy_up() const {
    if (aside_.empty()) {
        os::remove_tree(own_);
    }
}

void workplace::put_aside(const std::string& name) {
    std::error_code failure;
    if (aside_.empty()) {
        aside_ = own_ + "/moved";
        fs::create_directory(aside_, failure);
    }
    const std::string from = directory_ + "/" + name;
    const std::string to = aside_ + "/" + name;
    os::remove_tree(to);
    os::remove_file(to);
    fs::rename(from, to, failure);
    if (failure) { // of another file system
        fs::copy(from, to, fs::copy_options::recursive | fs::copy_options::copy_symlinks, failure);
        if (!failure) {
            fs::remove_all(from, failure);
        }
    }
}

} // namespace isolite::verify
