#pragma once

#include "run/open_fixture.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>

namespace boost::interprocess {
class mapped_region;
}

namespace isolite::run {

/// How far a case is, as all processes of a run see it.
enum class progress_of_case : std::uint32_t { open, running, passed, failed, skipped };

/// What all processes know of a case.
struct case_record {
    /// The worker that has it, counted from 1; 0: nobody; `closed`: it is not for this round.
    std::atomic<std::uint32_t> owner{0};
    std::atomic<progress_of_case> progress{progress_of_case::open}; ///< written by the owner

    static constexpr std::uint32_t closed = UINT32_MAX;
    /// Nobody will run it any more in this round, although it was for it.
    static constexpr std::uint32_t abandoned = UINT32_MAX - 1;
};

/// What a worker tells its parent. Written by the worker alone while it lives.
struct alignas(64) worker_record {
    /// The position of the case that it runs, plus 1; 0: none.
    std::atomic<std::uint64_t> running{0};
    /// When the case began, or the worker to end. Units: nanoseconds of the steady clock.
    std::atomic<std::int64_t> since{0};
    /// The position of the case that it is about to claim, plus 1; 0: none. Fixtures around the
    /// case are made meanwhile.
    std::atomic<std::uint64_t> next{0};
    std::atomic<std::uint64_t> cases{0};
    std::atomic<std::uint64_t> claims{0};   ///< of this incarnation
    std::atomic<std::uint64_t> tests{0};    ///< without fixtures. Units: nanoseconds
    std::atomic<std::uint64_t> fixtures{0}; ///< of this incarnation. Units: nanoseconds
    std::atomic<bool> ended{false};         ///< This incarnation found nothing more to do.
    open_fixture fixture;
    std::atomic<bool> uses_spare_capture{false};
    /// Where in each of its captures that begins which is of the running case, where nothing is
    /// thrown away.
    std::array<std::atomic<std::uint64_t>, 2> present_output{};
};

/// What concerns the whole run.
struct run_record {
    std::atomic<std::uint64_t> done{0};
    std::atomic<std::uint64_t> failed{0};
    /// No further case is claimed.
    std::atomic<bool> stopped{false};
    /// Through how many passes of the round its worker has gone.
    std::atomic<std::uint64_t> passes{0};
};

/// Memory without a name that a parent and the workers it forks share. What is in it are atomic
/// numbers: a process that is killed cannot leave them locked.
class shared_records {
  public:
    /// Errors: throws boost::interprocess::interprocess_exception.
    shared_records(std::size_t cases, std::size_t workers, std::size_t groups);
    shared_records(shared_records&&) noexcept;
    shared_records& operator=(shared_records&&) noexcept;
    ~shared_records();

    [[nodiscard]] case_record& of_case(std::size_t position) { return cases_[position]; }
    [[nodiscard]] worker_record& of_worker(std::size_t worker) { return workers_[worker]; }
    /// Returns who runs the cases of a group: a worker, counted from 1, or 0.
    [[nodiscard]] std::atomic<std::uint32_t>& owner_of_group(std::size_t group) {
        return groups_[group];
    }
    [[nodiscard]] run_record& of_run() { return *run_; }

  private:
    std::unique_ptr<boost::interprocess::mapped_region> region_;
    run_record* run_;
    case_record* cases_;
    worker_record* workers_;
    std::atomic<std::uint32_t>* groups_;
};

} // namespace isolite::run
