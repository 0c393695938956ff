#pragma once

#include "stock.hpp"

#include <isolite/engine.hpp>
#include <isolite/fixture.hpp>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

// What the subjects about suites write, and how they look at it.

/// Stands in for an adapter's `suite` in the control: writes without a session around it.
template <typename Database>
struct bare_suite {
    template <typename... Arguments>
    int execute(std::string_view sql, const Arguments&... arguments) {
        return (*isolite::engine::of_worker<Database>())->execute(sql, arguments...);
    }
};

/// The fixture of a suite that adds a product called "of NAME"; says on stderr when it is made and
/// when it is gone.
template <typename Suite>
class product_of_suite : public Suite {
  public:
    explicit product_of_suite(const char* name) : name_(name) {
        std::fprintf(stderr, "made %s\n", name_);
        this->execute("INSERT INTO products(name) VALUES (?)", std::string("of ") + name_);
    }
    ~product_of_suite() { std::fprintf(stderr, "gone %s\n", name_); }
    product_of_suite(const product_of_suite&) = delete;
    product_of_suite& operator=(const product_of_suite&) = delete;

  private:
    const char* name_;
};

/// Returns the mode that SUBJECT_MODE names.
inline isolite::mode mode_of_subject() {
    const char* const name = std::getenv("SUBJECT_MODE");
    const std::string_view mode = name ? name : "rollback";
    return mode == "none"            ? isolite::mode::none
           : mode == "copy_on_write" ? isolite::mode::copy_on_write
                                     : isolite::mode::rollback;
}

/// Returns the names of all products, and then changes what others will look at.
inline std::string products_before_spoiling(isolite::fixture& test) {
    auto names = test.value<std::string>(
        "SELECT group_concat(name) FROM (SELECT name FROM products ORDER BY name)");
    test.execute("DELETE FROM products WHERE name = 'tea'");
    test.execute("INSERT INTO products(name) VALUES ('bread')");
    return names;
}
