#pragma once

#include "suites/running_suite.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace isolite::suites {

/// The fixtures of the suite whose cases run at present, for frameworks that know nothing of such
/// fixtures. What fails in them where no case runs is a failure outside of any case.
class ISOLITE_API suite_fixtures {
  public:
    using factory = std::function<std::shared_ptr<void>()>;
    using factories = std::map<std::string, std::vector<factory>>;

    /// Returns the fixtures of this program, by the name of their suite.
    [[nodiscard]] static factories& registered();

    /// `show` shows a failure where no worker tells it to its parent instead.
    suite_fixtures(running_suite& running,
                   std::function<void(const results::outside_failure&)> show)
        : running_(running), show_(std::move(show)) {}

    /// Ends the fixtures of another suite and makes those of `suite`, if it has any. The place is
    /// that of its first case.
    void enter(const std::string& suite, const std::string& file, unsigned line);

    /// Ends the fixtures of the suite, the last one first.
    void leave();

    /// Takes a failure of the suite itself. Returns false when it is one of a case instead.
    bool fail(const std::string& message);

    /// Returns why the set-up failed, or "", for a case that will fail with it.
    [[nodiscard]] const std::string& hear_failure();

    [[nodiscard]] const std::string& name() const { return name_; }

  private:
    enum class phase { set_up, cases, end };

    [[nodiscard]] std::string message_of_failure() const;
    void set_up(const factory& make);
    void report(const std::string& message);

    running_suite& running_;
    std::function<void(const results::outside_failure&)> show_;
    std::string name_;
    std::string file_; ///< of the first case
    unsigned line_ = 0;
    bool is_open_ = false;
    bool has_files_ = false; ///< which it tells of
    std::vector<std::shared_ptr<void>> data_;
    std::string failure_;
    bool is_heard_ = false; ///< by a case, which failed with it
    phase phase_ = phase::cases;
};

/// Returns an order in which the cases of a suite with fixtures, by its name, have moved up to the
/// first of them. `suite_of` returns "" for a case that is in none.
[[nodiscard]] ISOLITE_API std::vector<std::size_t>
keep_together(const std::vector<std::size_t>& order,
              const std::function<std::string(std::size_t position)>& suite_of);

} // namespace isolite::suites
