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

void move(const std::string& from, const std::string& to) {
    std::error_code failure;
    fs::rename(from, to, failure);
    if (failure) { // of another file system
        fs::copy(from, to, fs::copy_options::recursive | fs::copy_options::copy_symlinks, failure);
        if (!failure) {
            fs::remove_all(from, failure);
        }
    }
}

constexpr os::purpose verifying = {"verify the suite", "TMPDIR"};

} // namespace

result<workplace> workplace::open() {
    std::error_code gone;
    std::string directory = fs::current_path(gone).string();
    auto sole = sole_verification::in(directory);
    if (!sole) {
        return tl::unexpected(sole.error());
    }
    return workers::make_own_directory("verify-" + std::to_string(os::own_number()), verifying)
        .map([&](std::string own) {
            return workplace(std::move(directory), *std::move(sole), std::move(own));
        });
}

workplace::workplace(std::string directory, sole_verification sole, std::string own)
    : directory_(std::move(directory)), sole_(std::move(sole)), own_(std::move(own)) {}

void workplace::put_back(const std::string& name) {
    const std::string to = directory_ + "/" + name;
    if (!os::look_at(to)) {
        move(aside_ + "/" + name, to);
    }
}

void workplace::remove(const std::string& name) {
    if (!aside_.empty()) {
        os::remove_tree(aside_ + "/" + name);
    }
}

void workplace::tidy_up() {
    std::error_code unknown;
    if (!aside_.empty() && fs::is_empty(aside_, unknown)) { // what was seen has gone by itself
        aside_.clear();
    }
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
    remove(name);
    move(from, aside_ + "/" + name);
}

} // namespace isolite::verify
