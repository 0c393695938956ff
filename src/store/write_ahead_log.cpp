#include "store/write_ahead_log.hpp"

#include "store/database_header.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace isolite::store {

namespace {

// Offsets in the header of the log.
constexpr std::size_t log_header = 32;
constexpr std::size_t magic_number = 0;
constexpr std::size_t database_page_size = 8;
constexpr std::size_t checkpoints = 12;
constexpr std::size_t salts = 16;

// Offsets in the header of a frame.
constexpr std::size_t frame_header = 24;
constexpr std::size_t pages_after_commit = 4; // 0 unless the frame ends a transaction
constexpr std::size_t frame_salts = 8;
constexpr std::size_t frame_checksum = 16;

constexpr std::uint32_t magic = 0x377f0682; // plus 1 where checksums are of big-endian numbers

// A log with no frames that SQLite reads the header of: one byte more than the header.
constexpr std::size_t bare_size = log_header + 1;

constexpr std::size_t schema_cookie = 40; // in the first page

/// The sum that runs over all frames of a log.
struct checksum {
    bool big_endian;
    std::uint32_t first;
    std::uint32_t second;

    void add(const std::byte* bytes, std::size_t count) noexcept {
        for (std::size_t i = 0; i < count; i += 8) {
            first += word(bytes + i) + second;
            second += word(bytes + i + 4) + first;
        }
    }

  private:
    [[nodiscard]] std::uint32_t word(const std::byte* bytes) const noexcept {
        std::array<std::byte, 4> copy{bytes[0], bytes[1], bytes[2], bytes[3]};
        if (!big_endian) {
            std::reverse(copy.begin(), copy.end());
        }
        return field_at(copy.data());
    }
};

} // namespace

bool write_ahead_log::has_frames() const noexcept {
    return file_.size() > bare_size;
}

bool write_ahead_log::has_commits() const noexcept {
    return has_frames() && find_committed().end != 0;
}

std::size_t write_ahead_log::largest_write() const noexcept {
    return has_frames() ? static_cast<std::size_t>(frame_size()) : bare_size;
}

// A log without frames would be recovered to the same header each time; one that begins with a
// salt of its own is not.
void write_ahead_log::renew() {
    std::array<std::byte, bare_size> bare{};
    put_field(&bare[magic_number], magic);
    put_field(&bare[database_page_size], static_cast<std::uint32_t>(page_size));
    put_field(&bare[checkpoints], 1); // above 0, SQLite keeps the salts
    put_field(&bare[salts], ++generation_);
    file_.truncate(0);
    file_.write(0, bare.data(), bare.size());
}

// The checksums run over all frames, so that one more is less to write than a new cookie in the
// frame that holds the first page.
void write_ahead_log::stamp(std::uint32_t cookie, const layered_file& database) {
    const committed found = find_committed();
    const bool logged = found.first_page != 0;
    const layered_file& source = logged ? file_ : database;
    const std::uint64_t page = logged ? found.first_page + frame_header : 0;
    const std::uint64_t last = found.end - frame_size();
    std::array<std::byte, frame_header> header{};
    file_.read(last, header.data(), header.size());
    put_field(header.data(), 1);
    checksum sum{(field(magic_number) & 1U) != 0, field(last + frame_checksum),
                 field(last + frame_checksum + 4)};
    sum.add(header.data(), frame_salts);
    std::array<std::byte, page_size> part{};
    const std::uint64_t size = frame_size() - frame_header;
    for (std::uint64_t done = 0; done < size; done += page_size) {
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(page_size, size));
        source.read(page + done, part.data(), count);
        if (done == 0) {
            put_field(&part[schema_cookie], cookie);
        }
        sum.add(part.data(), count);
        file_.write(found.end + frame_header + done, part.data(), count);
    }
    put_field(&header[frame_checksum], sum.first);
    put_field(&header[frame_checksum + 4], sum.second);
    file_.write(found.end, header.data(), header.size());
}

void write_ahead_log::add_to(file_content& database) const {
    const std::uint64_t end = has_frames() ? find_committed().end : 0;
    std::vector<std::byte> page(end > 0 ? frame_size() - frame_header : 0);
    std::uint64_t pages = 0;
    for (std::uint64_t at = log_header; at < end; at += frame_size()) {
        file_.read(at + frame_header, page.data(), page.size());
        database.write((std::uint64_t{field(at)} - 1) * page.size(), page.data(), page.size());
        pages = field(at + pages_after_commit);
    }
    if (end > 0) {
        database.cut(pages * page.size());
    }
}

bool write_ahead_log::is_first_page(std::uint64_t offset, std::size_t count) const noexcept {
    return count >= database_header::size && offset >= log_header + frame_header &&
           field(offset - frame_header) == 1;
}

std::uint32_t write_ahead_log::field(std::uint64_t offset) const noexcept {
    std::array<std::byte, 4> bytes{};
    file_.read(offset, bytes.data(), bytes.size());
    return field_at(bytes.data());
}

std::uint64_t write_ahead_log::frame_size() const noexcept {
    return frame_header + field(database_page_size);
}

// Frames of an older log, which has been started over, have other salts.
write_ahead_log::committed write_ahead_log::find_committed() const noexcept {
    committed found;
    std::uint64_t first_page = 0;
    for (std::uint64_t at = log_header;
         at + frame_size() <= file_.size() && field(at + frame_salts) == field(salts) &&
         field(at + frame_salts + 4) == field(salts + 4);
         at += frame_size()) {
        if (field(at) == 1) {
            first_page = at;
        }
        if (field(at + pages_after_commit) != 0) {
            found = {at + frame_size(), first_page};
        }
    }
    return found;
}

} // namespace isolite::store
