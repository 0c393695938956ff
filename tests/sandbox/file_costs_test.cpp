// What the ledger has of databases that code under test opens by path.
#include "open_engine.hpp"
#include "sandbox/case_files.hpp"

#include <isolite/session.hpp>

#include "../files/bill.hpp"
#include "../store/scratch_directory.hpp"

#include <cstdlib>

using isolite::records::tests::bill;
using isolite::sandbox::case_files;
using isolite::store::tests::scratch_directory;

namespace {

isolite::seed orders(const std::string& file) {
    return isolite::seed("orders").sql("CREATE TABLE orders (note)").file(file);
}

/// What code under test does with the file.
void add_order() {
    SQLite::Database("orders.db", SQLite::OPEN_READWRITE).exec("INSERT INTO orders VALUES ('a')");
}

void in_session(isolite::engine& engine, const std::string& test) {
    auto session = isolite::session::open(engine, test);
    REQUIRE(session);
    add_order();
    CHECK(session->close());
}

constexpr const char* a_session = "1 session opened (orders)\n1 session checked (orders)\n"
                                  "1 session closed (orders)\n";
constexpr const char* a_file = "1 files prepared (orders)\n1 files put back (orders)\n";

/// An engine on a file in a directory of its own.
struct claimed_orders {
    scratch_directory place;
    isolite::engine engine = open(orders((std::filesystem::current_path() / "orders.db").string()));
};

} // namespace

TEST_SUITE("costs of engines by path") {
    TEST_CASE("what is done to a file that is an engine's is told by the name of its seed") {
        const bill all;
        claimed_orders shop;
        in_session(shop.engine, "first");
        CHECK(all.text().find("1 engine opened (orders)\n" + std::string(a_session)) !=
              std::string::npos);
        CHECK(isolite::records::ledger::of_process().account().cost_without_sharing().each_test >
              std::chrono::nanoseconds(0));
    }

    TEST_CASE_FIXTURE(claimed_orders, "a case without a session is billed for what it opens") {
        const bill all;
        case_files running;
        running.begin("first");
        SQLite::Database("orders.db").exec("SELECT * FROM orders"); // and writes nothing
        CHECK(running.end().empty());
        CHECK(all.text() == a_file);
    }

    TEST_CASE_FIXTURE(claimed_orders, "a case with a session is billed for that alone") {
        const bill all;
        case_files running;
        running.begin("first");
        in_session(engine, "first");
        CHECK(running.end().empty());
        CHECK(all.text() == a_session);
    }

    TEST_CASE_FIXTURE(claimed_orders, "what a case does after its session is billed, too") {
        const bill all;
        case_files running;
        running.begin("first");
        in_session(engine, "first");
        add_order();
        CHECK(running.end().empty());
        CHECK(all.text() == std::string(a_session) + a_file);
    }

    TEST_CASE_FIXTURE(claimed_orders, "a case that does not open it is not billed") {
        const bill all;
        case_files running;
        running.begin("first");
        CHECK(running.end().empty());
        CHECK(all.text().empty());
    }

    TEST_CASE("each pass through a case is billed, and the evidence of the case") {
        const scratch_directory place;
        ::setenv("ISOLITE_EVIDENCE", (std::filesystem::current_path() / "evidence").c_str(), 1);
        auto engine = open(orders("*orders.db"));
        static_cast<void>(SQLite::Database("other orders.db")); // the image is there now
        const bill all;
        case_files running;
        running.begin("first");
        add_order();
        running.begin_again();
        add_order();
        CHECK_FALSE(running.keep_evidence().empty());
        CHECK(running.end().empty());
        CHECK(all.text() == "1 evidence written (orders)\n2 file made (orders)\n"
                            "2 files put back (orders)\n");
        ::unsetenv("ISOLITE_EVIDENCE");
    }
}
