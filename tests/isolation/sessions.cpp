#include "adversary.hpp"

#include <isolite/session.hpp>

#include <stdexcept>

// Tests that open sessions inside their own, and forget to close them.

namespace {

/// Opens a session that is closed only after the next tests, unless its outer one closes it.
void open_inner(stage& s, const std::string& test) {
    auto opened = isolite::session::open(s.engine, test, s.mode);
    if (!opened) {
        throw std::runtime_error(opened.error().text());
    }
    s.keep<isolite::session>(std::move(*opened));
}

leaks left_open(const std::string& outer, const std::string& innermost) {
    return left("cannot close the session of '" + outer + "': the session of '" + innermost +
                "' inside it is still open\n  hint: close sessions in the reverse order of their "
                "opening");
}

} // namespace

std::vector<adversary> session_adversaries() {
    const std::string one = "leaves a session inside its own open";
    const std::string two = "leaves two sessions inside its own open";
    return {
        {one,
         [](stage& s) {
             s.run("DELETE FROM prices");
             open_inner(s, "an inner test");
             s.run("DELETE FROM log");
         },
         left_open(one, "an inner test"), "newcomer, rows"},
        {two,
         [](stage& s) {
             open_inner(s, "an inner test");
             s.run("DELETE FROM log");
             open_inner(s, "an innermost test");
             s.run("DELETE FROM prices");
         },
         left_open(two, "an innermost test"), "newcomer, rows"},
        {"closes a session inside its own, in which it has written",
         [](stage& s) {
             auto inner = isolite::session::open(s.engine, "an inner test", s.mode);
             s.run("DELETE FROM log");
             if (const auto closed = inner->close(); !closed) {
                 throw std::runtime_error(closed.error().text());
             }
         },
         nothing(), "newcomer, rows"},
    };
}
