#pragma once

#include "sqlite.hpp"

#include <vector>

namespace hostel {

struct room {
    std::int64_t id;
    std::string name;
    std::int64_t beds;
    std::int64_t cents; ///< of an ordinary night
};

struct booking {
    std::int64_t id;
    std::int64_t room;
    std::string guest;
    std::string arrival; ///< a day, as all: "2026-05-04"
    std::int64_t nights;
    std::int64_t cents; ///< what all nights cost, in their season
    bool is_cancelled;
};

/// A rule of the house that a request breaks.
class refusal : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The rooms and their bookings, in a database file. Each change is a transaction, with the mail
/// that tells the guest of it.
class bookings {
  public:
    explicit bookings(const std::string& path);

    std::int64_t add_room(const std::string& name, int beds, int cents);
    /// The rooms with so many beds that nobody has in any of these nights; the cheapest first.
    [[nodiscard]] std::vector<room> free_rooms(const std::string& arrival, int nights, int beds);
    [[nodiscard]] std::int64_t price(std::int64_t room, const std::string& arrival, int nights);

    /// Errors: `refusal`, "there is no room N", "a guest stays 1 to 28 nights", "the room is
    /// taken", "the calendar ends before".
    std::int64_t book(std::int64_t room, const std::string& guest, const std::string& arrival,
                      int nights);
    /// Errors: `refusal`, "there is no booking N", "it is cancelled", "it has begun".
    void cancel(std::int64_t id, const std::string& today);

    [[nodiscard]] booking find(std::int64_t id);
    [[nodiscard]] std::vector<booking> arrivals(const std::string& day);
    /// How many of the rooms somebody has in that night, in percent.
    [[nodiscard]] std::int64_t occupancy(const std::string& day);

  private:
    void mail(const std::string& guest, const std::string& text);

    connection db_;
};

} // namespace hostel
