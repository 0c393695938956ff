#include "store/directory.hpp"

#include <doctest/doctest.h>

#include <ostream>
#include <utility>

using namespace isolite::store;

TEST_SUITE("directory") {
    TEST_CASE("there is nothing in a new directory") {
        directory files;
        CHECK(files.names().empty());
        CHECK(files.find("a") == nullptr);
    }

    TEST_CASE("a file is made once and found ever after") {
        directory files;
        bool created = false;
        const auto made = files.find_or_create("a", created);
        CHECK(created);
        CHECK(files.find_or_create("a", created) == made);
        CHECK_FALSE(created);
        CHECK(files.find("a") == made);
    }

    TEST_CASE("a file on an image has its content") {
        directory files;
        const auto base = std::make_shared<const image>(std::vector<std::byte>(5));
        const auto made = files.create("a", base);
        REQUIRE(made);
        CHECK(made->size() == 5);
        CHECK(files.find("a") == made);
    }

    TEST_CASE("a name that is taken is not given twice") {
        directory files;
        const auto first = files.create("a", nullptr);
        CHECK(files.create("a", nullptr) == nullptr);
        CHECK(files.find("a") == first);
    }

    TEST_CASE("a removed file lives on for those who have it open") {
        directory files;
        bool created = false;
        const auto open = files.find_or_create("a", created);
        holder writer;
        open->attach(writer);
        CHECK(files.remove("a"));
        CHECK(files.find("a") == nullptr);
        const std::byte byte{1};
        CHECK(open->write(writer, part::database, 0, &byte, 1));
        CHECK(open->size() == 1);
        open->detach(writer);
    }

    TEST_CASE("a name that was removed is given to a new and empty file") {
        directory files;
        const auto old =
            files.create("a", std::make_shared<const image>(std::vector<std::byte>(5)));
        files.remove("a");
        bool created = false;
        const auto fresh = files.find_or_create("a", created);
        CHECK(created);
        CHECK(fresh != old);
        CHECK(fresh->size() == 0);
    }

    TEST_CASE("removing a name that is not there says so") {
        directory files;
        CHECK_FALSE(files.remove("a"));
    }

    TEST_CASE("the names are sorted") {
        directory files;
        bool created = false;
        for (const char* name : {"b", "c", "a"}) {
            (void)files.find_or_create(name, created);
        }
        CHECK(files.names() == std::vector<std::string>{"a", "b", "c"});
    }

    TEST_CASE("the generation grows with each file that SQLite creates, and only then") {
        directory files;
        bool created = false;
        std::uint64_t last = files.generation();
        const auto grew = [&] {
            const std::uint64_t before = std::exchange(last, files.generation());
            return last > before;
        };
        (void)files.find_or_create("a", created);
        CHECK(grew());

        (void)files.find_or_create("a", created);
        (void)files.create("b", nullptr);
        (void)files.find("a");
        files.remove("a");
        CHECK_FALSE(grew());
    }

    TEST_CASE("the files that SQLite created since a generation are removed, and no others") {
        directory files;
        bool created = false;
        const auto make = [&](const std::string& name) {
            const auto made = files.find_or_create(name, created);
            holder writer;
            const std::byte byte{1};
            CHECK(made->write(writer, part::database, 0, &byte, 1));
        };
        make("again");
        make("old");
        const std::uint64_t generation = files.generation();
        files.remove("again");
        for (const char* name : {"again", "new", "new-journal"}) {
            make(name);
        }
        (void)files.find_or_create("empty", created);
        (void)files.create("ours", nullptr);
        CHECK(files.remove_since(generation) ==
              std::vector<std::string>{"again", "new", "new-journal"});
        CHECK(files.names() == std::vector<std::string>{"old", "ours"});
        CHECK(files.remove_since(generation).empty());
    }

    TEST_CASE("the directory of the process is always the same") {
        CHECK(&directory::of_process() == &directory::of_process());
    }
}
