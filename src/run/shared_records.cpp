#include "run/shared_records.hpp"

#include <boost/interprocess/anonymous_shared_memory.hpp>
#include <boost/interprocess/mapped_region.hpp>
#include <new>

namespace isolite::run {

namespace {

static_assert(std::atomic<std::uint64_t>::is_always_lock_free &&
                  std::atomic<std::uint32_t>::is_always_lock_free,
              "a lock in shared memory would stay locked when its holder is killed");

/// Every record begins a cache line of its own, or several would be fought for as one.
constexpr std::size_t line = 64;

template <typename Record>
std::size_t size_of(std::size_t count) {
    return (count * sizeof(Record) + line - 1) / line * line;
}

template <typename Record>
Record* place(char*& memory, std::size_t count) {
    Record* const records = reinterpret_cast<Record*>(memory);
    for (std::size_t i = 0; i < count; ++i) {
        new (records + i) Record;
    }
    memory += size_of<Record>(count);
    return records;
}

} // namespace

shared_records::shared_records(std::size_t cases, std::size_t workers, std::size_t groups)
    : region_(std::make_unique<boost::interprocess::mapped_region>(
          boost::interprocess::anonymous_shared_memory(
              size_of<run_record>(1) + size_of<case_record>(cases) +
              size_of<worker_record>(workers) + size_of<std::atomic<std::uint32_t>>(groups)))) {
    char* memory = static_cast<char*>(region_->get_address());
    run_ = place<run_record>(memory, 1);
    workers_ = place<worker_record>(memory, workers);
    cases_ = place<case_record>(memory, cases);
    groups_ = place<std::atomic<std::uint32_t>>(memory, groups);
}

shared_records::shared_records(shared_records&&) noexcept = default;
shared_records& shared_records::operator=(shared_records&&) noexcept = default;
shared_records::~shared_records() = default;

} // namespace isolite::run
