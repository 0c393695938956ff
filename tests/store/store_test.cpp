#include "store/store.hpp"

#include "dice.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace isolite::store;
using isolite::store::tests::dice;

namespace {

using content = std::vector<std::byte>;

// Offsets in the header of a database. Source: https://www.sqlite.org/fileformat2.html
constexpr std::size_t change_counter = 24;
constexpr std::size_t schema_cookie = 40;
constexpr std::size_t user_version = 60;
constexpr std::size_t version_valid_for = 92;
constexpr std::size_t writer_version = 96;

/// A store as one connection sees it.
struct store_fixture {
    store file;
    holder writer;

    explicit store_fixture(std::size_t pages)
        : file(std::make_shared<const image>(dice(7).bytes(pages * page_size))) {
        file.attach(writer);
        if (pages > 0) {
            commit(1000);
            set(schema_cookie, 50);
        }
    }
    ~store_fixture() { file.detach(writer); }
    store_fixture(const store_fixture&) = delete;
    store_fixture& operator=(const store_fixture&) = delete;

    void write(std::size_t offset, const content& bytes) {
        REQUIRE(file.write(writer, part::database, offset, bytes.data(), bytes.size()));
    }
    void set(std::size_t offset, std::uint32_t value) {
        content bytes;
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes.push_back(static_cast<std::byte>(value >> shift & 0xffU));
        }
        write(offset, bytes);
    }
    /// Does to the header what a commit of SQLite does.
    void commit(std::uint32_t counter) {
        set(change_counter, counter);
        set(version_valid_for, counter);
    }
    std::uint32_t get(std::size_t offset) {
        content bytes(4);
        std::size_t available = 0;
        REQUIRE(file.read(writer, part::database, offset, bytes.data(), bytes.size(), available));
        std::uint32_t value = 0;
        for (const std::byte byte : bytes) {
            value = value << 8 | std::to_integer<std::uint32_t>(byte);
        }
        return value;
    }
    content bytes() {
        const auto frozen = file.freeze();
        return frozen->pages() == 0 ? content{}
                                    : content(frozen->page(0), frozen->page(0) + frozen->size());
    }
};

/// The content with the fields blanked that a discard may leave changed.
content without_stamps(content bytes, bool cookie_too = false) {
    for (const std::size_t offset : {change_counter, version_valid_for}) {
        std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(offset), 4, std::byte{});
    }
    if (cookie_too) {
        std::fill_n(bytes.begin() + schema_cookie, 4, std::byte{});
    }
    return bytes;
}

const content one_byte{std::byte{0x5a}};

} // namespace

