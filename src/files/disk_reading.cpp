#include "files/disk_reading.hpp"

#include "os/descriptor.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <utility>

namespace isolite::paths {

namespace {

/// A file that SQLite has open, locked as by one who reads it.
class shared_file {
  public:
    shared_file(sqlite3_vfs& disk, const std::string& name)
        : name_(name), memory_(std::make_unique<std::byte[]>(disk.szOsFile)) {
        name_.push_back('\0'); // SQLite looks for the parameters of a URI behind the first one
        int unused = 0;
        constexpr int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB;
        code_ = disk.xOpen(&disk, name_.c_str(), file(), flags, &unused);
        if (code_ == SQLITE_OK) {
            code_ = of_file().xLock(file(), SQLITE_LOCK_SHARED);
        }
    }
    ~shared_file() {
        if (file()->pMethods) {
            unlock();
            of_file().xClose(file());
        }
    }
    shared_file(const shared_file&) = delete;
    shared_file& operator=(const shared_file&) = delete;

    /// Returns why it is not open or not locked, or SQLITE_OK.
    [[nodiscard]] int code() const { return code_; }

    void unlock() { of_file().xUnlock(file(), SQLITE_LOCK_NONE); }

    /// Says whether its journal is to be rolled back: nobody who still lives wrote it, and it was
    /// not made invalid, as journal_mode = PERSIST does. Requires: the lock.
    [[nodiscard]] bool is_half_written() {
        const std::string journal = std::string(name_.c_str()) + "-journal";
        const auto facts = os::look_behind(journal);
        if (!facts || facts->bytes == 0 || size() == 0) {
            return false;
        }
        int is_reserved = 0; // where nobody can tell, the journal is the last word
        of_file().xCheckReservedLock(file(), &is_reserved);
        if (is_reserved != 0) {
            return false;
        }
        const auto opened = os::descriptor::open(journal, os::descriptor::opening::read);
        if (!opened) {
            return os::look_behind(journal).has_value(); // else it was just removed
        }
        const std::string first = opened.read_at(0, 1);
        return !first.empty() && first.front() != '\0';
    }

    /// Says whether it is in WAL mode: then who writes it does not ask for the lock.
    /// Source: https://www.sqlite.org/fileformat2.html#file_format_version_numbers
    [[nodiscard]] bool in_wal_mode() {
        constexpr std::size_t read_version = 19;
        std::array<std::byte, read_version + 1> header{};
        const int code = of_file().xRead(file(), header.data(), header.size(), 0);
        return code == SQLITE_OK && header[read_version] == std::byte{2};
    }

    /// Reads all of it. Returns SQLITE_BUSY if it became smaller, else what SQLite tells.
    int read(std::shared_ptr<const store::image>& image) {
        const std::size_t bytes = size();
        if (code_ != SQLITE_OK || bytes == 0) {
            return code_;
        }
        constexpr std::size_t at_once = std::size_t{1} << 20;
        const std::size_t room =
            (bytes + store::page_size - 1) / store::page_size * store::page_size;
        const std::shared_ptr<std::byte[]> content(new std::byte[room]); // a vector writes zeros
        for (std::size_t at = 0; at < bytes; at += at_once) {
            const std::size_t count = std::min(at_once, bytes - at);
            const int code = of_file().xRead(file(), &content[at], static_cast<int>(count),
                                             static_cast<sqlite3_int64>(at));
            if (code != SQLITE_OK) {
                return code == SQLITE_IOERR_SHORT_READ ? SQLITE_BUSY : code;
            }
        }
        std::memset(&content[bytes], 0, room - bytes);
        image = std::make_shared<store::image>(content.get(), bytes, content);
        return SQLITE_OK;
    }

  private:
    [[nodiscard]] sqlite3_file* file() { return reinterpret_cast<sqlite3_file*>(memory_.get()); }
    [[nodiscard]] const sqlite3_io_methods& of_file() { return *file()->pMethods; }

    [[nodiscard]] std::size_t size() {
        sqlite3_int64 bytes = 0;
        code_ = of_file().xFileSize(file(), &bytes);
        return code_ == SQLITE_OK ? static_cast<std::size_t>(bytes) : 0;
    }

    std::string name_;
    std::unique_ptr<std::byte[]> memory_;
    int code_;
};

int code_of_reading(sqlite3_vfs& disk, const std::string& name, disk_reading& reading) {
    if (!reading.facts.is_regular()) {
        return SQLITE_CANTOPEN;
    }
    shared_file file(disk, name);
    if (file.code() != SQLITE_OK) {
        return file.code();
    }
    if (file.is_half_written()) {
        return SQLITE_READONLY_ROLLBACK;
    }
    if (has_log(name)) {
        return SQLITE_READONLY_RECOVERY;
    }
    if (file.in_wal_mode()) {
        file.unlock(); // else who closes it meanwhile would leave a log
        if (!reading.is_settled) {
            return SQLITE_BUSY;
        }
    }
    return file.read(reading.image);
}

} // namespace

disk_reading read_database(sqlite3_vfs& disk, const std::string& name) {
    disk_reading reading;
    const auto now = os::time_in_files(); // before the look, or what comes between might not show
    reading.facts = os::look_behind(name).value_or(os::file_facts{});
    reading.is_settled = os::is_settled(reading.facts, now);
    reading.code = code_of_reading(disk, name, reading);
    if (reading.code == SQLITE_OK) {
        const auto after = os::look_behind(name);
        if (!after || !os::is_unchanged(reading.facts, *after)) {
            reading.code = SQLITE_BUSY;
        }
    }
    return reading;
}

bool has_log(const std::string& name) {
    const auto facts = os::look_behind(name + "-wal");
    return facts && facts->bytes > 0;
}

} // namespace isolite::paths
