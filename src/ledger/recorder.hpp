#pragma once

#include "ledger/record_file.hpp"
#include "ledger/record_line.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

namespace isolite {

/// Keeps the records of this process in a file, which is made for the first of them. Where none can
/// be kept, there is one warning, and all goes on without.
/// Threads: one at a time.
class recorder {
  public:
    /// `parent`: the process that forked this one to be a worker, 0 if none did.
    explicit recorder(pid_t parent);

    /// Lets the file begin at this moment rather than when the recorder was made.
    void start() { started_ = now(); }

    /// Calls this process `parent`: it forks workers. Does nothing once the file is made.
    void become_parent() { is_parent_ = true; }

    /// Begins a record. Returns null where none are kept.
    [[nodiscard]] record_line* begin(std::string_view kind, std::chrono::nanoseconds start);

    /// Ends the record that was begun, and keeps it.
    void commit();

    /// Says, once, that the process comes to its proper end. Further records may follow.
    void end();

    /// Returns the time of the clock of all records.
    [[nodiscard]] static std::chrono::nanoseconds now();

  private:
    enum class state { unopened, open, off };

    [[nodiscard]] result<void> open();
    void give_up(const error& why);

    pid_t parent_;
    std::chrono::nanoseconds started_;
    bool is_parent_ = false;
    bool ended_ = false;
    state state_ = state::unopened;
    std::optional<record_file> file_;
    record_line line_;
};

} // namespace isolite
