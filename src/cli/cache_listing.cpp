#include "cli/cache_listing.hpp"

#include "text/table.hpp"
#include "text/utf8.hpp"
#include "text/words.hpp"

namespace isolite::cli {

namespace {

text::table_row row_of(const seeds::cached_image& image, bool with_project) {
    text::table_row row = {image.objection.empty() ? image.seed : "(refused)",
                           text::size_in_words(image.bytes), text::age_in_words(image.built),
                           text::age_in_words(image.last_used)};
    if (with_project) {
        row.insert(row.begin(), image.project);
    }
    return row;
}

json_value text_or_null(const std::string& text) {
    return text.empty() ? json_value(nullptr) : json_value(text);
}

} // namespace

json_members place_of(const seeds::image_cache& cache) {
    const cache_settings& settings = cache.settings();
    return {{"directory", cache.directory()},
            {"project", settings.project},
            {"max_size_bytes", static_cast<std::int64_t>(settings.max_bytes)},
            {"max_age_seconds", std::chrono::seconds(settings.max_age).count()}};
}

std::string listing(const std::vector<seeds::cached_image>& images, bool with_project) {
    text::table_row headline = {"SEED", "SIZE", "BUILT", "LAST USED"};
    if (with_project) {
        headline.insert(headline.begin(), "PROJECT");
    }
    std::vector<text::table_row> rows = {std::move(headline)};
    std::string objections;
    for (const seeds::cached_image& image : images) {
        rows.push_back(row_of(image, with_project));
        if (!image.objection.empty()) {
            objections += "refused: cannot " + text::printable(image.objection) + "\n";
        }
    }
    return text::table_text(rows) + objections;
}

json to_json(json_writer& writer, const std::vector<seeds::cached_image>& images) {
    std::vector<json> objects;
    objects.reserve(images.size());
    for (const seeds::cached_image& image : images) {
        objects.push_back(
            writer.object({{"path", image.path},
                           {"project", image.project},
                           {"seed", text_or_null(image.seed)},
                           {"sqlite", text_or_null(image.sqlite)},
                           {"objection", text_or_null(image.objection)},
                           {"size_bytes", static_cast<std::int64_t>(image.bytes)},
                           {"built", static_cast<std::int64_t>(image.built)},
                           {"last_used", static_cast<std::int64_t>(image.last_used)}}));
    }
    return writer.array(objects);
}

} // namespace isolite::cli
