#pragma once

#include "store/store.hpp"

#include <atomic>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace isolite::store {

/// The names of the files of the VFS, one flat directory for the whole process. Journals and logs
/// are not among them: they belong to their databases. As on a disk, a
/// file lives on after its last connection closed, and a removed one until its last connection
/// closes. Threads: every function may be called from any thread.
class directory {
  public:
    /// Returns the directory that the VFS works on.
    [[nodiscard]] static directory& of_process();

    /// Returns the file called `name`, or null.
    [[nodiscard]] std::shared_ptr<store> find(std::string_view name);

    /// Returns the file called `name`, made empty if there is none. `created` says which.
    [[nodiscard]] std::shared_ptr<store> find_or_create(std::string_view name, bool& created);

    /// Adds a file on `base` and returns it, or null when the name is taken.
    [[nodiscard]] std::shared_ptr<store> create(std::string_view name,
                                                std::shared_ptr<const image> base);

    /// Adds a file that was there before. Returns false when the name is taken.
    bool put(std::string_view name, std::shared_ptr<store> file);

    /// Adds a file on `base` under `name`, with a number behind it if that is taken.
    /// Returns the name.
    [[nodiscard]] std::string add(const std::string& name,
                                  const std::shared_ptr<const image>& base);

    /// Removes the name. Returns false when there is none.
    bool remove(std::string_view name);

    /// Returns a number that grows with each file that SQLite creates: cheap to compare.
    [[nodiscard]] std::uint64_t generation() const noexcept { return generation_; }

    /// Removes the files that SQLite created since `generation` was returned.
    /// Returns the names of those in which something was written.
    std::vector<std::string> remove_since(std::uint64_t generation);

    /// Returns the names in order.
    [[nodiscard]] std::vector<std::string> names();

  private:
    struct entry {
        std::shared_ptr<store> file;
        std::uint64_t generation; // that of its creation by SQLite, 0 if `create` made it
    };

    std::mutex mutex_;
    std::map<std::string, entry, std::less<>> files_;
    std::atomic<std::uint64_t> generation_{0};
};

/// A file in the directory of the process for as long as this lives.
class temporary_file {
  public:
    /// Its name gets a number where it is taken.
    temporary_file(const std::string& name, const std::shared_ptr<const image>& base)
        : name_(directory::of_process().add(name, base)) {}
    ~temporary_file() { directory::of_process().remove(name_); }
    temporary_file(const temporary_file&) = delete;
    temporary_file& operator=(const temporary_file&) = delete;

    [[nodiscard]] const std::string& name() const noexcept { return name_; }

  private:
    std::string name_;
};

} // namespace isolite::store
