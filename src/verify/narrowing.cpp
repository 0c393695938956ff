#include "verify/narrowing.hpp"

#include <algorithm>
#include <iterator>

namespace isolite::verify {

namespace {

/// Delta debugging by halves. Candidates are the first `rest_` ones, and those that are known to
/// matter, which stand behind them.
class halving {
  public:
    halving(const std::vector<std::size_t>& candidates, const shows& shows)
        : candidates_(candidates), shows_(shows), rest_(candidates.size()) {}

    [[nodiscard]] narrowed run() {
        while (!ends_ && find_next()) {
        }
        narrowed found{known_, trials_, !ends_};
        if (ends_) {
            found.members = with(rest_);
        } else {
            drop_needless(found);
        }
        return found;
    }

  private:
    /// Finds the last of the rest that matters beside those that are known. Returns false if they
    /// suffice.
    [[nodiscard]] bool find_next() {
        const bool may_suffice = !known_.empty();
        if (rest_ == 0 || (may_suffice && tried(known_))) {
            return false;
        }
        std::size_t least = 0; // so many of the rest do not suffice
        std::size_t most = rest_;
        while (!ends_ && most - least > 1) {
            const std::size_t half = least + (most - least) / 2;
            (tried(with(half)) ? most : least) = half;
        }
        rest_ = most;
        if (!ends_) {
            known_.insert(known_.begin(), candidates_[--rest_]);
        }
        return true;
    }

    /// What mattered beside others may matter no more without them.
    void drop_needless(narrowed& found) {
        for (std::size_t i = 0; found.members.size() > 1 && i < found.members.size() && !ends_;) {
            std::vector<std::size_t> fewer = found.members;
            fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
            if (tried(fewer)) {
                found.members = std::move(fewer);
                i = 0; // another one may have become needless
            } else {
                ++i;
            }
        }
        found.trials = trials_;
        found.is_smallest = !ends_;
    }

    [[nodiscard]] std::vector<std::size_t> with(std::size_t of_rest) const {
        std::vector<std::size_t> some(candidates_.begin(),
                                      candidates_.begin() + static_cast<std::ptrdiff_t>(of_rest));
        some.insert(some.end(), known_.begin(), known_.end());
        return some;
    }

    /// Says whether some of them show it; false, too, when nobody can tell any more.
    [[nodiscard]] bool tried(const std::vector<std::size_t>& some) {
        const std::optional<bool> shown = ends_ ? std::nullopt : shows_(some);
        ends_ = !shown;
        trials_ += shown ? 1 : 0;
        return shown.value_or(false);
    }

    const std::vector<std::size_t>& candidates_;
    const shows& shows_;
    std::size_t rest_;
    std::vector<std::size_t> known_;
    std::size_t trials_ = 0;
    bool ends_ = false;
};

} // namespace

narrowed narrow(const std::vector<std::size_t>& candidates, const shows& shows) {
    return halving(candidates, shows).run();
}

} // namespace isolite::verify
