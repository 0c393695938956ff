#include "../application/application.hpp"

#include <gtest/gtest.h>
#include <isolite/gtest.hpp>
#include <isolite/seed.hpp>

#include <atomic>
#include <filesystem>
#include <memory>

namespace {

const std::string path = (std::filesystem::temp_directory_path() / "hostel_test.db").string();

struct hostel_database {
    static isolite::seed seed() {
        return isolite::seed("hostel").file(path).path_step(
            "start", "1", [](const std::string& at) { hostel::bookings once(at); });
    }
};

class Hostel : public isolite::googletest::session<hostel_database> {
  protected:
    Hostel() {
        std::filesystem::remove(path);
        std::filesystem::remove(path + "-wal");
        std::filesystem::remove(path + "-shm");
    }

    void SetUp() override {
        start();
        app_->rooms.add_room("attic", 2, 4000);
        app_->rooms.add_room("hall", 8, 9000);
        app_->rooms.add_room("cabin", 4, 6000);
    }

    void start() {
        app_ = nullptr; // stops it
        app_ = std::make_unique<hostel::application>(
            hostel::settings{path, [this](const hostel::message&) { ++sent_; }});
    }

    std::string free(const std::string& arrival, int nights, int beds) {
        std::string names;
        for (const hostel::room& room : app_->rooms.free_rooms(arrival, nights, beds))
            names += room.name + " ";
        return names;
    }

    std::atomic<int> sent_ = 0;
    std::unique_ptr<hostel::application> app_;
};

class FreeRooms : public Hostel {};
class Prices : public Hostel {};
class Office : public Hostel {};
class Startup : public Hostel {};
class Threads : public Hostel {};

constexpr int attic = 1, hall = 2, cabin = 3;

} // namespace

TEST_F(FreeRooms, AreAllAtFirst) {
    EXPECT_EQ(free("2026-05-04", 1, 1), "attic cabin hall ");
}

TEST_F(FreeRooms, HaveEnoughBeds) {
    EXPECT_EQ(free("2026-05-04", 1, 3), "cabin hall ");
    EXPECT_EQ(free("2026-05-04", 1, 8), "hall ");
    EXPECT_EQ(free("2026-05-04", 1, 9), "");
}

TEST_F(FreeRooms, AreFreeInAllNights) {
    app_->rooms.book(cabin, "Ada", "2026-05-06", 1);
    EXPECT_EQ(free("2026-05-04", 2, 1), "attic cabin hall ");
    EXPECT_EQ(free("2026-05-04", 3, 1), "attic hall ");
    EXPECT_EQ(free("2026-05-07", 3, 1), "attic cabin hall ");
}

TEST_F(FreeRooms, AreNoneInAFullHouse) {
    for (const int room : {attic, hall, cabin})
        app_->rooms.book(room, "Ada", "2026-05-04", 7);
    EXPECT_EQ(free("2026-05-10", 1, 1), "");
}

TEST_F(FreeRooms, AreThoseOfCancelledBookings) {
    const auto id = app_->rooms.book(attic, "Ada", "2026-05-04", 1);
    app_->rooms.cancel(id, "2026-05-01");
    EXPECT_EQ(free("2026-05-04", 1, 1), "attic cabin hall ");
}

TEST_F(Prices, AreThoseOfTheRoom) {
    EXPECT_EQ(app_->rooms.price(attic, "2026-05-04", 1), 4000);
    EXPECT_EQ(app_->rooms.price(hall, "2026-05-04", 1), 9000);
}

TEST_F(Prices, AreHigherAtWeekends) {
    EXPECT_EQ(app_->rooms.price(attic, "2026-05-07", 1), 4000); // Thursday
    EXPECT_EQ(app_->rooms.price(attic, "2026-05-08", 1), 4800);
    EXPECT_EQ(app_->rooms.price(attic, "2026-05-10", 1), 4000);
}

TEST_F(Prices, AreHighestInSummer) {
    EXPECT_EQ(app_->rooms.price(attic, "2026-06-30", 2), 4000 + 6000);
    EXPECT_EQ(app_->rooms.price(attic, "2026-08-08", 1), 6000); // a Saturday
}

