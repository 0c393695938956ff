#include "report/document.hpp"

#include "report/document_sql.hpp"
#include "text/utf8.hpp"

#include <SQLiteCpp/Statement.h>

#include <algorithm>

namespace isolite::report {

std::string in_utf8(std::string text) {
    const auto is_ascii = [](unsigned char c) { return c < 0x80; };
    if (std::all_of(text.begin(), text.end(), is_ascii)) {
        return text;
    }
    std::string valid;
    valid.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const text::character next = text::character_at(text, i);
        valid += next.is_valid ? next.bytes : "\xEF\xBF\xBD";
        i += next.bytes.size();
    }
    return valid;
}

std::string document(run_records& records, const std::string& version) {
    SQLite::Database& database = records.database();
    database.exec(sql::make_document);
    SQLite::Statement first(database, "INSERT INTO document (rowid, name, value) VALUES"
                                      " (-1, 'format', '1'), (0, 'isolite', json_quote(?))");
    first.bind(1, version);
    first.exec();
    return in_utf8(records.text(sql::document_text));
}

} // namespace isolite::report
