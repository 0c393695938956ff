#include "bookings.hpp"

#include "migrations.hpp"

namespace hostel {
namespace {

std::string days_after(int nights) {
    return "+" + std::to_string(nights) + " days";
}

std::vector<room> rooms_in(statement&& rows) {
    std::vector<room> found;
    while (rows.step())
        found.push_back({rows.integer(0), rows.text(1), rows.integer(2), rows.integer(3)});
    return found;
}

std::vector<booking> bookings_in(statement&& rows) {
    std::vector<booking> found;
    while (rows.step())
        found.push_back({rows.integer(0), rows.integer(1), rows.text(2), rows.text(3),
                         rows.integer(4), rows.integer(5), !rows.text(6).empty()});
    return found;
}

constexpr const char* columns = "SELECT id, room, guest, arrival, nights, cents, cancelled_on"
                                " FROM bookings ";

} // namespace

bookings::bookings(const std::string& path) : db_(path) {
    migrate(db_);
}

std::int64_t bookings::add_room(const std::string& name, int beds, int cents) {
    statement(db_, "INSERT INTO rooms (name, beds, cents) VALUES (?, ?, ?)", name, beds, cents)
        .step();
    return db_.last_id();
}

std::vector<room> bookings::free_rooms(const std::string& arrival, int nights, int beds) {
    return rooms_in(statement(db_,
                              "SELECT id, name, beds, cents FROM rooms WHERE beds >= ?3"
                              " AND NOT EXISTS (SELECT 1 FROM nights WHERE room = rooms.id"
                              " AND day >= ?1 AND day < date(?1, ?2)) ORDER BY cents, name",
                              arrival, days_after(nights), beds));
}

std::int64_t bookings::price(std::int64_t room, const std::string& arrival, int nights) {
    statement sum(db_,
                  "SELECT total(cents * percent / 100) FROM rooms, calendar WHERE rooms.id = ?"
                  " AND day >= ?2 AND day < date(?2, ?3)",
                  room, arrival, days_after(nights));
    sum.step();
    return sum.integer();
}

std::int64_t bookings::book(std::int64_t room, const std::string& guest, const std::string& arrival,
                            int nights) {
    if (nights < 1 || nights > 28)
        throw refusal("a guest stays 1 to 28 nights");
    transaction all(db_);
    if (!statement(db_, "SELECT 1 FROM rooms WHERE id = ?", room).step())
        throw refusal("there is no room " + std::to_string(room));
    if (statement(db_, "SELECT 1 FROM nights WHERE room = ? AND day >= ?2 AND day < date(?2, ?3)",
                  room, arrival, days_after(nights))
            .step())
        throw refusal("the room is taken");
    const std::int64_t cents = price(room, arrival, nights);
    statement(db_,
              "INSERT INTO bookings (room, guest, arrival, nights, cents) VALUES (?, ?, ?, ?, ?)",
              room, guest, arrival, nights, cents)
        .step();
    const std::int64_t id = db_.last_id();
    statement(db_,
              "INSERT INTO nights SELECT ?, day, ? FROM calendar"
              " WHERE day >= ?3 AND day < date(?3, ?4)",
              room, id, arrival, days_after(nights))
        .step();
    if (db_.changed_rows() != nights)
        throw refusal("the calendar ends before");
    mail(guest, "booked: " + arrival + ", " + std::to_string(nights) + " nights");
    all.commit();
    return id;
}

void bookings::cancel(std::int64_t id, const std::string& today) {
    transaction all(db_);
    const booking cancelled = find(id);
    if (cancelled.is_cancelled)
        throw refusal("it is cancelled");
    if (cancelled.arrival <= today)
        throw refusal("it has begun");
    statement(db_, "UPDATE bookings SET cancelled_on = ? WHERE id = ?", today, id).step();
    statement(db_, "DELETE FROM nights WHERE booking = ?", id).step();
    mail(cancelled.guest, "cancelled: " + cancelled.arrival);
    all.commit();
}

booking bookings::find(std::int64_t id) {
    const auto found = bookings_in(statement(db_, columns + std::string("WHERE id = ?"), id));
    if (found.empty())
        throw refusal("there is no booking " + std::to_string(id));
    return found.front();
}

std::vector<booking> bookings::arrivals(const std::string& day) {
    return bookings_in(statement(
        db_, columns + std::string("WHERE arrival = ? AND cancelled_on = '' ORDER BY guest"), day));
}

std::int64_t bookings::occupancy(const std::string& day) {
    statement percent(db_,
                      "SELECT ifnull(100 * (SELECT count(*) FROM nights WHERE day = ?)"
                      " / nullif((SELECT count(*) FROM rooms), 0), 0)",
                      day);
    percent.step();
    return percent.integer();
}

void bookings::mail(const std::string& guest, const std::string& text) {
    statement(db_, "INSERT INTO outbox (guest, text) VALUES (?, ?)", guest, text).step();
}

} // namespace hostel
