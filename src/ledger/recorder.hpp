#pragma once

#include "ledger/record_file.hpp"
#include "ledger/record_line.hpp"
#include "os/own_process.hpp"

#include <isolite/worker.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace isolite::records {

/// Keeps the records of this process in a file, which is made for the first of them. Where none can
/// be kept, there is one warning, and all goes on without.
/// Threads: one at a time.
class recorder {
  public:
    /// `parent`: the process that forked this one to be a worker, 0 if none did.
    explicit recorder(pid_t parent);

    /// Calls this process `parent`: it forks workers. Makes the file, so that one warning does for
    /// all of them.
    void become_parent();

    /// Returns the one for a worker that `parent`, whose recorder this is, has just forked: of the
    /// same run, and off if this one is.
    [[nodiscard]] recorder of_worker(pid_t parent) const;

    /// Makes the file if that was not tried yet, which removes the records of old runs.
    void make_ready() {
        if (state_ == state::unopened) {
            prepare();
        }
    }

    /// Begins a record. Returns null where none are kept.
    [[nodiscard]] record_line* begin(std::string_view kind, std::chrono::nanoseconds start) {
        make_ready();
        return state_ == state::open ? &line_.begin(kind, start) : nullptr;
    }

    /// Ends the record that was begun, and keeps it.
    void commit();

    /// Returns how long this process has been recorded; what follows its proper end does not count.
    [[nodiscard]] std::chrono::nanoseconds life() const {
        return (ended_ ? ended_at_ : now()) - started_;
    }

    /// Says, once, that the process comes to its proper end, and of how many cases there are
    /// records. Further records may follow.
    void end(std::size_t cases);

    /// Returns the path of the file, "" where there is none.
    [[nodiscard]] std::string path() const { return file_ ? file_->path() : ""; }

    /// Returns the time of the clock of all records.
    [[nodiscard]] static std::chrono::nanoseconds now();

  private:
    enum class state { unopened, open, off };

    void prepare();
    [[nodiscard]] result<void> open();
    void add_head(const worker& self, const std::string& name);
    void give_up(const error& why);

    pid_t parent_;
    std::string run_; ///< the run id, "" if it is that of this process
    std::chrono::nanoseconds started_;
    std::chrono::nanoseconds ended_at_{0};
    bool is_parent_ = false;
    bool ended_ = false;
    state state_ = state::unopened;
    std::optional<record_file> file_;
    record_line line_;
};

} // namespace isolite::records