TEST_SUITE("store: discard") {
    TEST_CASE("a discard restores every byte but the change counter and its copy") {
        store_fixture database(4);
        const content before = database.bytes();
        REQUIRE(database.file.checkpoint());
        database.commit(1001);
        database.write(2 * page_size + 5, one_byte);
        database.write(6 * page_size, one_byte);
        REQUIRE(database.file.truncate(database.writer, part::database, page_size + 100));
        database.file.discard();
        CHECK(database.bytes() != before);
        CHECK(without_stamps(database.bytes()) == without_stamps(before));
    }

    TEST_CASE("a change counter that was ever in the file never comes back") {
        store_fixture database(2);
        std::set<std::uint32_t> seen{1000};
        dice choices(3);
        for (int round = 0; round < 200; ++round) {
            REQUIRE(database.file.checkpoint());
            for (std::size_t commits = choices.below(3) + 1; commits > 0; --commits) {
                database.commit(database.get(change_counter) + 1);
                REQUIRE(seen.insert(database.get(change_counter)).second);
            }
            if (database.file.depth() == 4 || choices.one_in(2)) {
                database.file.discard();
                REQUIRE(seen.insert(database.get(change_counter)).second);
                REQUIRE(database.get(change_counter) == *seen.rbegin());
            }
        }
    }

    TEST_CASE("the size in the header stays valid if it was") {
        store_fixture database(2);
        REQUIRE(database.file.checkpoint());
        database.commit(1001);
        database.file.discard();
        CHECK(database.get(version_valid_for) == database.get(change_counter));
    }

    TEST_CASE("the size in the header stays invalid if it was") {
        store_fixture database(2);
        database.set(version_valid_for, 999);
        REQUIRE(database.file.checkpoint());
        database.commit(1001);
        database.file.discard();
        CHECK(database.get(version_valid_for) == 999);
    }

    TEST_CASE("the schema cookie stays if the layer left it alone") {
        store_fixture database(2);
        REQUIRE(database.file.checkpoint());
        database.commit(1001);
        database.file.discard();
        CHECK(database.get(schema_cookie) == 50);
    }

    TEST_CASE("the schema cookie grows beyond any that was in the file if the layer changed it") {
        store_fixture database(2);
        const content before = database.bytes();
        for (std::uint32_t round = 1; round <= 3; ++round) {
            const std::uint32_t highest = database.get(schema_cookie) + 2;
            REQUIRE(database.file.checkpoint());
            database.set(schema_cookie, highest - 1);
            database.set(schema_cookie, highest);
            database.file.discard();
            CHECK(database.get(schema_cookie) > highest);
            CHECK(without_stamps(database.bytes(), true) == without_stamps(before, true));
        }
    }

    TEST_CASE("a layer that nobody wrote to is dropped without a trace") {
        store_fixture database(2);
        const content before = database.bytes();
        REQUIRE(database.file.checkpoint());
        database.file.discard();
        CHECK(database.bytes() == before);
    }

    TEST_CASE("nested layers are discarded one by one") {
        store_fixture database(3);
        std::vector<content> checkpoints;
        for (std::uint32_t depth = 0; depth < 4; ++depth) {
            checkpoints.push_back(database.bytes());
            REQUIRE(database.file.checkpoint());
            database.write(page_size + depth * 10, one_byte);
            database.commit(1001 + depth);
        }
        for (std::size_t depth = 4; depth-- > 0;) {
            REQUIRE(database.file.depth() == depth + 1);
            database.file.discard();
            CHECK(without_stamps(database.bytes()) == without_stamps(checkpoints[depth]));
        }
    }

    TEST_CASE("an empty database is empty again after a discard") {
        store_fixture database(0);
        REQUIRE(database.file.checkpoint());
        database.write(0, content(2 * page_size));
        database.file.discard();
        CHECK(database.file.size() == 0);
    }

    TEST_CASE("a database that starts over counts on where the discarded one ended") {
        store_fixture database(0);
        content first_page(page_size); // with the counters that SQLite gives to each new database
        first_page[change_counter + 3] = first_page[version_valid_for + 3] = std::byte{1};
        for (std::uint32_t last = 0; last < 8;) {
            REQUIRE(database.file.checkpoint());
            database.write(0, first_page);
            CHECK(database.get(change_counter) > last);
            CHECK(database.get(version_valid_for) == database.get(change_counter));
            last = database.get(change_counter);
            database.file.discard();
        }
    }
}

