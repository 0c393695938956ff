#include "random_play.hpp"

#include "statement_source.hpp"

#include <exception>
#include <iostream>
#include <string>
#include <vector>

namespace isolite::store::tests {

namespace {

void step(twin_database& both, statement_source& statements, dice& choices) {
    const std::size_t on = choices.below(twin_database::connections);
    switch (choices.below(48)) {
    case 0:
    case 1:
    case 44:
        return both.depth() < 4 ? both.checkpoint() : both.discard();
    case 2:
    case 45:
        return both.depth() > 0 ? both.discard() : both.checkpoint();
    case 3:
    case 13:
        return both.depth() > 0 ? both.discard_under_locks({statements.next(), statements.next()})
                                : both.checkpoint();
    case 40:
        return both.depth() > 0 ? both.rewind_under_locks({statements.next(), statements.next()})
                                : both.checkpoint();
    case 41:
    case 42:
    case 43:
        return both.depth() > 0 ? both.settle() : both.checkpoint();
    case 4:
    case 5:
        return both.open_cursor(on, statements.walk());
    case 6:
    case 7:
    case 8:
        return both.step_cursor(on, choices.below(30));
    case 9:
        return both.keep_statement(on, statements.query());
    case 10:
    case 11:
        return both.run_kept(on);
    case 46:
        return both.run(on, statements.maintenance());
    case 47:
        return both.run(on, statements.has_log() ? statements.log() : statements.maintenance());
    case 12:
        return choices.one_in(3) ? both.reopen(on) : both.run(on, statements.next());
    default:
        return both.run(on, statements.next());
    }
}

} // namespace

std::size_t play(dice& choices, logs in_logs, const std::function<bool()>& goes_on) {
    constexpr std::size_t usual_fillings = 8;
    return play(choices, in_logs, goes_on, choices, usual_fillings);
}

std::size_t play(dice& choices, logs in_logs, const std::function<bool()>& goes_on, dice& of_world,
                 std::size_t fillings) {
    statement_source statements(choices, in_logs != logs::none);
    const auto setup = statement_source(of_world, in_logs != logs::none).world(fillings);
    twin_database both(choices.one_in(8) ? std::vector<std::string>{} : setup, !choices.one_in(4),
                       in_logs);
    try {
        while (goes_on()) {
            step(both, statements, choices);
        }
        while (both.depth() > 0) {
            both.discard();
        }
    } catch (const std::exception& problem) {
        for (const std::string& line : both.transcript()) {
            std::cerr << line << '\n';
        }
        std::cerr << problem.what() << '\n';
        throw;
    }
    return both.revoked();
}

} // namespace isolite::store::tests
