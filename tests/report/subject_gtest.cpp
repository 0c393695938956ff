// Tests on fixtures of GoogleTest's own, for the tests of reports: some open databases themselves,
// several in one test, one for all tests of a suite, or none.

#include <isolite/engine.hpp>
#include <isolite/gtest_main.hpp>
#include <isolite/session.hpp>

#include <memory>

namespace {

isolite::engine opened(const char* name) {
    return isolite::engine::open(isolite::seed(name).sql("CREATE TABLE t (a)")).value();
}

using session_ptr = std::unique_ptr<isolite::session>;

session_ptr session_on(isolite::engine& engine, const char* name) {
    auto made = isolite::session::open(engine, name);
    return std::make_unique<isolite::session>(std::move(made.value()));
}

class Plain : public testing::Test {};

TEST_F(Plain, HasNoDatabase) {}

TEST_F(Plain, Fails) {
    EXPECT_TRUE(false) << "as it is to";
}

TEST_F(Plain, IsSkipped) {
    GTEST_SKIP() << "as it is to";
}

class Two : public testing::Test {
  protected:
    void SetUp() override {
        static isolite::engine shop = opened("shop");
        static isolite::engine books = opened("books");
        first_ = session_on(shop, "shop of it");
        second_ = session_on(books, "books of it");
    }
    void TearDown() override {
        EXPECT_TRUE(second_->close().has_value());
        EXPECT_TRUE(first_->close().has_value());
    }

  private:
    session_ptr first_;
    session_ptr second_;
};

TEST_F(Two, DatabasesOfOneTest) {}
TEST_F(Two, DatabasesOfAnother) {}

class Shared : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        static isolite::engine tax = opened("tax");
        session() = session_on(tax, "the suite");
    }
    static void TearDownTestSuite() {
        EXPECT_TRUE(session()->close().has_value());
        session().reset();
    }
    static session_ptr& session() {
        static session_ptr kept;
        return kept;
    }
};

TEST_F(Shared, IsOneTest) {}
TEST_F(Shared, IsAnother) {}

} // namespace
