#include "files/claim_uses.hpp"

#include "error/warning.hpp"
#include "files/claims.hpp"
#include "os/shared_memory.hpp"
#include "text/words.hpp"

#include <array>
#include <vector>

namespace isolite::paths {

namespace {

constexpr unsigned most_statements = 256;

enum class writing : unsigned char { nobody, somebody, done };

} // namespace

/// Zero at first.
struct claim_uses::shared {
    std::array<std::atomic<bool>, most_statements> used;
    std::atomic<writing> other_is;
    std::array<char, 4096> other;
};

claim_uses& claim_uses::of_process() {
    static auto* const all = new claim_uses; // as the claims
    return *all;
}

claim_uses::claim_uses() : shared_(os::make_shared_with_forks<shared>()) {}

unsigned claim_uses::add_statement() {
    return ++statements_;
}

void claim_uses::note(unsigned statement) noexcept {
    if (shared_ && statement < most_statements) {
        shared_->used[statement] = true;
    }
}

bool claim_uses::is_used(unsigned statement) const noexcept {
    return !shared_ || statement >= most_statements || shared_->used[statement];
}

void claim_uses::note_other(const std::string& full_name) noexcept {
    auto expected = writing::nobody;
    if (shared_ && shared_->other_is.compare_exchange_strong(expected, writing::somebody)) {
        full_name.copy(shared_->other.data(), shared_->other.size() - 1);
        shared_->other_is = writing::done;
    }
}

std::optional<std::string> claim_uses::other() const {
    if (!shared_ || shared_->other_is != writing::done) {
        return std::nullopt;
    }
    return shared_->other.data();
}

void warn_of_unused_claims() {
    constexpr std::size_t most_named = 3;
    std::vector<std::string> patterns = claims::of_process().unused();
    const auto other = claim_uses::of_process().other();
    if (patterns.empty() || !other) {
        return;
    }
    for (std::string& each : patterns) {
        each = "'" + each + "'";
    }
    warnings::warn_once({errc::usage,
                         "claim anything by " + text::listed(patterns, most_named) +
                             ": in all cases of this program no such file was opened",
                         "'" + *other +
                             "' was, and no claim covers it: claim that; isolite::files(...)"
                             ".only() refuses what is not claimed"});
}

} // namespace isolite::paths
