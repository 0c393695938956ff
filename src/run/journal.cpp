#include "run/journal.hpp"

#include <xxhash.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <string>

namespace isolite::run {

using results::event;

namespace {

// An entry is the number of bytes of the kind and the value, their checksum, these bytes, and what
// is missing up to a place for the next number. A number of 0 is the end.

using length = std::uint64_t;
using shared_length = std::atomic<length>;
using checksum = XXH64_hash_t;

constexpr std::size_t before_kind = sizeof(length) + sizeof(checksum);

std::size_t size_of_entry(length following) {
    return (before_kind + following + sizeof(length) - 1) / sizeof(length) * sizeof(length);
}

/// Writes the checksum of what an entry has.
void seal(char* entry, length following) {
    const checksum sum = XXH3_64bits(entry + before_kind, following);
    std::memcpy(entry + sizeof(length), &sum, sizeof sum);
}

bool is_sealed(const char* entry, length following) {
    checksum sum = 0;
    std::memcpy(&sum, entry + sizeof(length), sizeof sum);
    return sum == XXH3_64bits(entry + before_kind, following);
}

length following(const event& event) {
    return sizeof event.kind + event.value.size();
}

shared_length& length_at(char* entry) {
    return *reinterpret_cast<shared_length*>(entry);
}

} // namespace

result<journal> journal::open(std::size_t most) {
    return os::shared_memory::up_to(most).map(
        [](os::shared_memory memory) { return journal(std::move(memory)); });
}

bool journal::append(const event& last, const std::vector<event>& before) {
    std::size_t more = size_of_entry(following(last)) + sizeof(length); // and the end
    for (const event& each : before) {
        more += size_of_entry(following(each));
    }
    if (more > memory_.size() - size_) {
        return false;
    }
    char* const first = memory_.bytes() + size_;
    char* entry = first;
    const auto put = [&](const event& appended) {
        char* const kind = entry + before_kind;
        std::memcpy(kind, &appended.kind, sizeof appended.kind);
        std::memcpy(kind + sizeof appended.kind, appended.value.data(), appended.value.size());
        seal(entry, following(appended));
        if (entry != first) {
            length_at(entry).store(following(appended), std::memory_order_relaxed);
        }
        entry += size_of_entry(following(appended));
    };
    std::for_each(before.begin(), before.end(), put);
    put(last);
    length_at(entry).store(0, std::memory_order_relaxed); // what was interrupted may be there
    // The first number comes last of all: until now, nothing was appended.
    length_at(first).store(following(before.empty() ? last : before.front()),
                           std::memory_order_release);
    size_ += static_cast<std::size_t>(entry - first);
    return true;
}

bool journal::append(std::uint8_t kind, const text::to_pack& value) noexcept {
    const length following = sizeof kind + value.size();
    const std::size_t size = size_of_entry(following);
    if (size + sizeof(length) > memory_.size() - size_) {
        return false;
    }
    char* const entry = memory_.bytes() + size_;
    char* const to = entry + before_kind;
    std::memcpy(to, &kind, sizeof kind);
    value.put(to + sizeof kind);
    seal(entry, following);
    length_at(entry + size).store(0, std::memory_order_relaxed);
    length_at(entry).store(following, std::memory_order_release);
    size_ += size;
    return true;
}

bool journal::read(const std::function<void(event)>& visit) const {
    const std::size_t end = visit_from(0, [&visit](std::uint8_t kind, std::string_view value) {
        visit({kind, std::string(value)});
    });
    return length_at(memory_.bytes() + end).load(std::memory_order_relaxed) == 0;
}

std::size_t journal::visit_from(
    std::size_t place,
    const std::function<void(std::uint8_t kind, std::string_view value)>& visit) const {
    for (;;) {
        char* const entry = memory_.bytes() + place;
        const length following = length_at(entry).load(std::memory_order_acquire);
        const std::size_t room = memory_.size() - place - sizeof(length); // but for the next number
        if (following == 0 || following > room || size_of_entry(following) > room ||
            !is_sealed(entry, following)) {
            return place;
        }
        const char* const kind = entry + before_kind;
        visit(static_cast<std::uint8_t>(*kind),
              {kind + sizeof(event::kind), following - sizeof(event::kind)});
        place += size_of_entry(following);
    }
}

void journal::clear() noexcept {
    memory_.clear();
    size_ = 0;
}

} // namespace isolite::run
