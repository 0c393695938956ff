#include "files/real_file.hpp"

#include "os/mapped_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

namespace isolite::paths {

namespace {

using os::descriptor;
using store::file_content;
using store::page_size;

constexpr unsigned for_owner = S_IRUSR | S_IWUSR;

std::string_view text_of(const std::byte* bytes, std::size_t count) {
    return {reinterpret_cast<const char*>(bytes), count};
}

/// Returns how many bytes of the pages from `first` to before `end` are part of the file.
std::size_t bytes_of(const file_content& content, std::size_t first, std::size_t end) {
    return static_cast<std::size_t>(std::min<std::uint64_t>(content.size, end * page_size) -
                                    first * page_size);
}

/// Writes pages to a new file. What is all zeros takes no room in it.
bool write(const descriptor& file, const file_content& content) {
    bool done = file.resize(content.size);
    const std::size_t pages = content.count_pages();
    for (std::size_t number = 0; done && number < pages;) {
        const std::size_t end = std::max(content.end_of_base(number), number + 1);
        if (const std::byte* const bytes = content.page(number)) {
            done =
                file.write_at(number * page_size, text_of(bytes, bytes_of(content, number, end)));
        }
        number = end;
    }
    return done;
}

/// Writes the pages that differ. To read all of a mapping takes as long as to write all in memory,
/// but half as long on a disk, which has nothing to do then.
bool write_differences(const os::mapped_file& found, const file_content& content) {
    static constexpr file_content::page_bytes zeros{};
    bool done = found.bytes() != nullptr || content.size == 0;
    for (std::size_t number = 0; done && number < content.count_pages(); ++number) {
        const std::byte* const page = content.page(number);
        const std::byte* const wanted = page ? page : zeros.data();
        const std::size_t start = number * page_size;
        const std::size_t count = bytes_of(content, number, number + 1);
        if (std::memcmp(found.bytes() + start, wanted, count) != 0) {
            done = found.file().write_at(start, text_of(wanted, count));
        }
    }
    return done;
}

} // namespace

tl::unexpected<error> real_file::failure(const real_directory& directory,
                                         const char* action) const {
    const int cause = errno;
    return tl::unexpected(os::system_error(
        making_files, std::string(action) + " " + directory.path() + "/" + name_, cause));
}

bool real_file::is_as_noted(const os::file_facts& found) const noexcept {
    return found.bytes == as_noted_.bytes && found.permissions == as_noted_.permissions &&
           os::is_equal(found.modified, as_noted_.modified) &&
           os::is_equal(found.changed, as_noted_.changed);
}

bool real_file::note(const real_directory& directory, const descriptor& file) {
    const bool is_set = file.set_modified(directory.sentinel());
    as_noted_ = file.facts().value_or(os::file_facts());
    return is_set && as_noted_.is_regular();
}

result<void> real_file::make(const real_directory& directory, file_content content) {
    const descriptor file = directory.opened().make_file(name_);
    if (!file) {
        return failure(directory, "making");
    }
    if (!write(file, content) || !note(directory, file)) {
        return failure(directory, "writing");
    }
    content_ = std::move(content);
    return {};
}

result<bool> real_file::put_right(const real_directory& directory, file_content content) {
    const auto found = directory.opened().look_at(name_);
    const bool is_ours = found && found->is_regular() && found->device == as_noted_.device &&
                         found->number == as_noted_.number && found->links == 1;
    descriptor file = is_ours ? directory.opened().open_file(name_) : descriptor(-1);
    if (!file || !file.is_the_only_one()) {
        return false;
    }
    if (is_as_noted(*found) && content == content_) {
        return true;
    }
    if (!file.resize(content.size) || !file.set_permissions(for_owner)) {
        return failure(directory, "writing");
    }
    const os::mapped_file mapped(std::move(file), content.size);
    if (!write_differences(mapped, content) || !note(directory, mapped.file())) {
        return failure(directory, "writing");
    }
    content_ = std::move(content);
    return true;
}

} // namespace isolite::paths