TEST_F(Prices, AddUpOverNights) {
    EXPECT_EQ(app_->rooms.price(cabin, "2026-05-04", 7), 5 * 6000 + 2 * 7200);
}

TEST_F(Prices, AreFixedByABooking) {
    const auto id = app_->rooms.book(attic, "Ada", "2026-05-04", 1);
    hostel::connection(path).run("UPDATE rooms SET cents = 5000");
    EXPECT_EQ(app_->rooms.find(id).cents, 4000);
    EXPECT_EQ(app_->rooms.price(attic, "2026-05-04", 1), 5000);
}

TEST_F(Office, SeesWhoArrives) {
    app_->rooms.book(cabin, "Bob", "2026-05-04", 2);
    app_->rooms.book(attic, "Ada", "2026-05-04", 1);
    app_->rooms.book(hall, "Cyd", "2026-05-05", 1);
    const auto arriving = app_->rooms.arrivals("2026-05-04");
    ASSERT_EQ(arriving.size(), 2U);
    EXPECT_EQ(arriving[0].guest, "Ada");
    EXPECT_EQ(arriving[1].nights, 2);
}

TEST_F(Office, ExpectsNobodyWhoCancelled) {
    app_->rooms.cancel(app_->rooms.book(cabin, "Bob", "2026-05-04", 2), "2026-05-01");
    EXPECT_TRUE(app_->rooms.arrivals("2026-05-04").empty());
}

TEST_F(Office, KnowsHowFullTheHouseIs) {
    EXPECT_EQ(app_->rooms.occupancy("2026-05-04"), 0);
    app_->rooms.book(attic, "Ada", "2026-05-04", 1);
    app_->rooms.book(cabin, "Bob", "2026-05-03", 2);
    EXPECT_EQ(app_->rooms.occupancy("2026-05-04"), 66);
}

TEST_F(Office, HasRoomsOfDifferentNames) {
    EXPECT_THROW(app_->rooms.add_room("attic", 1, 100), hostel::database_error);
    EXPECT_EQ(app_->rooms.add_room("tent", 1, 100), 4);
}

TEST_F(Startup, MigratesANewDatabase) {
    hostel::connection db(path);
    hostel::statement version(db, "PRAGMA user_version");
    ASSERT_TRUE(version.step());
    EXPECT_EQ(version.integer(), 4);
}

TEST_F(Startup, KeepsWhatWasBooked) {
    app_->rooms.book(attic, "Ada", "2026-05-04", 1);
    start();
    EXPECT_EQ(app_->rooms.find(1).guest, "Ada");
}

TEST_F(Startup, MigratesWhatAnOlderVersionLeft) {
    app_->rooms.book(attic, "Ada", "2026-05-04", 1);
    app_ = nullptr;
    hostel::connection(path).run("DROP TABLE outbox; PRAGMA user_version = 3");
    start();
    app_->rooms.cancel(1, "2026-05-01");
    app_->mail.drain();
    EXPECT_TRUE(app_->rooms.find(1).is_cancelled);
}

TEST_F(Startup, RefusesWhatANewerVersionLeft) {
    app_ = nullptr;
    hostel::connection(path).run("PRAGMA user_version = 5");
    EXPECT_THROW(start(), std::runtime_error);
}

TEST_F(Threads, SendMailWhileOthersBook) {
    for (int day = 1; day <= 9; ++day)
        app_->rooms.book(attic, "Ada", "2026-05-0" + std::to_string(day), 1);
    app_->mail.drain();
    EXPECT_EQ(sent_, 9);
}

TEST_F(Threads, DoNotTakeARoomTwice) {
    std::atomic<int> booked = 0;
    const auto book = [&](const char* guest) {
        try {
            hostel::bookings till(path);
            till.book(cabin, guest, "2026-05-04", 3);
            ++booked;
        } catch (const std::exception&) { // the other was faster
        }
    };
    std::thread other(book, "Bob");
    book("Ada");
    other.join();
    EXPECT_EQ(booked, 1);
}
