#include "adapters/catch2_events.hpp"

namespace isolite::catch2 {

namespace {

std::string text(const Catch::StringRef& string) {
    return std::string(string);
}

std::string_view view(const Catch::StringRef& string) {
    return {string.data(), string.size()};
}

said_section said(const Catch::SectionInfo& section) {
    return {section.name, section.lineInfo.file, section.lineInfo.line, {}, 0, false};
}

said_assertion said(const Catch::AssertionInfo& info) {
    said_assertion made{};
    made.macro = text(info.macroName);
    made.file = info.lineInfo.file;
    made.line = info.lineInfo.line;
    made.expression = text(info.capturedExpression);
    made.disposition = info.resultDisposition;
    return made;
}

} // namespace

results::event event_of(const Catch::SectionInfo& section) {
    return results::event::of(section_event, said(section));
}

results::event event_of(const Catch::SectionStats& stats) {
    said_section made = said(stats.sectionInfo);
    made.assertions = stats.assertions;
    made.seconds = stats.durationInSeconds;
    made.lacks_assertions = stats.missingAssertions;
    return results::event::of(section_end_event, made);
}

results::event event_of(const Catch::AssertionInfo& assertion) {
    return results::event::of(assertion_start_event, said(assertion));
}

results::event event_of(const Catch::AssertionStats& stats) {
    const Catch::AssertionResult& result = stats.assertionResult;
    said_assertion made = said(result.m_info);
    made.type = result.getResultType();
    made.text = text(result.getMessage());
    made.expanded = result.m_resultData.reconstructExpression();
    for (const Catch::MessageInfo& message : stats.infoMessages) {
        made.messages.push_back({text(message.macroName), message.lineInfo.file,
                                 message.lineInfo.line, message.type, message.message});
    }
    made.totals = stats.totals;
    return results::event::of(assertion_event, made);
}

results::event event_of(const Catch::TestCaseStats& stats) {
    return results::event::of(end_event, said_case{stats.totals, stats.stdOut, stats.stdErr});
}

results::event event_of_part(std::uint64_t number) {
    return results::event::of(part_event, said_part{number, {}});
}

results::event event_of_part(const Catch::TestCaseStats& stats, std::uint64_t number) {
    return results::event::of(part_end_event,
                              said_part{number, {stats.totals, stats.stdOut, stats.stdErr}});
}

shown_message shown(const Catch::MessageInfo& message) {
    return {view(message.macroName), message.lineInfo.file, message.lineInfo.line, message.type,
            message.message};
}

shown_assertion shown(const Catch::AssertionInfo& last, const Catch::Totals& totals) {
    shown_assertion made{};
    made.macro = view(last.macroName);
    made.file = last.lineInfo.file;
    made.line = last.lineInfo.line;
    made.expression = view(last.capturedExpression);
    made.disposition = last.resultDisposition;
    made.totals = totals;
    return made;
}

bool explains(const Catch::AssertionResult& result) {
#if ISOLITE_CATCH2_VERSION == 3
    if (result.getResultType() == Catch::ResultWas::ExplicitSkip) {
        return true;
    }
#endif
    return !result.isOk();
}

std::string explanation_of(const Catch::AssertionResult& result) {
    std::string said = std::string(result.getSourceInfo().file) + "(" +
                       std::to_string(result.getSourceInfo().line) + "):";
    if (result.hasExpression()) {
        said += " " + result.getExpressionInMacro() + " failed";
        if (result.hasExpandedExpression()) {
            said += ": " + result.getExpandedExpression();
        }
        said += ".";
    }
    return result.hasMessage() ? said + " " + text(result.getMessage()) : said;
}

} // namespace isolite::catch2
