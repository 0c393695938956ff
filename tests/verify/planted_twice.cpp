// Suites with a case that is another one when something has run before it twice.
#include "planted.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdlib>

#include <fcntl.h>
#include <unistd.h>

namespace {

/// A case that spoils something for itself.
void plant_alone(suite& to, const std::function<void()>& victim) {
    add_bystanders(to, "before", 5);
    to.add("orders/total", victim);
    add_bystanders(to, "behind", 4);
}

void own_counter(suite& to) {
    plant_alone(to, [] { expect(++registry()["orders"] == 1, "it is not the first order"); });
}

void own_variable(suite& to) {
    plant_alone(to, [] {
        expect(std::getenv("SHOP_CURRENCY") == nullptr, "it is no longer dollars");
        ::setenv("SHOP_CURRENCY", "EUR", 1);
    });
}

void own_file(suite& to) {
    plant_alone(to, [] {
        const int file = ::open("total.txt", O_CREAT | O_EXCL | O_WRONLY, 0600);
        expect(file >= 0, "there is a total");
        ::close(file);
    });
}

/// A connection of the product, as long as the process.
void own_temporary_table(suite& to) {
    plant_alone(to, [] {
        static SQLite::Database only(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        only.exec("CREATE TEMP TABLE basket(id)");
    });
}

/// It sets up what it needs too late, which helps it the next time.
void own_set_up(suite& to) {
    plant_alone(to, [] { expect(registry()["prices"]++ > 0, "there are no prices"); });
}

/// It does no harm to itself where nothing was imported.
void own_counter_and_polluter(suite& to) {
    plant(
        to, [] { registry()["imported"] = 1; },
        [] {
            const bool is_first = ++registry()["orders"] == 1;
            expect(is_first || registry().count("imported") == 0, "an order is imported again");
        });
}

/// The other case may run once.
void polluter_twice(suite& to) {
    plant(
        to, [] { ++registry()["imported"]; },
        [] { expect(registry()["imported"] < 2, "orders are imported twice"); });
}

} // namespace

const named_suites faults_of_repetition = {
    {"own_counter", own_counter},
    {"own_counter_and_polluter", own_counter_and_polluter},
    {"own_file", own_file},
    {"own_set_up", own_set_up},
    {"own_temporary_table", own_temporary_table},
    {"own_variable", own_variable},
    {"polluter_twice", polluter_twice},
};
