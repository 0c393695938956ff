#pragma once

#include "store/layered_file.hpp"

#include <atomic>
#include <cstdint>

namespace isolite::store {

/// The header of a database, its first 100 bytes, as far as a layer that is dropped concerns it.
/// Connections tell by the change counter and the schema cookie whether what they cached is still
/// true, so these two only ever grow, whatever else is put back.
/// Source: https://www.sqlite.org/fileformat2.html#the_database_header
/// Threads: none of its own; `store` guards it.
class database_header {
  public:
    static constexpr std::size_t size = 100;

    explicit database_header(layered_file& file);

    /// Says whether a page differs in more than the fields of the header that say nothing of the
    /// content: those that count commits, and the journal mode.
    [[nodiscard]] static bool differs(const layered_file::touched_page& page);

    /// Gives these fields in one first page the values that they have in another.
    static void take_counters(std::byte* page, const std::byte* from) noexcept;

    /// Makes the first page one of the uppermost layer, so that `stamp` needs no memory later.
    void take_page();

    /// Remembers the counters after SQLite wrote them. In a database that a discard left empty,
    /// where no stamp can be put, SQLite counts from 1: these are raised above the earlier ones.
    void note_write();

    /// Remembers the counters in the first page of a database that was written to the log.
    void note_logged(const std::byte* page) noexcept;

    /// Remembers that a transaction was broken off, which has counted up the schema cookie in its
    /// connection's memory, once for each change of the schema, and nobody else knows how far.
    void note_broken_off() noexcept;

    /// Is told that the uppermost layer has become part of the one below.
    void note_merged() noexcept;

    /// Ends a layer that was discarded: sets the change counter to a value that no connection has
    /// seen, and the schema cookie too if it changed in that layer, also where it came back by
    /// itself. Returns whether it did.
    bool stamp();

    [[nodiscard]] std::uint32_t schema_cookie() const noexcept;

    /// Returns how often the schema cookie has changed, for whatever reason.
    [[nodiscard]] std::uint64_t cookies() const noexcept { return cookies_; }

    [[nodiscard]] bool in_wal_mode() const noexcept;
    void set_wal_mode(bool wal);

  private:
    [[nodiscard]] bool exists() const noexcept { return file_.size() >= size; }
    [[nodiscard]] std::uint32_t field(std::size_t offset) const noexcept;
    void set_field(std::size_t offset, std::uint32_t value);
    void set_change_counter(std::uint32_t value);
    void note() noexcept;
    void note_change(std::size_t layer) noexcept;
    [[nodiscard]] bool take_change(std::size_t layer) noexcept;
    void note_cookie(std::uint32_t cookie) noexcept;

    layered_file& file_;
    std::uint64_t changed_layers_ = 0; // a bit for each in which the schema cookie changed
    std::uint32_t last_cookie_;        // that was written, to the database or to the log
    std::atomic<std::uint64_t> cookies_{0};
    std::uint32_t highest_change_counter_ = 0;
    std::uint32_t highest_schema_cookie_ = 0;
    // The highest ones of the time when the database was last emptied by a discard.
    std::uint32_t spent_change_counter_ = 0;
    std::uint32_t spent_schema_cookie_ = 0;
};

/// Reads and writes numbers as all of SQLite's files hold them: four bytes, the highest first.
[[nodiscard]] std::uint32_t field_at(const std::byte* bytes) noexcept;
void put_field(std::byte* to, std::uint32_t value) noexcept;

} // namespace isolite::store
