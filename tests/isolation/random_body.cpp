#include "random_body.hpp"

#include "random_late.hpp"

#include <algorithm>
#include <sstream>

namespace {

using isolite::mode;

char letter(mode of) {
    return of == mode::rollback ? 'R' : 'C';
}

mode mode_of(char letter) {
    return letter == 'R' ? mode::rollback : mode::copy_on_write;
}

std::string text_of(const body& body) {
    std::string all = {letter(body.mode), letter(body.next)};
    for (const step& each : body.steps) {
        all += (all.size() == 2 ? " " : "; ") + all_kinds()[each.kind].name + "#" +
               std::to_string(each.argument) + "@" + std::to_string(each.connection);
    }
    return all;
}

std::vector<std::string> split(const std::string& text, const std::string& separator) {
    std::vector<std::string> parts;
    std::size_t from = 0;
    while (from <= text.size()) {
        const std::size_t end = std::min(text.find(separator, from), text.size());
        parts.push_back(text.substr(from, end - from));
        from = end + separator.size();
    }
    return parts;
}

body body_of(const std::string& text) {
    body read;
    read.mode = mode_of(text.at(0));
    read.next = mode_of(text.at(1));
    if (text.size() > 3) {
        for (const std::string& each : split(text.substr(3), "; ")) {
            const auto number = each.rfind('#');
            const auto place = each.rfind('@');
            read.steps.push_back(
                {kind_called(each.substr(0, number)),
                 static_cast<unsigned>(std::stoul(each.substr(number + 1, place - number - 1))),
                 static_cast<unsigned>(std::stoul(each.substr(place + 1)))});
        }
    }
    return read;
}

bool contains(const std::vector<std::size_t>& kinds, std::size_t kind) {
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

/// Rolls one step after another for the tests of one configuration.
class roller {
  public:
    roller(dice& d, const choice& choice, const configuration& configuration, unsigned banned)
        : d_(d), choice_(choice), configuration_(configuration), banned_(banned) {}

    body rolled() {
        body made;
        made.mode = d_.chance(50) ? mode::rollback : mode::copy_on_write;
        made.next = d_.chance(50) ? mode::rollback : mode::copy_on_write;
        constexpr unsigned most = 12;
        const unsigned count = 1 + (d_.chance(50) ? d_.roll(3) : d_.roll(most));
        const bool is_quiet = d_.chance(40); // ordinary but for a single step
        const bool is_alone = d_.chance(70); // on a single connection
        const unsigned special = is_quiet ? d_.roll(count + 1) : count;
        for (unsigned i = 0; i < count; ++i) {
            const bool is_tame = is_quiet ? i != special : d_.chance(40);
            made.steps.push_back(rolled_step(is_tame ? trait::tame : 0, is_alone));
        }
        if (!choice_.only.empty()) {
            const auto which = d_.roll(static_cast<unsigned>(choice_.only.size()));
            step& replaced = made.steps[d_.roll(count)];
            replaced.kind = choice_.only[which];
            replaced.connection = place(all_kinds()[replaced.kind], is_alone);
        }
        return made;
    }

    body rolled_suite() {
        body made;
        made.mode = mode::copy_on_write;
        for (unsigned i = d_.roll(4); i > 0; --i) {
            made.steps.push_back(rolled_step(trait::suite, true));
        }
        return made;
    }

  private:
    step rolled_step(unsigned wanted, bool is_alone) {
        while (true) {
            const std::size_t which = d_.roll(static_cast<unsigned>(all_kinds().size()));
            const kind& kind = all_kinds()[which];
            const bool is_rare = (kind.is(trait::unseen) && !d_.chance(10)) ||
                                 (kind.is(trait::slow) && !d_.chance(20));
            if (!is_rare && (kind.traits & wanted) == wanted && !kind.is(banned_) &&
                fits(kind, configuration_) && !contains(choice_.without, which)) {
                return {which, d_.roll(1000), place(kind, is_alone)};
            }
        }
    }

    unsigned place(const kind& kind, bool is_alone) {
        constexpr unsigned further = 4;
        if (kind.is(trait::further)) {
            return 1 + d_.roll(is_alone ? 1 : further);
        }
        return kind.is(trait::own) || is_alone || d_.chance(60) ? 0 : 1 + d_.roll(further);
    }

    dice& d_;
    const choice& choice_;
    const configuration& configuration_;
    unsigned banned_;
};

configuration rolled_configuration(dice& d) {
    configuration rolled;
    rolled.wal = d.chance(35);
    rolled.attached = d.chance(50);
    rolled.prepared = d.chance(35);
    rolled.ready = d.chance(25);
    rolled.strict = d.chance(20);
    rolled.late = d.chance(75) ? 0 : 1 + d.roll(late_objects);
    rolled.small_pages = d.chance(35);
    rolled.suites = d.chance(70) ? 0 : 1 + d.roll(2);
    rolled.is_later_idle = d.chance(50);
    return rolled;
}

std::vector<body> rolled_suites(dice& d, const choice& choice, const configuration& config) {
    std::vector<body> suites;
    for (unsigned i = 0; i < config.suites; ++i) {
        suites.push_back(roller(d, choice, config, trait::unseen).rolled_suite());
    }
    return suites;
}

verdict of_step(const step& step, mode mode, bool is_strict) {
    const kind& kind = all_kinds()[step.kind];
    if (is_strict && kind.is(trait::leaves)) {
        return verdict::fails;
    }
    if (step.connection > 0 && mode == mode::rollback && !kind.is(trait::further) &&
        !kind.is(trait::reads)) {
        return verdict::either; // refused, a commit, or nothing
    }
    return mode == mode::rollback ? kind.in_rollback : kind.in_copy_on_write;
}

} // namespace

std::string experiment::text() const {
    std::string all = config.text() + (is_pair ? ",pair" : "");
    for (const body& suite : suites) {
        all += " / S" + text_of(suite);
    }
    for (const body& each : bodies) {
        all += " / " + text_of(each);
    }
    return all;
}

experiment experiment::of(const std::string& text) {
    experiment read;
    for (const std::string& part : split(text, " / ")) {
        if (part.rfind("wal", 0) == 0 || part.rfind("journal", 0) == 0) {
            read.config = configuration::of(part);
            read.is_pair = part.find(",pair") != std::string::npos;
        } else if (part.rfind('S', 0) == 0) {
            read.suites.push_back(body_of(part.substr(1)));
        } else {
            read.bodies.push_back(body_of(part));
        }
    }
    read.config.suites = static_cast<unsigned>(read.suites.size());
    return read;
}

experiment rolled_bodies(dice& d, const choice& choice, std::size_t count) {
    experiment rolled;
    rolled.config = rolled_configuration(d);
    rolled.suites = rolled_suites(d, choice, rolled.config);
    roller bodies(d, choice, rolled.config, 0);
    for (std::size_t i = 0; i < count; ++i) {
        rolled.bodies.push_back(bodies.rolled());
    }
    return rolled;
}

experiment rolled_pair(dice& d, const choice& choice) {
    experiment rolled;
    rolled.is_pair = true;
    rolled.config = rolled_configuration(d);
    rolled.config.is_later_idle = true; // what is left open may keep the next one from its locks
    rolled.suites = rolled_suites(d, choice, rolled.config);
    const unsigned before = trait::unseen | trait::lasting;
    roller first(d, choice, rolled.config, before);
    for (unsigned i = 1 + d.roll(2); i > 0; --i) {
        rolled.bodies.push_back(first.rolled());
    }
    rolled.bodies.push_back(roller(d, choice, rolled.config, before | trait::unpaired).rolled());
    return rolled;
}

verdict expected(const body& body, const std::vector<bool>& done, bool is_strict) {
    bool must_fail = false;
    for (std::size_t i = 0; i < body.steps.size(); ++i) {
        const kind& kind = all_kinds()[body.steps[i].kind];
        const verdict of = of_step(body.steps[i], body.mode, is_strict);
        // What the sandbox's transaction locks out is told of; of several statements the last ones,
        // which put back what the first have done, may have failed.
        const bool is_locked_out = body.mode == mode::rollback && body.steps[i].connection > 0;
        const bool may_be_told = !done[i] && (is_locked_out || !kind.is(trait::tame));
        if (of == verdict::either || (of == verdict::passes && may_be_told) ||
            (of == verdict::fails && (must_fail || (!done[i] && !kind.is(trait::refused))))) {
            return verdict::either; // two that fail may undo each other
        }
        must_fail = must_fail || of == verdict::fails;
    }
    return must_fail ? verdict::fails : verdict::passes;
}

bool fits(const kind& kind, const configuration& configuration) {
    return (configuration.attached || !kind.is(trait::attached)) &&
           (configuration.prepared || !kind.is(trait::prepared)) &&
           (configuration.ready || !kind.is(trait::ready)) &&
           (configuration.late > 0 || !kind.is(trait::late));
}
