#pragma once

#include <isolite/error.hpp>

#include "os/high_descriptor.hpp"

#include <doctest/doctest.h>

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

    std::optional<os::high_descriptor>
        file_; ///< where tests or the user have closed what they like
    bool is_lister_ = false;
    std::vector<const doctest::detail::TestCase*> noted_;
};

/// Lets what doctest's own reporters write go nowhere.
void silence_doctest();

} // namespace isolite::doc_test
