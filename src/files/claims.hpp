#pragma once

#include "files/file_pattern.hpp"
#include "store/image.hpp"

#include <isolite/error.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace isolite::paths {

/// What a claimed file is when code under test opens it first.
struct origin {
    std::string name = {}; ///< The seed, or the pattern that claims it.
    /// Returns the image of a seed. Null: it is what is on the disk, or else new and empty.
    std::function<result<std::shared_ptr<const store::image>>()> image = nullptr;
    /// Lets a step that makes the database of a seed open it by this name. Says whether one wants
    /// it. Else null.
    std::function<result<bool>(const std::string& full_name)> serve = nullptr;
    /// Opens the engine that has the file as its database, for a claim of one file. Else null.
    std::function<result<void>()> open = nullptr;
    unsigned statement = 0; ///< that claims it and maybe others, of `claim_uses`

    [[nodiscard]] bool is_seeded() const noexcept { return image || open; }
};

/// The files that belong to isolite when code under test opens them by path, in this process.
/// Threads: every function may be called from any thread.
class claims {
  public:
    [[nodiscard]] static claims& of_process();

    /// Claims files. Of several claims of a file that of the file alone counts, then one with a
    /// seed, then the first one. Returns a number, for `release`. What can be no name of a file is
    /// noted for `take_objection`.
    std::uint64_t add(const std::string& pattern, origin from);
    void release(std::uint64_t number);

    /// Returns the claim of a file by its full name, or null.
    [[nodiscard]] std::shared_ptr<const origin> find(const std::string& full_name);

    /// Notes that code under test opens a database file. A step of a seed does not count.
    void note_opened(const std::string& full_name);

    /// Returns the patterns of statements of which no file was opened, in their order.
    [[nodiscard]] std::vector<std::string> unused();

    /// Notes that a file whose name resolves to another one was claimed by how it was spelled.
    void add_alias(const std::string& full_name, const std::string& spelled);

    /// Returns why a claim was not made whose pattern can be no name of a file, and forgets it.
    [[nodiscard]] std::optional<error> take_objection();

    /// Returns how many claims were ever made.
    [[nodiscard]] std::uint64_t count_added();

    /// Says whether there ever was a claim; cheap.
    [[nodiscard]] static bool any() noexcept { return any_; }

    /// Refuses database files that nobody claims.
    void refuse_others() noexcept { refuses_others_ = true; }
    [[nodiscard]] bool refuses_others() const noexcept { return refuses_others_; }

  private:
    struct claim {
        std::uint64_t number;
        std::string text;
        file_pattern pattern;
        std::shared_ptr<const origin> from;

        [[nodiscard]] int rank() const;
    };

    [[nodiscard]] std::shared_ptr<const origin> match(const std::string& name) const;

    std::mutex mutex_;
    std::vector<claim> all_; // the one that counts first
    std::uint64_t added_ = 0;
    std::vector<error> objections_;
    std::unordered_map<std::string, std::shared_ptr<const origin>> known_; // by full name
    std::unordered_set<std::string> noted_; // what was opened, since the last claim
    static inline std::atomic<bool> any_{false};
    std::atomic<bool> refuses_others_{false};
};

} // namespace isolite::paths
