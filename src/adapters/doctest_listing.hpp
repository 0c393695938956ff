#pragma once

#include <isolite/error.hpp>

#include "os/shared_memory.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <optional>
#include <vector>

namespace isolite::doc_test {

/// Finds out which cases doctest would run, and in which order, by letting doctest itself run in
/// children of this process: it tells a listener of what it skips.
class listing {
  public:
    /// Returns the cases in the order in which doctest would run them. Returns in each child too,
    /// which then is a lister: it lets doctest go on, and ends with doctest's run.
    /// Errors: errc::system.
    [[nodiscard]] result<std::vector<doctest::detail::TestCase*>> list();

    /// Says whether this process is such a child.
    [[nodiscard]] bool is_lister() const { return is_lister_; }

    /// In a lister: takes a case that doctest skips.
    void note(const doctest::TestCaseData& skipped);

    /// In a lister: tells the parent, and ends.
    [[noreturn]] void end();

  private:
    enum class what { all, not_chosen };

    [[nodiscard]] result<std::vector<doctest::detail::TestCase*>> skipped_by_doctest(what skipped);
    static void become_lister(what skipped);

    /// In memory that parent and child share: how many cases were noted, and one more, when all
    /// are; and the cases.
    [[nodiscard]] std::size_t& ended() const;
    [[nodiscard]] doctest::detail::TestCase** noted_cases() const;

    std::optional<os::shared_memory> noted_;
    std::size_t count_ = 0; ///< of those that were noted
    bool is_lister_ = false;
};

/// Lets what doctest's own reporters write go nowhere.
void silence_doctest();

} // namespace isolite::doc_test
