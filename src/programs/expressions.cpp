#include "programs/expressions.hpp"

#include "programs/words_of_reports.hpp"

namespace isolite::programs {

namespace {

std::string place_of(const xml_tree& element) {
    const std::string file = attribute_of(element, "filename");
    return file.empty() ? "" : file + "(" + attribute_of(element, "line") + "): ";
}

/// Returns a line about an element that is a failure, "" if it is none.
std::string failure_of(const std::string& name, const xml_tree& element) {
    if (name == "Expression" && attribute_of(element, "success") == "false") {
        const std::string expanded = text_of(element, "Expanded");
        const std::string thrown = text_of(element, "Exception");
        return place_of(element) + attribute_of(element, "type") + "( " +
               text_of(element, "Original") + " )" + (expanded.empty() ? "" : ": " + expanded) +
               (thrown.empty() ? "" : ": " + thrown) + "\n";
    }
    if (name == "Exception" || name == "FatalErrorCondition" || name == "Failure") {
        return place_of(element) + trimmed(element.data()) + "\n";
    }
    if (name == "Message" && attribute_of(element, "type") != "WARNING") {
        const std::string text = text_of(element, "Text");
        return text.empty() ? "" : place_of(element) + text + "\n";
    }
    return "";
}

void add_failures(const xml_tree& element, std::string& to) {
    for (const auto& [name, child] : element) {
        to += failure_of(name, child);
        if (name == "Section" || name == "SubCase") {
            add_failures(child, to);
        }
    }
}

} // namespace

std::string failures_in(const xml_tree& element) {
    std::string all;
    add_failures(element, all);
    return trimmed(all);
}

} // namespace isolite::programs