TEST_SUITE("store: rewind_quietly") {
    TEST_CASE("a clean layer is renewed") {
        store_fixture database(2);
        REQUIRE(database.file.checkpoint());
        SUBCASE("that nobody wrote to") {}
        SUBCASE("that was written back as it was") {
            database.write(0, {database.bytes()[0]});
        }
        SUBCASE("that only counted commits") {
            database.commit(1001);
        }
        const content before = database.bytes();
        CHECK(database.file.rewind_quietly(true));
        CHECK(database.file.depth() == 1);
        CHECK(without_stamps(database.bytes()) == without_stamps(before));
    }

    TEST_CASE("a clean layer that counted commits leaves a change counter that is new") {
        store_fixture database(2);
        REQUIRE(database.file.checkpoint());
        database.commit(1001);
        REQUIRE(database.file.rewind_quietly(true));
        CHECK(database.get(change_counter) > 1001);
    }

    TEST_CASE("a layer that changed something stays") {
        store_fixture database(2);
        REQUIRE(database.file.checkpoint());
        database.write(page_size, {~database.bytes()[page_size]});
        const content before = database.bytes();
        CHECK_FALSE(database.file.rewind_quietly(true));
        CHECK(database.file.depth() == 1);
        CHECK(database.bytes() == before);
    }

    TEST_CASE("a layer that somebody reads stays, and so does the lock") {
        store_fixture database(2);
        REQUIRE(database.file.checkpoint());
        REQUIRE(database.file.raise_lock(database.writer, lock_level::shared));
        CHECK_FALSE(database.file.rewind_quietly(true));
        CHECK(database.file.depth() == 1);
        CHECK(database.file.active_holders() == 1);
        CHECK_FALSE(database.writer.revoked);
    }
}

TEST_SUITE("store: revoked locks") {
    TEST_CASE("a discard takes the locks of every connection that holds one and counts them") {
        store_fixture database(1);
        holder reader;
        holder idle;
        database.file.attach(reader);
        database.file.attach(idle);
        REQUIRE(database.file.raise_lock(reader, lock_level::shared));
        REQUIRE(database.file.raise_lock(database.writer, lock_level::shared));
        REQUIRE(database.file.raise_lock(database.writer, lock_level::reserved));
        REQUIRE(database.file.checkpoint());
        CHECK(database.file.active_holders() == 2);
        CHECK(database.file.discard() == 2);
        CHECK(database.file.active_holders() == 0);
        CHECK_FALSE(database.file.has_writer());
        CHECK(reader.revoked);
        CHECK_FALSE(idle.revoked);
        database.file.detach(reader);
        database.file.detach(idle);
    }

    TEST_CASE("a connection that lost its lock can do nothing until it unlocks") {
        store_fixture database(1);
        REQUIRE(database.file.checkpoint());
        REQUIRE(database.file.raise_lock(database.writer, lock_level::shared));
        database.file.discard();
        content byte(1);
        std::size_t available = 0;
        CHECK_FALSE(
            database.file.read(database.writer, part::database, 0, byte.data(), 1, available));
        CHECK_FALSE(database.file.write(database.writer, part::database, 0, byte.data(), 1));
        CHECK_FALSE(database.file.truncate(database.writer, part::database, 0));
        CHECK_FALSE(database.file.raise_lock(database.writer, lock_level::reserved));

        database.file.lower_lock(database.writer, lock_level::shared);
        CHECK_FALSE(
            database.file.read(database.writer, part::database, 0, byte.data(), 1, available));

        database.file.lower_lock(database.writer, lock_level::none);
        CHECK(database.file.raise_lock(database.writer, lock_level::shared));
        CHECK(database.file.read(database.writer, part::database, 0, byte.data(), 1, available));
    }

    TEST_CASE("a connection that read the layer sees a new change counter even if none wrote") {
        store_fixture database(1);
        const std::uint32_t before = database.get(change_counter);
        REQUIRE(database.file.checkpoint());
        REQUIRE(database.file.raise_lock(database.writer, lock_level::shared));
        database.file.discard();
        database.file.lower_lock(database.writer, lock_level::none);
        CHECK(database.get(change_counter) > before);
    }

    TEST_CASE("a file that a discard took from a connection is of a new edition") {
        store_fixture database(1);
        REQUIRE(database.file.checkpoint());
        const std::uint64_t edition = database.file.edition();
        CHECK(store().edition() != edition);
        database.file.rewind();
        CHECK(database.file.edition() == edition);
        REQUIRE(database.file.raise_lock(database.writer, lock_level::shared));
        database.file.rewind();
        REQUIRE(database.file.edition() != edition);

        database.file.clear(part::database, edition);
        CHECK(database.file.size() == page_size);
        database.file.clear(part::database, database.file.edition());
        CHECK(database.file.size() == 0);
    }

    TEST_CASE("a connection that closes gives up its lock") {
        store_fixture database(1);
        holder other;
        database.file.attach(other);
        REQUIRE(database.file.raise_lock(other, lock_level::shared));
        REQUIRE(database.file.raise_lock(other, lock_level::exclusive));
        database.file.detach(other);
        CHECK(database.file.active_holders() == 0);
        CHECK(database.file.raise_lock(database.writer, lock_level::shared));
    }
}

