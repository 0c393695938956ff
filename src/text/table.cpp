#include "text/table.hpp"

#include "text/utf8.hpp"

#include <algorithm>

namespace isolite::text {

namespace {

std::string line_of(const table_row& row, const std::vector<std::size_t>& widths,
                    const std::vector<alignment>& alignments) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
        const std::string padding(widths[i] - count_characters(row[i]), ' ');
        const bool is_right = i < alignments.size() && alignments[i] == alignment::right;
        const bool is_last = i + 1 == row.size();
        line += is_right ? padding + row[i] : row[i] + (is_last ? "" : padding);
        line += is_last ? "" : "  ";
    }
    return line;
}

} // namespace

std::string table_text(std::vector<table_row> rows, const std::vector<alignment>& alignments) {
    std::vector<std::size_t> widths;
    for (table_row& row : rows) {
        std::transform(row.begin(), row.end(), row.begin(), printable);
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], count_characters(row[i]));
        }
    }
    std::string text;
    for (const table_row& row : rows) {
        text += line_of(row, widths, alignments) + "\n";
    }
    return text;
}

} // namespace isolite::text
