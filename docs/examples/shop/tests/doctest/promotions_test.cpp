#include "lists.hpp"
#include "order_test.hpp"

#include "shop/error.hpp"
#include "shop/products.hpp"
#include "shop/promotions.hpp"

namespace reference = shop::reference;

namespace promotions {

constexpr auto today = "2024-05-01";

struct promotions_test : order_test {
    shop::promotions& promotions = kept<shop::promotions>();

    const shop::promotion summer = {"SUMMER5", "percent",    5,           std::nullopt,
                                    0,         "2024-06-01", "2024-08-31"};

    /// Opens an order of pieces of a new product.
    std::int64_t draft_of(std::int64_t pieces, std::int64_t price_minor) {
        auto& products = kept<shop::products>();
        const std::string sku = "NEW-" + std::to_string(products.count());
        return draft({products.add({sku, "Teapot", 9, price_minor, "EUR"}), pieces});
    }
};

// What a promotion takes off a subtotal.
struct ten_percent {
    static constexpr auto code = "WELCOME10", currency = "EUR";
    static constexpr std::int64_t subtotal = 12'345, discount = 1'234;
};
struct half {
    static constexpr auto code = "ONCE50", currency = "JPY";
    static constexpr std::int64_t subtotal = 999, discount = 499;
};
struct five_euros {
    static constexpr auto code = "EURO5", currency = "EUR";
    static constexpr std::int64_t subtotal = 2'000, discount = 500;
};
struct ten_dollars {
    static constexpr auto code = "DOLLAR10", currency = "USD";
    static constexpr std::int64_t subtotal = 5'000, discount = 1'000;
};

// What keeps a promotion from being given.
struct after_its_last_day {
    static constexpr auto code = "SPRING20", currency = "EUR", day = "2024-06-01",
                          error = "promotion SPRING20 is not valid on 2024-06-01";
    static constexpr std::int64_t subtotal = 5'000;
};
struct before_its_first_day {
    static constexpr auto code = "SPRING20", currency = "EUR", day = "2024-02-29",
                          error = "promotion SPRING20 is not valid on 2024-02-29";
    static constexpr std::int64_t subtotal = 5'000;
};
struct in_another_currency {
    static constexpr auto code = "EURO5", currency = "USD", day = today,
                          error = "promotion EURO5 is in EUR, not USD";
    static constexpr std::int64_t subtotal = 5'000;
};
struct below_its_minimum {
    static constexpr auto code = "EURO5", currency = "EUR", day = today,
                          error = "promotion EURO5 needs a subtotal of 2000, not 1999";
    static constexpr std::int64_t subtotal = 1'999;
};
struct unheard_of {
    static constexpr auto code = "winter", currency = "EUR", day = today,
                          error = "there is no promotion WINTER";
    static constexpr std::int64_t subtotal = 5'000;
};

// What is wrong with a new promotion.
struct without_a_code {
    static constexpr auto error = "a promotion needs a code";
    static void spoil(shop::promotion& added) { added.code = ""; }
};
struct of_no_kind {
    static constexpr auto error = "a promotion is a percent or an amount, not 'gift'";
    static void spoil(shop::promotion& added) { added.kind = "gift"; }
};
struct of_more_than_everything {
    static constexpr auto error = "a percentage is between 1 and 100, not 101";
    static void spoil(shop::promotion& added) { added.value = 101; }
};
struct of_an_amount_without_a_currency {
    static constexpr auto error = "an amount needs a currency";
    static void spoil(shop::promotion& added) { added.kind = "amount"; }
};
struct in_no_currency {
    static constexpr auto error = "there is no currency QQQ";
    static void spoil(shop::promotion& added) { added.currency_code = "QQQ"; }
};
struct ending_before_it_starts {
    static constexpr auto error = "a promotion cannot end before it starts";
    static void spoil(shop::promotion& added) { added.ends_on = "2024-05-31"; }
};

TEST_SUITE("promotions") {
    TEST_CASE_TEMPLATE("a promotion takes its part off a subtotal", Promotion, ten_percent, half,
                       five_euros, ten_dollars) {
        promotions_test test;
        CHECK(test.promotions.discount(Promotion::code, Promotion::currency, Promotion::subtotal,
                                       today) == Promotion::discount);
        CHECK(test.promotions.uses(Promotion::code) == 0);
    }

    TEST_CASE_TEMPLATE("a promotion is refused", Promotion, after_its_last_day,
                       before_its_first_day, in_another_currency, below_its_minimum, unheard_of) {
        promotions_test test;
        CHECK_THROWS_WITH_AS(test.promotions.discount(Promotion::code, Promotion::currency,
                                                      Promotion::subtotal, Promotion::day),
                             Promotion::error, shop::error);
    }

    TEST_CASE_TEMPLATE("a promotion is not added", Promotion, without_a_code, of_no_kind,
                       of_more_than_everything, of_an_amount_without_a_currency, in_no_currency,
                       ending_before_it_starts) {
        promotions_test test;
        shop::promotion wrong = test.summer;
        Promotion::spoil(wrong);
        CHECK_THROWS_WITH_AS(test.promotions.add(wrong), Promotion::error, shop::error);
        CHECK(test.promotions.count() == reference::promotions);
        test.promotions.add(test.summer);
        CHECK(test.promotions.count() == reference::promotions + 1);
    }

    TEST_CASE_FIXTURE(promotions_test, "a code is stored in capitals and found in any letters") {
        shop::promotion added = summer;
        added.code = "summer5";
        promotions.add(added);
        CHECK(promotions.get("Summer5").code == "SUMMER5");
        CHECK(value<int>("SELECT count(*) FROM promotions WHERE code = 'SUMMER5'") == 1);
    }

    TEST_CASE_FIXTURE(promotions_test, "a code belongs to one promotion") {
        promotions.add(summer);
        CHECK_THROWS_WITH_AS(promotions.add(summer), "promotion SUMMER5 already exists",
                             shop::error);
        CHECK(promotions.count() == reference::promotions + 1);
    }

    TEST_CASE_FIXTURE(promotions_test, "a day has its promotions") {
        promotions.add(summer);
        CHECK(promotions.valid_on("2024-05-31").size() == 5);
        const auto in_june = promotions.valid_on("2024-06-01");
        REQUIRE(in_june.size() == 5);
        CHECK(in_june[3].code == "SUMMER5");
    }

    TEST_CASE_FIXTURE(promotions_test, "an applied promotion lowers the total") {
        const std::int64_t order = draft_of(3, 1000);
        CHECK(promotions.apply(order, "welcome10", today) == 300);
        CHECK(orders.total(order).subtotal_minor == 3000);
        CHECK(orders.total(order).discount_minor == 300);
        CHECK(orders.total(order).total_minor == 2700);
        CHECK(promotions.uses("WELCOME10") == 1);
    }

    TEST_CASE_FIXTURE(promotions_test, "a discount grows with its order") {
        const std::int64_t order = draft_of(3, 1000);
        promotions.apply(order, "WELCOME10", today);
        orders.change_quantity(order, 1, 30);
        CHECK(orders.total(order).discount_minor == 3000);
    }

    TEST_CASE_FIXTURE(promotions_test, "below the minimum a promotion gives nothing") {
        const std::int64_t order = draft_of(2, 1000);
        CHECK(promotions.apply(order, "EURO5", today) == 500);
        orders.change_quantity(order, 1, 1);
        CHECK(orders.total(order).total_minor == 1000);
        orders.change_quantity(order, 1, 2);
        CHECK(orders.total(order).total_minor == 1500);
    }

    TEST_CASE_FIXTURE(promotions_test, "an amount never takes more than the subtotal") {
        promotions.add({"GIFT", "amount", 5000, "EUR", 0, "2024-01-01", "2024-12-31"});
        const std::int64_t order = draft_of(1, 300);
        CHECK(promotions.apply(order, "GIFT", today) == 300);
        CHECK(orders.total(order).total_minor == 0);
    }

    TEST_CASE_FIXTURE(promotions_test, "a second promotion replaces the first") {
        const std::int64_t order = draft_of(2, 1000);
        promotions.apply(order, "WELCOME10", today);
        CHECK(promotions.apply(order, "EURO5", today) == 500);
        CHECK(orders.total(order).discount_minor == 500);
        CHECK(promotions.uses("WELCOME10") == 0);
        CHECK(promotions.uses("EURO5") == 1);
    }

    TEST_CASE_FIXTURE(promotions_test, "a promotion can be taken off again") {
        const std::int64_t order = draft_of(2, 1000);
        promotions.apply(order, "WELCOME10", today);
        promotions.remove_from(order);
        CHECK(orders.total(order).total_minor == 2000);
        CHECK(promotions.uses("WELCOME10") == 0);
    }

    TEST_CASE_FIXTURE(promotions_test, "a promotion for one order is used up after it") {
        CHECK(promotions.apply(draft_of(1, 1000), "ONCE50", today) == 500);
        const std::int64_t second = draft_of(1, 1000);
        CHECK_THROWS_WITH_AS(promotions.apply(second, "ONCE50", today),
                             "promotion ONCE50 has been used up", shop::error);
        CHECK(promotions.apply(1, "ONCE50", today) == 500);
    }

    TEST_CASE_FIXTURE(promotions_test, "a cancelled order gives its promotion back") {
        promotions.apply(draft_of(1, 1000), "ONCE50", today);
        orders.cancel(1);
        CHECK(promotions.uses("ONCE50") == 0);
        CHECK(promotions.apply(draft_of(1, 1000), "ONCE50", today) == 500);
    }

    TEST_CASE_FIXTURE(promotions_test, "only a draft takes or loses a promotion") {
        const std::int64_t order = placed();
        const auto text = "order 1 is placed, only a draft can be changed";
        CHECK_THROWS_WITH_AS(promotions.apply(order, "WELCOME10", today), text, shop::error);
        CHECK_THROWS_WITH_AS(promotions.remove_from(order), text, shop::error);
        CHECK_FALSE(orders.get(order).promotion_code);
    }

    TEST_CASE_FIXTURE(promotions_test, "a promotion can end early") {
        promotions.end("WELCOME10", "2024-04-30");
        CHECK(promotions.discount("WELCOME10", "EUR", 1000, "2024-04-30") == 100);
        CHECK_THROWS_WITH_AS(promotions.discount("WELCOME10", "EUR", 1000, today),
                             "promotion WELCOME10 is not valid on 2024-05-01", shop::error);
        CHECK_THROWS_WITH_AS(promotions.end("WELCOME10", "2019-12-31"),
                             "a promotion cannot end before it starts", shop::error);
    }

    TEST_CASE_FIXTURE(promotions_test, "an order keeps a promotion that has ended since") {
        const std::int64_t order = draft_of(1, 1000);
        promotions.apply(order, "WELCOME10", today);
        promotions.end("WELCOME10", "2024-04-30");
        CHECK(orders.total(order).total_minor == 900);
    }

    TEST_CASE_FIXTURE(promotions_test, "each subcase finds the promotion for one order unused") {
        CHECK(promotions.uses("ONCE50") == 0);
        SUBCASE("and uses it") {
            CHECK(promotions.apply(draft_of(1, 998), "ONCE50", today) == 499);
        }
        SUBCASE("and uses it in the second order") {
            CHECK(draft_of(5, 1000) == 1);
            CHECK(promotions.apply(draft_of(1, 998), "ONCE50", today) == 499);
        }
        SUBCASE("and uses it at the second attempt") {
            promotions.apply(draft_of(1, 998), "ONCE50", today);
            promotions.remove_from(1);
            CHECK(promotions.apply(1, "ONCE50", today) == 499);
        }
        CHECK(promotions.uses("ONCE50") == 1);
    }
}

} // namespace promotions
