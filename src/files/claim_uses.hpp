#pragma once

#include <atomic>
#include <optional>
#include <string>

namespace isolite::paths {

/// Which statements that claim files were of use: one `--files`, one `isolite::files`, one seed.
/// Known of this process and of those that it forks after the first claim.
/// Threads: every function may be called from any thread.
class claim_uses {
  public:
    [[nodiscard]] static claim_uses& of_process();

    /// Returns the number of one more statement, never 0.
    [[nodiscard]] unsigned add_statement();

    /// Notes that a file was opened which a statement claims.
    void note(unsigned statement) noexcept;

    /// Says so, and where nobody can tell.
    [[nodiscard]] bool is_used(unsigned statement) const noexcept;

    /// Notes a database file that was opened and that no claim covers.
    void note_other(const std::string& full_name) noexcept;

    /// Returns the first of those.
    [[nodiscard]] std::optional<std::string> other() const;

    /// What a step of a seed opens is no use of a claim: it runs only where the image is not there.
    class step {
      public:
        step() noexcept { ++running; }
        ~step() { --running; }
        step(const step&) = delete;
        step& operator=(const step&) = delete;

        [[nodiscard]] static bool any() noexcept { return running > 0; }

      private:
        static inline std::atomic<unsigned> running{0};
    };

  private:
    struct shared;

    claim_uses();

    shared* shared_; // null where there is no memory for it
    std::atomic<unsigned> statements_{0};
};

/// Warns of what claims files of which nobody has opened one, although others were opened.
/// Requires: all cases of the program have run.
void warn_of_unused_claims();

} // namespace isolite::paths
