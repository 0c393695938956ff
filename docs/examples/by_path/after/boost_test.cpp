#include "../application/application.hpp"

#include <boost/test/unit_test.hpp>
#include <isolite/boost_test.hpp>
#include <isolite/seed.hpp>

#include <filesystem>
#include <optional>

using hostel::refusal;

namespace {

// [fixture]
const std::string database = (std::filesystem::temp_directory_path() / "hostel_test.db").string();

struct hostel_database {
    static isolite::seed seed() {
        return isolite::seed("hostel").file(database).path_step(
            "start", "1", [](const std::string& at) { hostel::bookings once(at); });
    }
};

// The application on a new database, with three rooms.
struct hostel_test : isolite::boost_test::session<hostel_database> {
    hostel_test() {
        for (const char* file : {"", "-wal", "-shm"})
            std::filesystem::remove(database + file);
        start();
        attic = app->rooms.add_room("attic", 2, 4000);
        hall = app->rooms.add_room("hall", 8, 9000);
        cabin = app->rooms.add_room("cabin", 4, 6000);
    }

    void start() {
        app.reset();
        app.emplace(hostel::settings{database, [this](const hostel::message& mail) {
                                         if (mail.guest == "nobody")
                                             throw std::runtime_error("no such address");
                                         sent.push_back(mail.guest + ": " + mail.text);
                                     }});
    }
    // [/fixture]

    // Asks the database by a connection of its own, as the office's reports do.
    std::int64_t number(const std::string& sql) {
        hostel::connection office(database);
        hostel::statement query(office, sql);
        BOOST_REQUIRE(query.step());
        return query.integer();
    }

