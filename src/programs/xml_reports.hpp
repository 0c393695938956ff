#pragma once

#include <boost/property_tree/ptree.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace isolite::programs {

using xml_tree = boost::property_tree::ptree;

/// An element of a report that may end in the middle of it, where its program did.
struct reported_element {
    xml_tree tree; ///< Of one that has no end, it has the attributes only.
    bool has_end = false;
};

/// Returns the elements of this name that lie in none of the same name, whatever stands around
/// them, as long as they can be read.
[[nodiscard]] std::vector<reported_element> elements_of(std::string_view report,
                                                        std::string_view name);

/// Reads a report from its beginning to its end; nothing if that is no XML.
[[nodiscard]] std::optional<xml_tree> whole_report(const std::string& report);

/// Returns an attribute of an element, "" if it has none of that name.
[[nodiscard]] std::string attribute_of(const xml_tree& element, const std::string& name);

/// Returns the text of a child of an element, "" if it has no such child; without blanks around it.
[[nodiscard]] std::string text_of(const xml_tree& element, const std::string& child);

} // namespace isolite::programs
