// Suites with a case that passes only at some times, in some places, or by chance.
#include "planted.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <set>
#include <vector>

#include <sys/stat.h>
#include <sys/time.h>

namespace {

constexpr std::time_t hour = 3600;

/// When the program began, before anybody could give it another clock.
const std::time_t begun = std::time(nullptr);

std::tm local(std::time_t time) {
    std::tm parts{};
    ::localtime_r(&time, &parts);
    return parts;
}

void with_victim(suite& to, const std::function<void()>& victim) {
    add_bystanders(to, "before", 4);
    to.add("orders/total", victim);
    add_bystanders(to, "behind", 3);
}

void with_victim(suite& to, void (*victim)(isolite::fixture&)) {
    add_bystanders(to, "before", 4);
    to.add<shop>("orders/total", victim);
    add_bystanders(to, "behind", 3);
}

/// An office that is closed at night, whenever that is here.
void time_of_day(suite& to) {
    static const int hour_of_begin = local(begun).tm_hour;
    with_victim(to, [] {
        const int since = std::abs(local(std::time(nullptr)).tm_hour - hour_of_begin);
        expect(since < 3 || since > 21, "the office is closed");
    });
}

void expiry(suite& to) {
    with_victim(to, [] {
        using std::chrono::system_clock;
        const int year = local(system_clock::to_time_t(system_clock::now())).tm_year;
        expect(year < local(begun).tm_year + 2, "the card has expired");
    });
}

void expiry_in_sql(suite& to) {
    with_victim(to, [](isolite::fixture& test) {
        const std::string year = test.value<std::string>("SELECT strftime('%Y', 'now')");
        expect(std::stoi(year) < local(begun).tm_year + 1902, "the card has expired");
    });
}

void leap_day(suite& to) {
    with_victim(to, [] {
        ::timeval now{};
        ::gettimeofday(&now, nullptr);
        const std::tm parts = local(now.tv_sec);
        expect(parts.tm_mon != 1 || parts.tm_mday != 29, "next year has no such day");
    });
}

void end_of_year(suite& to) {
    with_victim(to, [] {
        const std::time_t now = std::time(nullptr);
        expect(local(now + 300).tm_year == local(now).tm_year, "the bill is of another year");
    });
}

void time_zone(suite& to) {
    static const long offset = local(begun).tm_gmtoff;
    with_victim(to, [] { expect(local(begun).tm_gmtoff == offset, "it is another time"); });
}

void decimal_comma(suite& to) {
    with_victim(to, [] {
        char text[16];
        std::snprintf(text, sizeof text, "%.1f", 1.5);
        expect(std::string(text) == "1.5", text);
    });
}

void heads_or_tails(suite& to) {
    with_victim(to, [](isolite::fixture& test) {
        expect(test.value<int>("SELECT random() & 1") == 0, "it was tails");
    });
}

void unlucky(suite& to) {
    with_victim(to, [](isolite::fixture& test) {
        test.execute("INSERT INTO orders(total) VALUES (7), (8), (9)");
        expect(test.value<int>("SELECT total FROM orders ORDER BY random() LIMIT 1") < 9, "nine");
    });
}

void rows_without_order(suite& to) {
    with_victim(to, [](isolite::fixture& test) {
        test.execute("INSERT INTO orders(total) VALUES (7), (8), (9)");
        expect(test.value<int>("SELECT count(*) FROM orders") == 3, "there are others");
        SQLite::Statement read(test.db(), "SELECT total FROM orders");
        expect(read.executeStep() && read.getColumn(0).getInt() == 7, "it is not the first one");
    });
}

void rows_of_product(suite& to) {
    with_victim(to, [] {
        SQLite::Database own(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        own.exec("CREATE TABLE prices(value); INSERT INTO prices VALUES (3), (1), (2)");
        expect(own.execAndGet("SELECT value FROM prices ORDER BY value").getInt() == 1, "ordered");
        SQLite::Statement read(own, "SELECT value FROM prices WHERE value > 1");
        expect(read.executeStep() && read.getColumn(0).getInt() == 3, "it is not the first one");
    });
}

/// Several statements have no order, and only one of them needs it.
void one_of_many(suite& to) {
    with_victim(to, [](isolite::fixture& test) {
        const auto first_of = [&test](const char* query) {
            SQLite::Statement read(test.db(), query);
            expect(read.executeStep(), "there is no row");
            return read.getColumn(0).getInt();
        };
        test.execute("INSERT INTO orders(total) VALUES (7), (8), (9)");
        expect(first_of("SELECT total FROM orders") > 6, "it is too little");
        expect(first_of("SELECT id FROM orders") > 0, "it has no number");
        expect(first_of("SELECT total + 1 FROM orders") == 8, "it is not the first one");
        expect(first_of("SELECT total + 2 FROM orders") > 8, "it is too little");
    });
}

/// Rows are read in the middle of those of another statement, which has an order.
void rows_in_rows(suite& to) {
    with_victim(to, [](isolite::fixture& test) {
        test.execute("INSERT INTO orders(total) VALUES (7), (8), (9)");
        SQLite::Statement ordered(test.db(), "SELECT id FROM orders ORDER BY id");
        while (ordered.executeStep()) {
            SQLite::Statement inner(test.db(), "SELECT total FROM orders WHERE id >= ?");
            inner.bind(1, ordered.getColumn(0).getInt());
            const int expected = ordered.getColumn(0).getInt() + 6;
            expect(inner.executeStep() && inner.getColumn(0).getInt() == expected, "another one");
        }
    });
}

/// What is read has an order; what was written by another statement had none.
void rows_by_insert(suite& to) {
    with_victim(to, [](isolite::fixture& test) {
        test.execute("INSERT INTO orders(total) VALUES (7), (8), (9)");
        test.execute("INSERT INTO orders(total) SELECT total * 2 FROM orders");
        SQLite::Statement read(test.db(), "SELECT total FROM orders WHERE id > 3 ORDER BY id");
        expect(read.executeStep() && read.getColumn(0).getInt() == 14, "it is not the first one");
    });
}

/// Only both together do harm.
void zone_and_date(suite& to) {
    static const long offset = local(begun).tm_gmtoff;
    with_victim(to, [] {
        const std::time_t now = std::time(nullptr);
        expect(local(now).tm_gmtoff == offset || now < begun + 400 * 24 * hour, "it is too late");
    });
}

/// In the time zone it fails behind another one, and alone it never does.
void zone_and_order(suite& to) {
    static const long offset = local(begun).tm_gmtoff;
    add_bystanders(to, "before", 3);
    to.add("customers/import", [] { registry()["imported"] = 1; });
    add_bystanders(to, "between", 3);
    to.add("orders/total", [] {
        expect(local(begun).tm_gmtoff == offset || registry().empty(), "it is another time");
    });
}

/// What a product may keep in its order.
struct parcel {
    std::string name;
    std::array<char, 700> label;
    int count;
};

/// Makes as many parcels as there are names. The order of the set is that of addresses.
std::set<const parcel*> made(const std::vector<std::string>& names) {
    static std::vector<std::unique_ptr<parcel>> parcels;
    std::set<const parcel*> sent;
    for (const std::string& name : names) {
        parcels.push_back(std::make_unique<parcel>());
        parcels.back()->name = name;
        sent.insert(parcels.back().get());
    }
    return sent;
}

/// It may be another order by chance.
void order_of_addresses(suite& to) {
    with_victim(to, [] {
        const auto sent = made({"tea", "milk", "bread"});
        expect((*sent.begin())->name == "tea", "tea does not come first");
    });
}

void order_of_many_addresses(suite& to) {
    with_victim(to, [] {
        std::vector<std::string> names(20, "tea");
        names.emplace_back("bread");
        expect((*made(names).begin())->name == "tea", "tea does not come first");
    });
}

/// A member that nobody has set, in a place that nobody has had before.
void member_not_set(suite& to) {
    with_victim(to, [] {
        const std::unique_ptr<std::array<parcel, 1000>> parcels(new std::array<parcel, 1000>);
        const volatile int& count = (*parcels)[500].count;
        expect(count == 0, "there are parcels");
    });
}

/// What is in fresh memory, of a size that goes with what ran before.
void fresh_memory(suite& to) {
    with_victim(to, [] {
        const std::unique_ptr<volatile char[]> block(new volatile char[5000]);
        expect(block[3000] == 0, "it is not clean");
    });
}

/// Addresses and contents that do not matter.
void clean_with_memory(suite& to) {
    for (int i = 0; i < 4; ++i) {
        to.add<shop>("orders/memory " + std::to_string(i), [](isolite::fixture& test) {
            std::set<std::string> names;
            for (int j = 0; j < 100; ++j) {
                const auto made = std::make_unique<parcel>();
                expect(made->count == 0, "it was set");
                names.insert(std::to_string(j));
            }
            expect(*names.begin() == "0", "another name");
            test.execute("INSERT INTO orders(total) VALUES (7)");
        });
    }
}

/// Passes only where each case finds the same random numbers.
void same_numbers(suite& to) {
    static std::int64_t first = 0;
    to.add<shop>("orders/first", [](isolite::fixture& test) {
        first = test.value<std::int64_t>("SELECT random()");
    });
    to.add<shop>("orders/second", [](isolite::fixture& test) {
        expect(test.value<std::int64_t>("SELECT random()") == first, "it is another number");
    });
}

/// Times that are used as they should be.
void clean_with_time(suite& to) {
    for (int i = 0; i < 4; ++i) {
        to.add<shop>("orders/time " + std::to_string(i), [](isolite::fixture& test) {
            const std::time_t before = std::time(nullptr);
            const auto now =
                test.value<std::int64_t>("SELECT CAST(strftime('%s', 'now') AS INTEGER)");
            expect(now >= before && now <= before + 60, "SQLite has another time");
            const auto written = test.value<std::string>("SELECT datetime('now', 'localtime')");
            std::tm parts = local(before);
            expect(written.compare(0, 4, std::to_string(parts.tm_year + 1900)) == 0, written);
            expect(std::mktime(&parts) == before, "an hour is missing");
        });
    }
}

/// Rows that are read in an order, or of which the order does not matter.
void clean_with_rows(suite& to) {
    for (int i = 0; i < 4; ++i) {
        to.add<shop>("orders/rows " + std::to_string(i), [](isolite::fixture& test) {
            test.execute("INSERT INTO orders(total) VALUES (7), (8), (9)");
            SQLite::Statement read(test.db(), "SELECT total FROM orders ORDER BY id");
            expect(read.executeStep() && read.getColumn(0).getInt() == 7, "another one");
            expect(test.value<int>("SELECT sum(total) FROM orders") == 24, "another sum");
        });
    }
}

/// Times of files are those of the machine, and so is waiting.
void two_clocks(suite& to) {
    with_victim(to, [] {
        const auto path = std::filesystem::temp_directory_path() / "new";
        std::ofstream(path) << "42\n";
        struct ::stat facts {};
        expect(::stat(path.c_str(), &facts) == 0, "there is no file");
        std::filesystem::remove(path);
        const std::time_t age = std::time(nullptr) - facts.st_mtim.tv_sec;
        expect(age > -5 && age < 60, "the file is not new");
    });
}

/// Waits until a time of the system's clock, which another one never reaches, or has passed.
void waits(suite& to) {
    with_victim(to, [] {
        std::mutex mutex;
        std::condition_variable nobody_tells;
        std::unique_lock<std::mutex> lock(mutex);
        const auto begin = std::chrono::steady_clock::now();
        const std::chrono::milliseconds while_waiting(20);
        const auto until = std::chrono::system_clock::now() + while_waiting;
        nobody_tells.wait_until(lock, until, [] { return false; });
        expect(std::chrono::steady_clock::now() - begin >= while_waiting, "it has not waited");
    });
}

} // namespace

const named_suites suites_of_conditions = {
    {"clean_with_memory", clean_with_memory},
    {"clean_with_rows", clean_with_rows},
    {"clean_with_time", clean_with_time},
    {"decimal_comma", decimal_comma},
    {"end_of_year", end_of_year},
    {"expiry", expiry},
    {"expiry_in_sql", expiry_in_sql},
    {"fresh_memory", fresh_memory},
    {"heads_or_tails", heads_or_tails},
    {"leap_day", leap_day},
    {"member_not_set", member_not_set},
    {"one_of_many", one_of_many},
    {"order_of_addresses", order_of_addresses},
    {"order_of_many_addresses", order_of_many_addresses},
    {"rows_by_insert", rows_by_insert},
    {"rows_in_rows", rows_in_rows},
    {"rows_of_product", rows_of_product},
    {"rows_without_order", rows_without_order},
    {"same_numbers", same_numbers},
    {"time_of_day", time_of_day},
    {"time_zone", time_zone},
    {"two_clocks", two_clocks},
    {"unlucky", unlucky},
    {"waits", waits},
    {"zone_and_date", zone_and_date},
    {"zone_and_order", zone_and_order},
};
