#pragma once

#include "verify/experiment.hpp"

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace isolite::verify {

/// What has come into being in the working directory during experiments, and who has made it: the
/// cases, or others who work there.
class made_files {
  public:
    /// Notes what an experiment has made that was not there before.
    void note(const experiment& done, const std::set<std::string>& names);

    /// Returns all that was made, in the order of its names.
    [[nodiscard]] std::vector<std::string> names() const;

    /// Says whether a case makes this whenever it runs, several times, and alone: so it can be had
    /// again, and nobody needs to keep it.
    [[nodiscard]] bool is_made_again(const std::string& name) const;

    /// Says whether hardly a case has made this: of those who were seen to, each has run several
    /// times and made nothing but once.
    [[nodiscard]] bool is_of_others(const std::string& name) const;

  private:
    static constexpr std::size_t several = 3;

    struct seen {
        std::set<std::size_t> cases; ///< that ran
        std::set<std::string> names; ///< that were made
    };
    struct maker {
        std::size_t runs = 0;  ///< experiments in which it ran
        std::size_t makes = 0; ///< those in which it was seen to make something
    };

    std::vector<seen> experiments_;
    std::map<std::size_t, maker> makers_; ///< by case
    std::map<std::string, std::set<std::size_t>> made_by_;
};

} // namespace isolite::verify
