#include "adapters/catch2_replay.hpp"

#include <set>

namespace isolite::catch2 {

namespace {

/// Returns a text that stays where it is until the process ends: reporters keep what they hear of.
const std::string& kept(const std::string& text) {
    static std::set<std::string> all;
    return *all.insert(text).first;
}

Catch::SourceLineInfo place(const std::string& file, std::size_t line) {
    return {kept(file).c_str(), line};
}

Catch::SectionInfo info_of(const said_section& said) {
    return {place(said.file, said.line), said.name};
}

Catch::AssertionInfo info_of(const said_assertion& said) {
    return {Catch::StringRef(kept(said.macro)), place(said.file, said.line),
            Catch::StringRef(kept(said.expression)), said.disposition};
}

std::vector<Catch::MessageInfo> messages_of(const said_assertion& said) {
    std::vector<Catch::MessageInfo> messages;
    for (const said_message& each : said.messages) {
        messages.emplace_back(Catch::StringRef(kept(each.macro)), place(each.file, each.line),
                              each.type);
        messages.back().message = each.text;
    }
    return messages;
}

/// Returns what Catch2 makes of these assertions of one case.
Catch::Totals verdict_on(const Catch::Counts& assertions) {
    Catch::Totals totals;
    totals.assertions = assertions;
    return totals.delta(Catch::Totals());
}

/// Returns how many of the events are to be said: if the case came to its end and its death is to
/// be said too, those before the end of its last pass.
std::size_t said_before(const std::vector<results::event>& events, const std::string& death) {
    const bool has_ended = !events.empty() && events.back().kind == end_event;
    std::size_t count = events.size();
    while (has_ended && !death.empty() && events[count - 1].kind != section_end_event) {
        --count;
    }
    return has_ended ? count - 1 : count;
}

} // namespace

Catch::Totals replay::say(const std::vector<results::event>& events, const std::string& death) {
    others_.tell(&reporter::testCaseStarting, test_);
    const std::size_t count = said_before(events, death);
    bool is_cut = false; // workers know nothing of what others count
    for (std::size_t i = 0; i < count && !is_cut; ++i) {
        say(events[i]);
        is_cut = events[i].kind == assertion_event && is_cut_off();
    }
    if (!is_cut && death.empty() && count < events.size()) {
        end_case(events.back().as<said_case>());
    } else {
        if (!is_cut) {
            say_death(death);
        }
        end_what_is_open();
    }
    Catch::Totals counted = totals_;
    counted.assertions = counted_;
    return counted;
}

void replay::say(const results::event& event) {
    switch (event.kind) {
    case part_event:
        begin_part(event.as<said_part>().number);
        break;
    case part_end_event:
        end_part(event.as<said_part>().end);
        break;
    case section_event:
        begin(event.as<said_section>());
        break;
    case section_end_event:
        end(event.as<said_section>());
        break;
    case assertion_start_event:
        others_.tell(&reporter::assertionStarting, info_of(event.as<said_assertion>()));
        break;
    case assertion_event:
        say(event.as<said_assertion>());
        break;
    case body_end_event:
        end_body();
        break;
    case last_message_event:
        last_messages_.push_back(event.as<said_message>());
        break;
    case crash_event:
        crash_ = event.as<said_assertion>();
        totals_ = crash_->totals;
        break;
    default:
        say_benchmark(event);
        break;
    }
}

void replay::say_benchmark([[maybe_unused]] const results::event& event) {
#if ISOLITE_CATCH2_VERSION == 3
    switch (event.kind) {
    case benchmark_event:
        others_.tell(&reporter::benchmarkPreparing, Catch::StringRef(event.value));
        break;
    case benchmark_start_event:
        others_.tell(&reporter::benchmarkStarting, event.as<said_benchmark>().stats.info);
        break;
    case benchmark_end_event:
        others_.tell(&reporter::benchmarkEnded, event.as<said_benchmark>().stats);
        break;
    case benchmark_fail_event:
        others_.tell(&reporter::benchmarkFailed, Catch::StringRef(event.value));
        break;
    default:
        break;
    }
#endif
}

void replay::say(const said_assertion& said) {
    totals_ = said.totals;
    Catch::AssertionResultData data(said.type, Catch::LazyExpression(false));
    data.message = said.text;
    data.reconstructedExpression = said.expanded;
    Catch::Totals totals = before_;
    totals += said.totals;
    Catch::AssertionStats stats({info_of(said), std::move(data)}, {}, totals);
    stats.infoMessages = messages_of(said);
    others_.tell(config_, stats);
}

void replay::begin(said_section said) {
    others_.tell(&reporter::sectionStarting, info_of(said));
    if (open_.empty() && others_.catches_output()) {
        caught_.emplace();
    }
    open_.push_back({std::move(said), totals_.assertions});
}

/// Keeps what listeners wrote in this pass through the body, as a part of what the case wrote.
void replay::end_body() {
    if (caught_) {
        out_ += caught_->out();
        err_ += caught_->err();
        caught_.reset();
    }
}

void replay::end(const said_section& said) {
    others_.tell(&reporter::sectionEnded, Catch::SectionStats(info_of(said), said.assertions,
                                                              said.seconds, said.lacks_assertions));
    if (open_.size() == 1) {
        totals_.assertions = counted_ += said.assertions;
    } else if (open_.back().said.name == said.name) {
        totals_.assertions = open_.back().before += said.assertions; // also what passed in silence
    }
    open_.pop_back(); // the outermost ends first where an exception passes
}

void replay::begin_part([[maybe_unused]] std::uint64_t number) {
#if ISOLITE_CATCH2_VERSION == 3
    part_ = number;
    others_.tell(&reporter::testCasePartialStarting, test_, number);
#endif
}

void replay::end_part([[maybe_unused]] const said_case& said) {
#if ISOLITE_CATCH2_VERSION == 3
    others_.tell(&reporter::testCasePartialEnded, stats(said), *std::exchange(part_, {}));
#endif
}

void replay::say_death(const std::string& death) {
    said_assertion said = crash_.value_or(said_assertion{});
    if (!crash_) {
        said.file = open_.empty() ? test_.lineInfo.file : open_.back().said.file;
        said.line = open_.empty() ? test_.lineInfo.line : open_.back().said.line;
    }
    said.type = Catch::ResultWas::FatalErrorCondition;
    said.text = death;
    said.messages = std::move(last_messages_);
    said.messages.push_back({{}, said.file, said.line, said.type, death});
    said.totals = totals_;
    ++said.totals.assertions.failed; // also where failures are allowed: Catch2 would have died
    if (open_.empty()) {
        begin({test_.name, test_.lineInfo.file, test_.lineInfo.line, {}, 0, false});
    }
    if (ISOLITE_CATCH2_VERSION == 3 || !others_.has_listeners()) { // version 2 tells nobody then
        others_.tell(&reporter::fatalErrorEncountered, Catch::StringRef(death));
    }
    say(said);
}

/// Ends sections as Catch2 does when an exception has passed them.
void replay::end_what_is_open() {
    end_body();
    for (std::size_t i = 1; i <= open_.size(); ++i) {
        open_section& each = open_[i % open_.size()]; // the case itself comes last
        each.said.assertions = totals_.assertions - each.before;
        others_.tell(&reporter::sectionEnded,
                     Catch::SectionStats(info_of(each.said), each.said.assertions, 0, false));
    }
    const Catch::Counts of_pass = open_.front().said.assertions;
    counted_ += of_pass;
    open_.clear();
    if (part_) {
        end_part({verdict_on(of_pass), {}, {}});
    }
    end_case({verdict_on(counted_), {}, {}});
}

void replay::end_case(said_case said) {
    totals_ = said.totals;
    others_.tell(&reporter::testCaseEnded, stats(said));
}

Catch::TestCaseStats replay::stats(const said_case& said) const {
    const bool aborts = counted_.failed >= failures_;
    return {test_, said.totals, said.out + out_, said.err + err_, aborts};
}

} // namespace isolite::catch2
