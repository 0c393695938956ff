#include "store/store.hpp"

#include <algorithm>
#include <array>

namespace isolite::store {

namespace {

// Offsets in the header of a database. Source: https://www.sqlite.org/fileformat2.html
constexpr std::size_t change_counter = 24;
constexpr std::size_t schema_cookie = 40;
constexpr std::size_t version_valid_for = 92;
constexpr std::size_t header_size = 100;

// A transaction that was broken off has counted up the schema cookie in its connection's memory,
// once for each change of the schema, and nobody else knows how far. This is further.
constexpr std::uint32_t uncommitted_changes = 4096;

using header = std::array<std::byte, header_size>;

/// Returns the header with the fields blanked that count commits and say nothing of the content.
header content_of_header(const std::byte* page) {
    header copy{};
    if (page) {
        std::memcpy(copy.data(), page, header_size);
    }
    const auto blank = [&copy](std::size_t first, std::size_t count) {
        std::memset(copy.data() + first, 0, count);
    };
    blank(change_counter, 4);
    blank(schema_cookie, 4);
    blank(version_valid_for, 8); // and the version of the SQLite that wrote last
    return copy;
}

bool equal_bytes(const std::byte* before, const std::byte* now, std::size_t count) {
    static constexpr std::array<std::byte, page_size> zeros{};
    return std::memcmp(before ? before : zeros.data(), now ? now : zeros.data(), count) == 0;
}

bool equal_pages(const layered_file::touched_page& page) {
    if (page.number != 0) {
        return equal_bytes(page.before, page.now, page_size);
    }
    const auto rest = [](const std::byte* bytes) { return bytes ? bytes + header_size : nullptr; };
    return content_of_header(page.before) == content_of_header(page.now) &&
           equal_bytes(rest(page.before), rest(page.now), page_size - header_size);
}

} // namespace

bool store::read(const lock_holder& reader, std::uint64_t offset, std::byte* to, std::size_t count,
                 std::size_t& available) {
    const std::lock_guard guard(mutex_);
    if (reader.revoked) {
        return false;
    }
    available = file_.read(offset, to, count);
    return true;
}

bool store::write(const lock_holder& writer, std::uint64_t offset, const std::byte* from,
                  std::size_t count) {
    const std::lock_guard guard(mutex_);
    if (writer.revoked) {
        return false;
    }
    file_.write(offset, from, count);
    if (offset < header_size) {
        renew_header();
        note_header();
    }
    return true;
}

bool store::truncate(const lock_holder& writer, std::uint64_t size) {
    const std::lock_guard guard(mutex_);
    if (writer.revoked) {
        return false;
    }
    file_.truncate(size);
    return true;
}

std::uint64_t store::size() {
    const std::lock_guard guard(mutex_);
    return file_.size();
}

bool store::raise_lock(lock_holder& holder, lock_level wanted) {
    const std::lock_guard guard(mutex_);
    return !holder.revoked && lock_.raise(holder, wanted);
}

void store::lower_lock(lock_holder& holder, lock_level wanted) {
    const std::lock_guard guard(mutex_);
    lock_.lower(holder, wanted);
    if (wanted == lock_level::none) {
        holder.revoked = false;
    }
}

bool store::revoked(const lock_holder& holder) {
    const std::lock_guard guard(mutex_);
    return holder.revoked;
}

void store::set_journal(const std::shared_ptr<store>& journal) {
    const std::lock_guard guard(mutex_);
    journal_ = journal;
}

bool store::has_writer() {
    const std::lock_guard guard(mutex_);
    return lock_.has_writer();
}

void store::attach(lock_holder& holder) {
    const std::lock_guard guard(mutex_);
    holders_.push_back(&holder);
}

void store::detach(lock_holder& holder) {
    const std::lock_guard guard(mutex_);
    lock_.lower(holder, lock_level::none);
    holders_.erase(std::find(holders_.begin(), holders_.end(), &holder));
}

void store::checkpoint() {
    const std::lock_guard guard(mutex_);
    if (file_.size() >= header_size) {
        // Makes the first page a private one of the layer below, so that the stamp of a discard
        // finds it there and needs no memory.
        set_header_field(change_counter, header_field(change_counter));
    }
    file_.checkpoint();
}

unsigned store::lock_holders() {
    const std::lock_guard guard(mutex_);
    return lock_.holders();
}

std::size_t store::changed_pages() {
    const std::lock_guard guard(mutex_);
    return count_changed_pages();
}

std::size_t store::count_changed_pages() const {
    std::size_t changed = 0;
    file_.for_each_touched(
        [&changed](const layered_file::touched_page& page) { changed += !equal_pages(page); });
    // A file that was only extended or cut within its last page differs in no byte.
    return std::max<std::size_t>(changed, file_.size() != file_.checkpoint_size());
}

std::size_t store::discard() {
    const std::lock_guard guard(mutex_);
    const bool broken_off = lock_.has_writer();
    std::size_t revoked = 0;
    for (lock_holder* holder : holders_) {
        if (holder->level != lock_level::none) {
            lock_.lower(*holder, lock_level::none);
            holder->revoked = true;
            ++revoked;
        }
    }
    if (const auto journal = journal_.lock(); journal && revoked > 0) {
        const std::lock_guard journal_guard(journal->mutex_);
        journal->file_.truncate(0);
    }
    if (broken_off) {
        note_header();
        highest_change_counter_ += uncommitted_changes;
        highest_schema_cookie_ += uncommitted_changes;
    }
    discard_layer(revoked > 0, broken_off);
    return revoked;
}

bool store::discard_if_clean() {
    const std::lock_guard guard(mutex_);
    if (lock_.holders() > 0 || count_changed_pages() > 0) {
        return false;
    }
    discard_layer(false, false);
    return true;
}

void store::discard_layer(bool revoked, bool broken_off) {
    const bool touched = file_.touched();
    if (!touched && !revoked) {
        file_.discard();
        return;
    }
    const std::uint32_t cookie = header_field(schema_cookie);
    file_.discard();
    stamp_header(broken_off || header_field(schema_cookie) != cookie);
}

std::size_t store::depth() {
    const std::lock_guard guard(mutex_);
    return file_.depth();
}

std::shared_ptr<const image> store::freeze() {
    const std::lock_guard guard(mutex_);
    return file_.freeze();
}

void store::note_header() {
    highest_change_counter_ = std::max(highest_change_counter_, header_field(change_counter));
    highest_schema_cookie_ = std::max(highest_schema_cookie_, header_field(schema_cookie));
}

// SQLite counts from 1 again in a database that a discard left empty, where no stamp can be put.
void store::renew_header() {
    if (spent_change_counter_ == 0 || file_.size() < header_size) {
        return;
    }
    const std::uint32_t counter = header_field(change_counter);
    if (counter <= spent_change_counter_) {
        const bool size_is_valid = header_field(version_valid_for) == counter;
        set_header_field(change_counter, counter + spent_change_counter_);
        if (size_is_valid) {
            set_header_field(version_valid_for, counter + spent_change_counter_);
        }
    }
    if (const std::uint32_t cookie = header_field(schema_cookie); cookie <= spent_schema_cookie_) {
        set_header_field(schema_cookie, cookie + spent_schema_cookie_);
    }
}

void store::stamp_header(bool cookie_changed) {
    if (file_.size() < header_size) {
        spent_change_counter_ = highest_change_counter_;
        spent_schema_cookie_ = highest_schema_cookie_;
        return;
    }
    note_header();
    const bool size_is_valid = header_field(version_valid_for) == header_field(change_counter);
    set_header_field(change_counter, ++highest_change_counter_);
    if (size_is_valid) {
        set_header_field(version_valid_for, highest_change_counter_);
    }
    if (cookie_changed) {
        set_header_field(schema_cookie, ++highest_schema_cookie_);
    }
}

std::uint32_t store::header_field(std::size_t offset) const noexcept {
    std::array<std::byte, 4> bytes{};
    file_.read(offset, bytes.data(), bytes.size());
    std::uint32_t value = 0;
    for (const std::byte byte : bytes) {
        value = value << 8 | std::to_integer<std::uint32_t>(byte);
    }
    return value;
}

void store::set_header_field(std::size_t offset, std::uint32_t value) {
    std::array<std::byte, 4> bytes{};
    for (std::size_t i = bytes.size(); i-- > 0; value >>= 8) {
        bytes[i] = static_cast<std::byte>(value & 0xffU);
    }
    file_.write(offset, bytes.data(), bytes.size());
}

} // namespace isolite::store
