#pragma once

#include "ledger/fixture_kind.hpp"
#include "store/image.hpp"

#include <isolite/error.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace isolite::seeds {

/// Names the format of image files. A change of what is written, or of how seeds are applied, needs
/// another name.
inline constexpr const char* image_format = "isolite image 3";

/// What an image file says of itself. The file is that of an SQLite database, filled up with zeros
/// to whole pages of the store, and one more page with this as lines of text. SQLite ignores what
/// lies behind a database, so the file can be opened with any tool for SQLite.
struct image_label {
    std::string seed;                    ///< Its name, for people.
    std::string fingerprint;             ///< As `fingerprint_of` returns it.
    std::string sqlite;                  ///< The version of SQLite that wrote the database.
    std::uint64_t bytes = 0;             ///< The size of the database.
    std::string checksum;                ///< Of all pages and the lines before.
    std::chrono::nanoseconds seeding{0}; ///< How long it took to apply the seed.
    std::string run;                     ///< Which run built it anew for itself, "" for any.
};

/// Returns the lines of a label. Shape: less than a page.
[[nodiscard]] std::string text_of(const image_label& label);

/// Reads the lines again; nothing if they are not a label of ours.
[[nodiscard]] std::optional<image_label> parse_label(const std::string& page);

/// An image and what is told of it.
struct seeded_image {
    std::shared_ptr<const store::image> image;
    std::chrono::nanoseconds seeding{0}; ///< How long applying its seed took, whoever did.
    std::string fingerprint;             ///< Of what was applied.
    records::fixture_kind origin =
        records::fixture_kind::image_built_alone; ///< One of those about images.
};

/// Writes an image to a new file that only its owner may read and nobody may write, and waits until
/// the disk has it. The size and checksum of the label are filled in.
/// Errors: errc::system; no file is left then.
[[nodiscard]] result<void> write_image_file(const std::string& path, const store::image& image,
                                            image_label label);

/// Maps an image file for reading: its pages are shared by all processes that map it. The file
/// counts as in use for as long as the image lives, here and in forked children.
/// Its `image` is null when there is none, when it is just being removed, or when it was built by
/// another run than `run` asks for; "" asks for none.
/// Errors: errc::system for a file that cannot be trusted: not a regular file, of another user,
///   open to others, cut, altered since it was written, or of another fingerprint.
[[nodiscard]] result<seeded_image> map_image_file(const std::string& path,
                                                  const std::string& fingerprint,
                                                  const std::string& run = {});

/// Reads the label of an image file without looking at the pages.
/// Errors: as above.
[[nodiscard]] result<image_label> read_image_label(const std::string& path);

/// Removes an image file unless a process uses it. Returns whether it is gone.
bool remove_image_file(const std::string& path);

} // namespace isolite::seeds