TEST_SUITE("store: changed_pages") {
    TEST_CASE("a layer is clean until something is written") {
        store_fixture database(3);
        REQUIRE(database.file.checkpoint());
        CHECK(database.file.changed_pages() == 0);
    }

    TEST_CASE("each page that differs counts once") {
        store_fixture database(3);
        REQUIRE(database.file.checkpoint());
        database.write(page_size - 1, content(2, std::byte{}));
        database.write(page_size + 7, one_byte);
        CHECK(database.file.changed_pages() == 2);
    }

    TEST_CASE("a page that was written back as it was does not count") {
        store_fixture database(3);
        const content before = database.bytes();
        REQUIRE(database.file.checkpoint());
        database.write(page_size, content(page_size));
        database.write(page_size,
                       content(before.begin() + page_size, before.begin() + 2 * page_size));
        CHECK(database.file.changed_pages() == 0);
    }

    TEST_CASE("what only counts commits does not count") {
        store_fixture database(3);
        REQUIRE(database.file.checkpoint());
        database.commit(1001);
        database.set(schema_cookie, 51);
        database.set(writer_version, 3040001);
        CHECK(database.file.changed_pages() == 0);
    }

    TEST_CASE("what only tells the journal mode does not count") {
        store_fixture database(3);
        REQUIRE(database.file.checkpoint());
        database.write(18, content(2, std::byte{2}));
        CHECK(database.file.changed_pages() == 0);
    }

    TEST_CASE("any other byte of the first page counts") {
        for (const std::size_t offset :
             {std::size_t{0}, std::size_t{17}, std::size_t{20}, std::size_t{28}, user_version,
              std::size_t{91}, std::size_t{100}, page_size - 1}) {
            CAPTURE(offset);
            store_fixture database(3);
            const auto old = database.bytes()[offset];
            REQUIRE(database.file.checkpoint());
            database.write(offset, {~old});
            CHECK(database.file.changed_pages() == 1);
        }
    }

    TEST_CASE("a file that grew or shrank is changed") {
        store_fixture database(3);
        REQUIRE(database.file.checkpoint());
        SUBCASE("by zeros at its end") {
            REQUIRE(database.file.truncate(database.writer, part::database, 3 * page_size + 1));
        }
        SUBCASE("by a page of zeros") {
            database.write(3 * page_size, content(page_size));
        }
        SUBCASE("by a page cut off") {
            REQUIRE(database.file.truncate(database.writer, part::database, 2 * page_size));
        }
        CHECK(database.file.changed_pages() == 1);
    }

    TEST_CASE("the layer below is not asked") {
        store_fixture database(3);
        REQUIRE(database.file.checkpoint());
        database.write(page_size, one_byte);
        REQUIRE(database.file.checkpoint());
        CHECK(database.file.changed_pages() == 0);
        database.file.discard();
        CHECK(database.file.changed_pages() == 1);
    }

    TEST_CASE("a discard leaves the layer below as clean as it was") {
        store_fixture database(3);
        REQUIRE(database.file.checkpoint());
        REQUIRE(database.file.checkpoint());
        database.commit(1001);
        database.set(schema_cookie, 51);
        database.write(page_size, one_byte);
        database.file.discard();
        CHECK(database.file.changed_pages() == 0);
    }
}
