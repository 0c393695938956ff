#pragma once

#include "store/layered_file.hpp"

#include <cstdint>

namespace isolite::store {

/// The log of a database in WAL mode, as far as a layer that is dropped concerns it.
/// Connections tell by the header of the wal-index whether what they cached is still true, and
/// that header is recovered from the log: so no two layers may give the same one.
/// Source: https://www.sqlite.org/walformat.html#the_wal_file_format
/// Threads: none of its own; `store` guards it.
class write_ahead_log {
  public:
    explicit write_ahead_log(layered_file& file) : file_(file) {}

    /// Says whether there are committed frames in it, which hold pages of the database. Takes time
    /// in proportion to their number.
    [[nodiscard]] bool has_commits() const noexcept;

    /// Returns how many bytes `renew` or `stamp` writes at its end.
    [[nodiscard]] std::size_t largest_write() const noexcept;

    /// Makes it a log without frames that no connection has seen. Requires: `!has_commits()`.
    void renew();

    /// Empties it. Requires: `!has_commits()`.
    void clear() { file_.truncate(0); }

    /// Adds the first page once more, with a new schema cookie: as the log has it, or else as the
    /// database has it, which connections do not look at while the log is the same.
    /// Requires: `has_commits()`.
    void stamp(std::uint32_t schema_cookie, const layered_file& database);

    /// Writes what was committed to what the database has without it.
    void add_to(file_content& database) const;

    /// Returns whether what is written at `offset` is the first page of the database.
    [[nodiscard]] bool is_first_page(std::uint64_t offset, std::size_t count) const noexcept;

  private:
    [[nodiscard]] bool has_frames() const noexcept;

    /// What a frame that is added needs to know of those before.
    struct committed {
        std::uint64_t end = 0;        // where the frames end that were committed, 0: there is none
        std::uint64_t first_page = 0; // where the first page was committed last, 0: nowhere
    };

    [[nodiscard]] std::uint32_t field(std::uint64_t offset) const noexcept;
    [[nodiscard]] std::uint64_t frame_size() const noexcept;
    [[nodiscard]] committed find_committed() const noexcept;

    layered_file& file_;
    std::uint32_t generation_ = 0;
};

} // namespace isolite::store
