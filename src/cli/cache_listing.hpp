#pragma once

#include "cli/json.hpp"
#include "seed/image_cache.hpp"

#include <string>
#include <vector>

namespace isolite::cli {

/// Returns where the images of a project are, and their bounds.
[[nodiscard]] json_members place_of(const seeds::image_cache& cache);

/// Returns a line for each image under a headline, and one more for each that would not be used.
[[nodiscard]] std::string listing(const std::vector<seeds::cached_image>& images,
                                  bool with_project);

/// Returns the images as an array of objects.
[[nodiscard]] json to_json(json_writer& writer, const std::vector<seeds::cached_image>& images);

} // namespace isolite::cli
