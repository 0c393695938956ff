#pragma once

#include "bookings.hpp"
#include "dispatcher.hpp"

#include <utility>

namespace hostel {

struct settings {
    std::string database = "/var/lib/hostel/bookings.db";
    dispatcher::sender send;
};

/// The application as `main` starts it: the bookings, and the thread that mails.
struct application {
    explicit application(settings with) : rooms(with.database), mail(with.database, with.send) {}

    bookings rooms;
    dispatcher mail;
};

} // namespace hostel
