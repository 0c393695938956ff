#include "os/whole_file.hpp"

#include "os/descriptor.hpp"
#include "os/files.hpp"
#include "os/own_process.hpp"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

namespace isolite::os {

namespace {

constexpr unsigned for_all = 0666; // the umask decides

int write_whole(descriptor file, std::string_view content) {
    if (!file || !file.write_all(content)) {
        return errno;
    }
    return file.close() ? 0 : errno;
}

/// Makes a file that may take the place of another one: for whom that one is.
descriptor make_instead_of(const std::string& path, const std::string& beside,
                           unsigned permissions) {
    const auto before = look_at(path);
    const bool is_there = before && before->is_regular();
    auto made = descriptor::open(beside, descriptor::opening::make,
                                 is_there ? before->permissions & for_all : permissions);
    if (made && is_there) {
        static_cast<void>(made.set_permissions(before->permissions)); // some file systems have none
    }
    return made;
}

} // namespace

tl::expected<std::string, int> read_whole_file(const std::string& path) {
    const auto file = descriptor::open(path, descriptor::opening::read);
    const auto facts = file ? file.facts() : std::nullopt;
    if (!facts) {
        return tl::unexpected(errno);
    }
    if (!facts->is_regular()) {
        return tl::unexpected(facts->is_directory() ? EISDIR : EINVAL);
    }
    return file.content();
}

int replace_file(const std::string& path, std::string_view content, unsigned permissions) {
    const std::string beside = path + ".new-" + std::to_string(own_number());
    remove_file(beside); // left by a process that was killed
    int failure = write_whole(make_instead_of(path, beside, permissions), content);
    if (failure == 0 && std::rename(beside.c_str(), path.c_str()) != 0) {
        failure = errno;
    }
    if (failure != 0) {
        remove_file(beside);
    }
    return failure;
}

int write_to_file(const std::string& path, std::string_view content) {
    // Waits: whoever reads a pipe may come later.
    constexpr int how = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
    return write_whole(descriptor(::open(path.c_str(), how, for_all)), content);
}

int write_whole_file(const std::string& path, std::string_view content) {
    const auto facts = look_behind(path);
    if (facts && facts->is_directory()) {
        return EISDIR;
    }
    if (facts && !facts->is_regular()) {
        return write_to_file(path, content);
    }
    std::error_code ignored;
    return replace_file(facts ? std::filesystem::canonical(path, ignored).string() : path, content);
}

} // namespace isolite::os
