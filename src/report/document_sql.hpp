#pragma once

namespace isolite::report::sql {

/// Makes the table `document`: the members of the report's JSON, by name and in order. It wants the
/// tables of record_sql.hpp and `earlier_runs`.
extern const char* const make_document;

/// Returns the document as one text.
extern const char* const document_text;

} // namespace isolite::report::sql
