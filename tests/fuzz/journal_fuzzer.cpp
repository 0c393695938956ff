#include "../run/shared_mapping.hpp"
#include "demand.hpp"
#include "run/journal.hpp"

#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

// A journal over which something writes: what is read is what was appended, as far as it goes.

using namespace isolite;
using fuzzing::demand;

namespace {

constexpr std::size_t bytes_of_journal = 60 * 1024;

/// A value such as adapters pack.
struct told {
    std::string text;
    std::vector<std::string> list;
    std::uint32_t number = 0;
    bool flag = false;

    [[nodiscard]] bool operator==(const told& other) const {
        return std::tie(text, list, number, flag) ==
               std::tie(other.text, other.list, other.number, other.flag);
    }
};

using entry = std::pair<std::uint8_t, std::string>;

told any_value(FuzzedDataProvider& choices) {
    told value;
    value.text = choices.ConsumeRandomLengthString(100);
    for (auto more = choices.ConsumeIntegralInRange<int>(0, 4); more > 0; --more) {
        value.list.push_back(choices.ConsumeRandomLengthString(20));
    }
    value.number = choices.ConsumeIntegral<std::uint32_t>();
    value.flag = choices.ConsumeBool();
    if (choices.ConsumeIntegral<std::uint8_t>() == 0) {
        value.text.resize(choices.ConsumeIntegralInRange<std::size_t>(0, bytes_of_journal));
    }
    demand(text::unpacked<told>(text::packed(value)) == value, "a value is unpacked as it was");
    return value;
}

std::vector<entry> read(const run::journal& from, bool& is_whole) {
    std::vector<entry> found;
    is_whole = from.read(
        [&](results::event each) { found.emplace_back(each.kind, std::move(each.value)); });
    return found;
}

/// The one journal, which is found among all memory once.
run::journal& the_journal() {
    static run::journal kept = *run::journal::open(bytes_of_journal);
    return kept;
}

char* bytes_of_the_journal() {
    static char* const bytes = shared_mapping_of(bytes_of_journal);
    demand(bytes != nullptr, "the memory of the journal is found");
    return bytes;
}

class journal_and_model {
  public:
    explicit journal_and_model(FuzzedDataProvider& choices)
        : choices_(choices), kept_(the_journal()), bytes_(bytes_of_the_journal()) {
        clear();
    }

    void append() {
        const auto kind = choices_.ConsumeIntegral<std::uint8_t>();
        const told value = any_value(choices_);
        std::vector<results::event> before;
        switch (choices_.ConsumeIntegralInRange<int>(0, 2)) {
        case 0:
            note(kept_.append(kind, text::to_pack(value)), before, {kind, text::packed(value)});
            break;
        case 1:
            before.push_back({kind, choices_.ConsumeRandomLengthString(30)});
            before.push_back({0, ""});
            [[fallthrough]];
        default:
            const results::event last = results::event::of(kind, value);
            note(kept_.append(last, before), before, {kind, last.value});
        }
    }

    /// Does what a test does that writes anywhere, in what was appended and near behind.
    void damage() {
        const std::size_t at = choices_.ConsumeIntegralInRange<std::size_t>(0, size_ + 64);
        const std::size_t most = std::min<std::size_t>(bytes_of_journal - at, 24);
        const auto count = choices_.ConsumeIntegralInRange<std::size_t>(0, most);
        for (std::size_t i = 0; i < count; ++i) {
            const char byte = choices_.ConsumeIntegral<char>();
            if (at + i < size_ + sizeof(std::uint64_t) && bytes_[at + i] != byte) {
                damaged_from_ = std::min(damaged_from_, at + i);
            }
            bytes_[at + i] = byte;
        }
    }

    void clear() {
        kept_.clear();
        all_.clear();
        ends_.clear();
        size_ = 0;
        damaged_from_ = bytes_of_journal;
    }

    void check() const {
        bool is_whole = false;
        const std::vector<entry> found = read(kept_, is_whole);
        demand(found.size() <= all_.size() && std::equal(found.begin(), found.end(), all_.begin()),
               "what is read was appended");
        const auto whole = static_cast<std::size_t>(
            std::upper_bound(ends_.begin(), ends_.end(), damaged_from_) - ends_.begin());
        demand(found.size() >= whole, "what lies before the damage is read");
        demand(is_whole || damaged_from_ < bytes_of_journal,
               "what nothing was written over is whole");
        if (is_whole && found.size() < all_.size()) {
            const std::size_t next = found.empty() ? 0 : ends_[found.size() - 1];
            std::uint64_t length = 1;
            std::memcpy(&length, bytes_ + next, sizeof length);
            demand(length == 0, "a journal ends where it says so");
        }
        read_in_pieces(found);
    }

  private:
    void note(bool is_appended, const std::vector<results::event>& before, entry last) {
        if (is_appended) {
            for (const results::event& each : before) {
                add({each.kind, each.value});
            }
            add(std::move(last));
        }
    }

    /// Knows how entries lie: length, checksum, kind and value, up to a multiple of 8.
    void add(entry appended) {
        size_ += (16 + 1 + appended.second.size() + 7) / 8 * 8;
        ends_.push_back(size_);
        all_.push_back(std::move(appended));
    }

    void read_in_pieces(const std::vector<entry>& expected) const {
        std::vector<entry> found;
        std::size_t place = 0;
        for (bool is_more = true; is_more;) {
            const std::size_t before = place;
            place = kept_.visit_from(place, [&](std::uint8_t kind, std::string_view value) {
                found.emplace_back(kind, value);
            });
            is_more = place != before;
        }
        demand(found == expected, "what is visited is what is read");
    }

    FuzzedDataProvider& choices_;
    run::journal& kept_;
    char* bytes_;
    std::vector<entry> all_;
    std::vector<std::size_t> ends_;
    std::size_t size_ = 0;
    std::size_t damaged_from_ = bytes_of_journal;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider choices(data, size);
    journal_and_model both(choices);
    while (choices.remaining_bytes() > 0) {
        switch (choices.ConsumeIntegralInRange<int>(0, 9)) {
        case 0:
            both.clear();
            break;
        case 1:
        case 2:
        case 3:
            both.damage();
            break;
        default:
            both.append();
        }
        both.check();
    }
    return 0;
}
