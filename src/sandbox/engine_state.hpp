#pragma once

#include "files/real_files.hpp"
#include "sandbox/file_claims.hpp"
#include "sandbox/live_database.hpp"
#include "sandbox/open_sessions.hpp"

#include <isolite/engine.hpp>

#include <memory>
#include <string>

namespace isolite::sandbox {

/// What an engine holds: its database, and the sessions on it, which end first.
struct engine_parts {
    explicit engine_parts(std::unique_ptr<live_database> opened);

    /// Returns what a database has when the innermost session begins.
    [[nodiscard]] store::file_content content_of(const std::string& name) const;

    file_claims files; ///< Of an engine that is not a worker's.
    std::unique_ptr<live_database> database;
    open_sessions sessions;
    paths::real_files real_files;
};

/// Returns the images of a seed that an engine may be opened on.
/// Errors: as `engine::open`.
[[nodiscard]] result<live_database::images> images_of(const seed& seed);

} // namespace isolite::sandbox

namespace isolite {

struct engine::state : sandbox::engine_parts {
    using engine_parts::engine_parts;

    [[nodiscard]] static result<engine> open_on(const sandbox::live_database::images& images,
                                                const seed& seed);
};

} // namespace isolite
