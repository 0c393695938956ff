#include "../store/scratch_directory.hpp"
#include "demand.hpp"
#include "seed/checksum.hpp"
#include "seed/file_record.hpp"
#include "seed/image_file.hpp"

#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

// Any bytes as the file of an image: it is refused, or what it says of itself is so.

using namespace isolite;
using fuzzing::demand;

namespace {

const std::string path = "any.db";

void write_file(const std::string& bytes) {
    std::filesystem::remove(path);
    std::filesystem::remove(seeds::record_path(path));
    std::ofstream(path, std::ios::binary) << bytes;
    std::filesystem::permissions(path, std::filesystem::perms::owner_read);
}

std::string whole_pages(std::string bytes) {
    bytes.resize((bytes.size() + store::page_size - 1) / store::page_size * store::page_size);
    return bytes;
}

/// Puts the right checksum into a label, so that the reader goes on behind it.
std::string with_checksum(const std::string& pages, const std::string& label) {
    const std::string name = "\nchecksum: ";
    const std::size_t at = label.find(name);
    if (at == std::string::npos) {
        return label;
    }
    const std::string before = label.substr(0, at + 1);
    const std::size_t behind = std::min(label.find('\n', at + 1), label.size());
    return before + name.substr(1) + seeds::checksum_of(pages + before) + label.substr(behind);
}

/// Returns a file that some bytes stand for: a label, and behind a NUL the pages.
std::string any_file(FuzzedDataProvider& choices) {
    const bool is_whole = choices.ConsumeBool();
    const bool is_sealed = choices.ConsumeBool();
    const std::string bytes = choices.ConsumeRemainingBytesAsString();
    if (!is_whole) {
        return bytes;
    }
    const std::size_t end = std::min(bytes.find('\0'), bytes.size());
    const std::string pages = whole_pages(bytes.substr(std::min(end + 1, bytes.size())));
    const std::string label = bytes.substr(0, end);
    return pages + whole_pages(is_sealed ? with_checksum(pages, label) : label);
}

void check_label(const seeds::image_label& label) {
    demand(label.seeding.count() >= 0, "a seed takes no negative time");
    const auto again = seeds::parse_label(seeds::text_of(label));
    demand(again.has_value(), "a label that was read can be written and read again");
    demand(seeds::text_of(*again) == seeds::text_of(label), "a label is read as it was written");
}

void check_file(const std::string& bytes) {
    write_file(bytes);
    const auto label = seeds::read_image_label(path);
    if (!label) {
        demand(!seeds::map_image_file(path, ""), "without a label there is no image");
        return;
    }
    check_label(*label);
    demand(label->bytes <= bytes.size(), "an image is no longer than its file");
    demand(!seeds::map_image_file(path, label->fingerprint + "0"), "the seed is asked for");
    const auto mapped = seeds::map_image_file(path, label->fingerprint);
    if (!mapped) {
        return;
    }
    const store::image& image = *mapped->image;
    demand(image.size() == label->bytes, "an image is as long as its label says");
    const std::string found(reinterpret_cast<const char*>(image.page(0)),
                            image.pages() * store::page_size);
    demand(bytes.compare(0, found.size(), found) == 0, "an image has the bytes of the file");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const store::tests::scratch_directory scratch;
    FuzzedDataProvider choices(data, size);
    const std::string bytes = any_file(choices);
    if (const auto label = seeds::parse_label(bytes)) {
        check_label(*label);
    }
    check_file(bytes);
    return 0;
}
