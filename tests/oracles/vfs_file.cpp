#include "vfs_file.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>
#include <new>

namespace oracles {

namespace {

/// SQLite never writes more than a page at once, and its own VFS takes no more than 128 KiB.
constexpr std::int64_t most_at_once = 65536;

bool ends_with(const std::string& name, const std::string& suffix) {
    return name.size() > suffix.size() &&
           name.compare(name.size() - suffix.size(), suffix.size(), suffix) == 0;
}

/// A file that the store keeps with its database.
struct companion {
    const char* suffix;
    const char* (*name)(sqlite3_filename);
    int flag;
};
constexpr companion companions[] = {
    {"-wal", sqlite3_filename_wal, SQLITE_OPEN_WAL},
    {"-journal", sqlite3_filename_journal, SQLITE_OPEN_MAIN_JOURNAL},
};

/// Returns what a file is by its name, null for a database.
const companion* companion_called(const std::string& name) {
    const auto* const found =
        std::find_if(std::begin(companions), std::end(companions),
                     [&name](const companion& each) { return ends_with(name, each.suffix); });
    return found == std::end(companions) ? nullptr : found;
}

} // namespace

vfs_file::vfs_file(const std::string& name, bool create) {
    const companion* const beside = companion_called(name);
    const std::string database =
        name.substr(0, name.size() - (beside ? std::strlen(beside->suffix) : 0));
    names_ = sqlite3_create_filename(database.c_str(), (database + "-journal").c_str(),
                                     (database + "-wal").c_str(), 0, nullptr);
    if (!names_) {
        throw std::bad_alloc();
    }
    if (!create && !exists(name)) {
        return;
    }
    file_ = open(names_, SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_CREATE | SQLITE_OPEN_READWRITE);
    if (beside) {
        database_ = file_;
        file_ =
            open(beside->name(names_), beside->flag | SQLITE_OPEN_CREATE | SQLITE_OPEN_READWRITE);
    }
}

vfs_file::~vfs_file() {
    close(file_);
    close(database_);
    sqlite3_free_filename(names_);
}

sqlite3_file* vfs_file::open(const char* name, int flags) {
    sqlite3_vfs* const vfs = tested_vfs();
    auto* const file = static_cast<sqlite3_file*>(::operator new(vfs->szOsFile));
    std::memset(file, 0, vfs->szOsFile);
    if (vfs->xOpen(vfs, name, file, flags, nullptr) != SQLITE_OK) {
        ::operator delete(file);
        return nullptr;
    }
    return file;
}

void vfs_file::close(sqlite3_file* file) {
    if (file) {
        file->pMethods->xClose(file);
        ::operator delete(file);
    }
}

std::int64_t vfs_file::size() const {
    sqlite3_int64 size = 0;
    return file_->pMethods->xFileSize(file_, &size) == SQLITE_OK ? size : 0;
}

std::int64_t vfs_file::read(std::int64_t offset, char* to, std::int64_t count) const {
    const std::int64_t available = std::max<std::int64_t>(0, std::min(count, size() - offset));
    for (std::int64_t done = 0; done < available; done += most_at_once) {
        const auto part = static_cast<int>(std::min(available - done, most_at_once));
        if (file_->pMethods->xRead(file_, to + done, part, offset + done) != SQLITE_OK) {
            return done;
        }
    }
    return available;
}

bool vfs_file::write(std::int64_t offset, const char* from, std::int64_t count) {
    for (std::int64_t done = 0; done < count; done += most_at_once) {
        const auto part = static_cast<int>(std::min(count - done, most_at_once));
        if (file_->pMethods->xWrite(file_, from + done, part, offset + done) != SQLITE_OK) {
            return false;
        }
    }
    return true;
}

bool vfs_file::truncate(std::int64_t size) {
    return file_->pMethods->xTruncate(file_, size) == SQLITE_OK;
}

bool exists(const std::string& name) {
    sqlite3_vfs* const vfs = vfs_of_files();
    const bool may_be_empty = companion_called(name) == nullptr;
    int found = 0;
    vfs->xAccess(vfs, name.c_str(), may_be_empty ? SQLITE_ACCESS_READWRITE : SQLITE_ACCESS_EXISTS,
                 &found);
    return found != 0;
}

bool remove(const std::string& name) {
    sqlite3_vfs* const vfs = tested_vfs();
    bool removed = false;
    while (vfs->xDelete(vfs, name.c_str(), 0) == SQLITE_OK) { // of the store, then of the disk
        removed = true;
    }
    return removed;
}

bool copy(const std::string& from, const std::string& to) {
    const vfs_file source(from, false);
    if (!source.is_open()) {
        return false;
    }
    vfs_file target(to, true);
    bool done = target.is_open() && target.truncate(0);
    std::array<char, 65536> part{};
    for (std::int64_t at = 0; done;) {
        const std::int64_t count = source.read(at, part.data(), part.size());
        if (count == 0) {
            break;
        }
        done = target.write(at, part.data(), count);
        at += count;
    }
    return done;
}

std::string full_name(const char* name) {
    sqlite3_vfs* const vfs = tested_vfs();
    std::vector<char> full(vfs->mxPathname + 1);
    vfs->xFullPathname(vfs, name, static_cast<int>(full.size()), full.data());
    return full.data();
}

} // namespace oracles
