#include "programs/xml_reports.hpp"

#include "programs/words_of_reports.hpp"

#include <boost/property_tree/xml_parser.hpp>

#include <sstream>

namespace isolite::programs {

namespace {

/// Where an element begins and ends in a report.
struct span {
    std::size_t begin = std::string_view::npos;
    std::size_t end_of_tag = std::string_view::npos; ///< behind the tag that begins it
    std::size_t end = std::string_view::npos;        ///< npos if it has none
};

/// Returns where a tag ends, behind its `>`: one in an attribute ends none, nor does an end of
/// line.
std::size_t end_of_tag(std::string_view report, std::size_t begin) {
    bool is_quoted = false;
    for (std::size_t i = begin; i < report.size(); ++i) {
        is_quoted = is_quoted != (report[i] == '"');
        if (report[i] == '>' && !is_quoted) {
            return i + 1;
        }
    }
    return report.size();
}

span next_element(std::string_view report, const std::string& name, std::size_t from) {
    span found;
    for (;; from = found.begin + 1) {
        found.begin = report.find("<" + name, from);
        const std::size_t behind = found.begin + 1 + name.size();
        if (found.begin == std::string_view::npos || behind >= report.size()) {
            return {};
        }
        if (std::string_view(" >/\n").find(report[behind]) != std::string_view::npos) {
            break;
        }
    }
    found.end_of_tag = end_of_tag(report, found.begin);
    const std::string_view tag = report.substr(found.begin, found.end_of_tag - found.begin);
    if (ends_with(tag, "/>")) {
        found.end = found.end_of_tag;
        return found;
    }
    const std::string last = "</" + name + ">";
    const std::size_t end = report.find(last, found.begin);
    const std::size_t next = report.find("<" + name + " ", found.end_of_tag);
    found.end =
        end == std::string_view::npos || next < end ? std::string_view::npos : end + last.size();
    return found;
}

} // namespace

std::optional<xml_tree> whole_report(const std::string& report) {
    std::istringstream stream(report);
    xml_tree read;
    try {
        boost::property_tree::read_xml(stream, read);
    } catch (const boost::property_tree::xml_parser_error&) {
        return std::nullopt;
    }
    return read;
}

std::vector<reported_element> elements_of(std::string_view report, std::string_view name) {
    std::vector<reported_element> found;
    const std::string tag(name);
    for (span at = next_element(report, tag, 0); at.begin != std::string_view::npos;
         at = next_element(report, tag, at.end_of_tag)) {
        const bool has_end = at.end != std::string_view::npos;
        std::string text(report.substr(at.begin, (has_end ? at.end : at.end_of_tag) - at.begin));
        if (!has_end && !text.empty()) {
            text.insert(text.size() - 1, "/"); // of the tag that begins it
        }
        if (const auto read = whole_report(text)) {
            found.push_back({read->get_child(tag), has_end});
        }
    }
    return found;
}

std::string attribute_of(const xml_tree& element, const std::string& name) {
    return element.get<std::string>("<xmlattr>." + name, "");
}

std::string text_of(const xml_tree& element, const std::string& child) {
    return trimmed(element.get<std::string>(child, ""));
}

} // namespace isolite::programs