    std::vector<std::string> sent;
    std::optional<hostel::application> app;
    std::int64_t attic = 0, hall = 0, cabin = 0;
};

bool is_taken(const refusal& error) {
    return error.what() == std::string("the room is taken");
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(booking, hostel_test)

BOOST_AUTO_TEST_CASE(the_first_booking_has_the_first_number) {
    BOOST_TEST(app->rooms.book(attic, "Ada", "2026-05-04", 2) == 1);
}

BOOST_AUTO_TEST_CASE(a_booking_is_found) {
    const auto id = app->rooms.book(attic, "Ada", "2026-05-04", 2);
    const hostel::booking found = app->rooms.find(id);
    BOOST_TEST(found.room == attic);
    BOOST_TEST(found.guest == "Ada");
    BOOST_TEST(found.arrival == "2026-05-04");
    BOOST_TEST(found.nights == 2);
    BOOST_TEST(!found.is_cancelled);
}

BOOST_AUTO_TEST_CASE(a_booking_has_its_price) {
    const auto id = app->rooms.book(cabin, "Ada", "2026-05-08", 3); // from Friday
    BOOST_TEST(app->rooms.find(id).cents == 7200 + 7200 + 6000);
}

BOOST_AUTO_TEST_CASE(a_room_is_taken_once) {
    app->rooms.book(attic, "Ada", "2026-05-04", 3);
    BOOST_CHECK_EXCEPTION(app->rooms.book(attic, "Bob", "2026-05-06", 1), refusal, is_taken);
}

BOOST_AUTO_TEST_CASE(a_refused_booking_leaves_nothing) {
    app->rooms.book(attic, "Ada", "2026-05-04", 3);
    BOOST_CHECK_THROW(app->rooms.book(attic, "Bob", "2026-05-02", 4), refusal);
    BOOST_TEST(number("SELECT count(*) FROM bookings") == 1);
    BOOST_TEST(number("SELECT count(*) FROM nights") == 3);
    BOOST_TEST(number("SELECT count(*) FROM outbox") == 1);
}

BOOST_AUTO_TEST_CASE(one_leaves_as_another_arrives) {
    app->rooms.book(attic, "Ada", "2026-05-04", 3);
    BOOST_TEST(app->rooms.book(attic, "Bob", "2026-05-07", 1) == 2);
}

BOOST_AUTO_TEST_CASE(another_room_is_free) {
    app->rooms.book(attic, "Ada", "2026-05-04", 3);
    BOOST_TEST(app->rooms.book(cabin, "Bob", "2026-05-04", 3) == 2);
}

BOOST_AUTO_TEST_CASE(nobody_stays_longer_than_four_weeks) {
    BOOST_CHECK_THROW(app->rooms.book(attic, "Ada", "2026-05-04", 29), refusal);
    BOOST_CHECK_NO_THROW(app->rooms.book(attic, "Ada", "2026-05-04", 28));
}

BOOST_AUTO_TEST_CASE(nobody_stays_no_night) {
    BOOST_CHECK_THROW(app->rooms.book(attic, "Ada", "2026-05-04", 0), refusal);
}

BOOST_AUTO_TEST_CASE(there_is_no_fourth_room) {
    BOOST_CHECK_THROW(app->rooms.book(4, "Ada", "2026-05-04", 1), refusal);
}

BOOST_AUTO_TEST_CASE(nobody_stays_beyond_the_calendar) {
    BOOST_CHECK_THROW(app->rooms.book(attic, "Ada", "2049-12-31", 2), refusal);
    BOOST_TEST(number("SELECT count(*) FROM bookings") == 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(cancelling, hostel_test)

BOOST_AUTO_TEST_CASE(a_cancelled_booking_stays_on_record) {
    const auto id = app->rooms.book(attic, "Ada", "2026-05-04", 2);
    app->rooms.cancel(id, "2026-04-30");
    BOOST_TEST(app->rooms.find(id).is_cancelled);
    BOOST_TEST(number("SELECT count(*) FROM nights") == 0);
}

BOOST_AUTO_TEST_CASE(the_room_of_a_cancelled_booking_is_free) {
    app->rooms.cancel(app->rooms.book(attic, "Ada", "2026-05-04", 2), "2026-04-30");
    BOOST_TEST(app->rooms.book(attic, "Bob", "2026-05-04", 2) == 2);
}

BOOST_AUTO_TEST_CASE(it_is_cancelled_once) {
    const auto id = app->rooms.book(attic, "Ada", "2026-05-04", 2);
    app->rooms.cancel(id, "2026-04-30");
    BOOST_CHECK_THROW(app->rooms.cancel(id, "2026-05-01"), refusal);
}

BOOST_AUTO_TEST_CASE(what_has_begun_is_not_cancelled) {
    const auto id = app->rooms.book(attic, "Ada", "2026-05-04", 2);
    BOOST_CHECK_THROW(app->rooms.cancel(id, "2026-05-04"), refusal);
    BOOST_TEST(app->rooms.occupancy("2026-05-04") == 33);
}

BOOST_AUTO_TEST_CASE(only_a_booking_is_cancelled) {
    BOOST_CHECK_THROW(app->rooms.cancel(1, "2026-05-04"), refusal);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(mail, hostel_test)

// [test]
BOOST_AUTO_TEST_CASE(a_booking_is_confirmed) {
    app->rooms.book(attic, "Ada", "2026-05-04", 2);
    app->mail.drain();
    BOOST_REQUIRE(sent.size() == 1);
    BOOST_TEST(sent[0] == "Ada: booked: 2026-05-04, 2 nights");
}
// [/test]

BOOST_AUTO_TEST_CASE(mail_is_sent_once_and_in_order) {
    const auto id = app->rooms.book(attic, "Ada", "2026-05-04", 2);
    app->mail.drain();
    app->rooms.cancel(id, "2026-04-30");
    app->mail.drain();
    BOOST_REQUIRE(sent.size() == 2);
    BOOST_TEST(sent[1] == "Ada: cancelled: 2026-05-04");
    BOOST_TEST(number("SELECT count(*) FROM outbox WHERE state = 'sent'") == 2);
}

BOOST_AUTO_TEST_CASE(mail_to_nobody_is_tried_three_times) {
    app->rooms.book(attic, "nobody", "2026-05-04", 2);
    app->mail.drain();
    BOOST_TEST(number("SELECT attempts FROM outbox WHERE state = 'failed'") == 3);
}

BOOST_AUTO_TEST_CASE(a_new_start_finds_what_was_booked) {
    app->rooms.book(attic, "Ada", "2026-05-04", 2);
    start();
    BOOST_TEST(app->rooms.find(1).guest == "Ada");
    BOOST_TEST(app->rooms.arrivals("2026-05-04").size() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
