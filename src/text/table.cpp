#include "text/table.hpp"

#include "text/utf8.hpp"
#include "text/width.hpp"

#include <algorithm>
#include <utility>

namespace isolite::text {

namespace {

std::string line_of(const table_row& row, const std::vector<std::size_t>& widths,
                    const std::vector<alignment>& alignments) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
        const std::string padding(widths[i] - width_of(row[i]), ' ');
        const bool is_right = i < alignments.size() && alignments[i] == alignment::right;
        const bool is_last = i + 1 == row.size();
        line += is_right ? padding + row[i] : row[i] + (is_last ? "" : padding);
        line += is_last ? "" : "  ";
    }
    return line;
}

} // namespace

std::vector<std::string> table_lines(std::vector<table_row> rows,
                                     const std::vector<alignment>& alignments) {
    std::vector<std::size_t> widths;
    for (table_row& row : rows) {
        std::transform(row.begin(), row.end(), row.begin(), printable);
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], width_of(row[i]));
        }
    }
    std::vector<std::string> lines;
    for (const table_row& row : rows) {
        lines.push_back(line_of(row, widths, alignments));
    }
    return lines;
}

std::string table_text(std::vector<table_row> rows, const std::vector<alignment>& alignments) {
    std::string text;
    for (const std::string& line : table_lines(std::move(rows), alignments)) {
        text += line + "\n";
    }
    return text;
}

} // namespace isolite::text
