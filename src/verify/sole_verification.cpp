#include "verify/sole_verification.hpp"

#include "os/files.hpp"
#include "os/own_process.hpp"
#include "os/private_directory.hpp"
#include "text/utf8.hpp"
#include "worker/runtime_directory.hpp"

#include <utility>

namespace isolite::verify {

namespace {

constexpr os::purpose being_the_only_one = {"verify the suite", "ISOLITE_RUNTIME_DIR"};

error held_by_another(const std::string& directory) {
    return {errc::usage,
            "verify the suite: another verification goes on in the working directory " +
                text::printable(directory),
            "wait until it has ended, or verify in another directory"};
}

/// Returns the file whose lock the verification in a directory holds, whatever the path that it
/// was reached by.
result<std::string> file_for(const os::file_facts& directory) {
    return workers::path_of_runtime_directory(workers::environment::of_process())
        .and_then([](const std::string& path) {
            return os::private_directory::open(path, being_the_only_one);
        })
        .map([&directory](const os::private_directory& place) {
            return place.path() + "/verified-" + std::to_string(directory.device) + "-" +
                   std::to_string(directory.number);
        });
}

/// Opens a file and locks it, unless it was removed meanwhile.
result<os::lock_file> lock(const std::string& path, const std::string& directory) {
    for (;;) {
        auto file = os::lock_file::open(path, being_the_only_one);
        const auto is_locked = file ? file->try_lock() : result<bool>(tl::unexpected(file.error()));
        if (!is_locked) {
            return tl::unexpected(is_locked.error());
        }
        if (!*is_locked) {
            return tl::unexpected(held_by_another(directory));
        }
        if (file->is_at_its_path()) {
            return file;
        }
    }
}

} // namespace

result<sole_verification> sole_verification::in(const std::string& directory) {
    const auto facts = os::look_behind(directory);
    if (!facts) {
        return sole_verification("", nullptr);
    }
    const auto path = file_for(*facts);
    if (!path) {
        return tl::unexpected(path.error());
    }
    return lock(*path, directory).map([&path](os::lock_file file) {
        return sole_verification(*path, std::make_unique<os::lock_file>(std::move(file)));
    });
}

sole_verification::sole_verification(std::string path, std::unique_ptr<os::lock_file> file)
    : path_(std::move(path)), file_(std::move(file)), owner_(os::own_number()) {}

sole_verification::~sole_verification() {
    if (file_ && owner_ == os::own_number()) {
        os::remove_file(path_); // while it is locked, so that it is nobody else's
    }
}

} // namespace isolite::verify
