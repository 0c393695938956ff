#pragma once

#include "report/run_records.hpp"

#include <string>

namespace isolite::report {

/// Returns a run as a trace in Chrome's format, which ui.perfetto.dev opens: a track for each
/// worker, with its cases, and in them the work of fixtures.
/// Shape: JSON. Slices of a track nest: one that reaches beyond the one around it is cut.
/// Source: the "Trace Event Format" of Chrome's about:tracing, object form.
[[nodiscard]] std::string trace(run_records& records);

} // namespace isolite::report
