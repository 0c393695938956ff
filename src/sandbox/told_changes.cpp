#include "sandbox/told_changes.hpp"

#include "sandbox/explanation.hpp"
#include "sandbox/live_database.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <utility>

#include <xxhash.h>

namespace isolite::sandbox {

namespace {

telling chosen = telling::untold;

std::vector<changed_database>& kept() {
    static auto* const all = new std::vector<changed_database>; // late destructors close sessions
    return *all;
}

using page = std::array<std::byte, store::page_size>;

/// Returns a page without what differs although nothing does: the header of a database counts
/// changes. Source: https://www.sqlite.org/fileformat2.html#the_database_header
page without_counters(const store::image& of, std::size_t number) {
    page copy{};
    std::memcpy(copy.data(), of.page(number), copy.size());
    if (number == 0) {
        constexpr std::array<std::size_t, 4> counters = {24, 40, 92, 96};
        for (const std::size_t at : counters) {
            std::fill_n(copy.begin() + static_cast<std::ptrdiff_t>(at), 4, std::byte());
        }
    }
    return copy;
}

/// Returns a number of the pages that differ, 0 where none does.
std::uint64_t digest_of_pages(const exhibit& shown) {
    std::uint64_t digest = 0;
    for (std::size_t number = 0; number < shown.now->pages(); ++number) {
        const bool is_new = number >= shown.before->pages();
        if (!is_new && std::memcmp(shown.before->page(number), shown.now->page(number),
                                   store::page_size) == 0) {
            continue;
        }
        const page now = without_counters(*shown.now, number);
        if (is_new || now != without_counters(*shown.before, number)) {
            digest = XXH3_64bits_withSeed(now.data(), now.size(), digest + number + 1);
        }
    }
    return digest;
}

void print(const changed_database& changed, const std::string& test) {
    std::string said = "isolite: '" + text::printable(test) + "' changes '" +
                       text::printable(changed.name) + "':\n";
    for (const std::string& line : changed.lines) {
        said += "  " + line + "\n";
    }
    std::fputs(said.c_str(), stdout);
    std::fflush(stdout);
}

} // namespace

void tell_changes(telling become) noexcept {
    chosen = become;
}

bool are_changes_told() noexcept {
    return chosen != telling::untold;
}

void note_changes(live_database& live, const std::string& test) {
    constexpr std::uint64_t most_bytes = std::uint64_t(16) << 20;
    if (chosen == telling::untold || !live.databases().has_layers()) {
        return;
    }
    for (const layered_database& each : live.databases()) {
        if (each.store->size() > most_bytes) {
            continue;
        }
        const exhibit shown = exhibit_of(live, each);
        changed_database changed{each.name, {}, digest_of_pages(shown)};
        if (changed.digest == 0) {
            continue;
        }
        if (chosen != telling::digested) {
            auto found = explain(live.recipe(), shown, leak::new_tables::with_rows);
            if (found.lines.empty()) { // free pages, for instance
                continue;
            }
            changed.lines = std::move(found.lines);
            changed.digest = found.digest;
        }
        if (chosen == telling::printed) {
            print(changed, test);
        } else {
            kept().push_back(std::move(changed));
        }
    }
}

std::vector<changed_database> take_changes() {
    return std::exchange(kept(), {});
}

} // namespace isolite::sandbox
