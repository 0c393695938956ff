#include "seed/image_file.hpp"

#include "os/descriptor.hpp"
#include "os/mapped_file.hpp"
#include "os/own_process.hpp"
#include "seed/checksum.hpp"
#include "seed/file_record.hpp"
#include "text/numbers.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sstream>
#include <utility>

namespace isolite::seeds {

namespace {

constexpr std::uint64_t page = store::page_size;

/// A name is for people here: one line, not too long.
std::string one_line(std::string text) {
    constexpr std::size_t longest = 500;
    text.resize(std::min(text.size(), longest));
    for (char& c : text) {
        c = static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
    return text;
}

/// Returns the lines of a label, without that of its checksum.
std::string unsigned_text(const image_label& label) {
    return image_format + ("\nseed: " + one_line(label.seed)) +
           "\nfingerprint: " + label.fingerprint + "\nsqlite: " + label.sqlite +
           "\nrun: " + label.run + "\nseeding_ns: " + std::to_string(label.seeding.count()) +
           "\nbytes: " + std::to_string(label.bytes) + "\n";
}

std::uint64_t padded(std::uint64_t bytes) {
    return (bytes + page - 1) / page * page;
}

std::string checksum_of(const std::byte* pages, const image_label& label) {
    const std::string text = unsigned_text(label);
    checksum sum;
    sum.add(pages, padded(label.bytes));
    sum.add(text.data(), text.size());
    return sum.text();
}

tl::unexpected<error> refuse(const std::string& path, const std::string& complaint) {
    return tl::unexpected(error{errc::system, "use the image '" + path + "': " + complaint,
                                "it is not used; isolite builds it anew"});
}

/// An image file that is open for reading and counts as in use.
struct open_image {
    os::descriptor file;
    os::file_facts facts;
};

/// Returns what forbids trusting a file, "" if nothing does.
std::string objection_to(const os::file_facts& facts) {
    constexpr unsigned of_others = 077;
    if (!facts.is_regular()) {
        return "it is not a regular file";
    }
    if (facts.owner != os::own_user()) {
        return "it belongs to user " + std::to_string(facts.owner) + ", not to user " +
               std::to_string(os::own_user());
    }
    if ((facts.permissions & of_others) != 0) {
        return "other users may read or write it";
    }
    if (facts.bytes % page != 0 || facts.bytes < 2 * page) {
        return "it was cut: it is no longer as long as it was written";
    }
    return {};
}

/// Opens an image file, without a descriptor when there is none.
result<open_image> open_image_file(const std::string& path) {
    open_image opened{os::descriptor::open(path, os::descriptor::opening::read_no_link), {}};
    if (!opened.file) {
        if (errno == ENOENT || errno == ENOTDIR) { // the cache itself says what is wrong
            return opened;
        }
        return refuse(path, errno == ELOOP
                                ? "it is a symbolic link"
                                : std::string("opening it failed: ") + std::strerror(errno));
    }
    if (!opened.file.lock_shared() && errno == EWOULDBLOCK) {
        return open_image{os::descriptor(-1), {}}; // it is just being removed
    }
    const auto facts = opened.file.facts();
    if (!facts) {
        return refuse(path, std::string("looking at it failed: ") + std::strerror(errno));
    }
    if (facts->links == 0) {
        return open_image{os::descriptor(-1), {}};
    }
    if (const std::string objection = objection_to(*facts); !objection.empty()) {
        return refuse(path, objection);
    }
    opened.facts = *facts;
    return opened;
}

result<image_label> label_of(const std::string& path, const open_image& opened) {
    const std::string text = opened.file.read_at(opened.facts.bytes - page, page);
    if (text.size() != page) {
        return refuse(path, "reading it failed");
    }
    auto label = parse_label(text);
    if (!label || padded(label->bytes) + page != opened.facts.bytes) {
        return refuse(path, "it was not written as an image by this version of isolite");
    }
    return *label;
}

} // namespace

std::string text_of(const image_label& label) {
    return unsigned_text(label) + "checksum: " + label.checksum + "\n";
}

std::optional<image_label> parse_label(const std::string& page) {
    image_label label;
    std::string seeding;
    std::string bytes;
    const std::pair<std::string, std::string*> fields[] = {
        {"seed: ", &label.seed},         {"fingerprint: ", &label.fingerprint},
        {"sqlite: ", &label.sqlite},     {"run: ", &label.run},
        {"seeding_ns: ", &seeding},      {"bytes: ", &bytes},
        {"checksum: ", &label.checksum},
    };
    std::istringstream lines(page);
    std::string line;
    bool is_one = std::getline(lines, line) && line == image_format;
    for (const auto& [name, value] : fields) {
        is_one = is_one && std::getline(lines, line) && !lines.eof() && line.rfind(name, 0) == 0;
        *value = is_one ? line.substr(name.size()) : "";
    }
    const auto nanoseconds = text::number_in<std::chrono::nanoseconds::rep>(seeding);
    const auto size = text::number_in<std::uint64_t>(bytes);
    if (!is_one || !nanoseconds || *nanoseconds < 0 || !size) {
        return std::nullopt;
    }
    label.seeding = std::chrono::nanoseconds(*nanoseconds);
    label.bytes = *size;
    return label;
}

result<void> write_image_file(const std::string& path, const store::image& image,
                              image_label label) {
    label.bytes = image.size();
    label.checksum = checksum_of(image.page(0), label);
    std::string last_page = text_of(label);
    last_page.resize(page);
    os::remove_file(path); // left by a builder that was killed
    constexpr unsigned only_reading = 0400;
    const auto file = os::descriptor::open(path, os::descriptor::opening::make, only_reading);
    const auto* const pages = reinterpret_cast<const char*>(image.page(0));
    if (!file || !file.write_all({pages, padded(image.size())}) || !file.write_all(last_page) ||
        !file.sync()) {
        const std::string why = std::strerror(errno);
        os::remove_file(path);
        return tl::unexpected(error{errc::system, "write the image '" + path + "': " + why,
                                    "free space there, name another directory in ISOLITE_CACHE, "
                                    "or set it to off"});
    }
    return {};
}

result<seeded_image> map_image_file(const std::string& path, const std::string& fingerprint,
                                    const std::string& run) {
    auto opened = open_image_file(path);
    if (!opened) {
        return tl::unexpected(opened.error());
    }
    if (!opened->file) {
        return seeded_image();
    }
    const auto label = label_of(path, *opened);
    if (!label) {
        return tl::unexpected(label.error());
    }
    if (label->fingerprint != fingerprint) {
        return refuse(path, "it is the image of another seed");
    }
    if (!run.empty() && label->run != run) {
        return seeded_image();
    }
    const auto memory =
        std::make_shared<const os::mapped_file>(std::move(opened->file), padded(label->bytes));
    if (!memory->bytes()) {
        return refuse(path, std::string("mapping it failed: ") + std::strerror(errno));
    }
    if (!recorded(record_path(path), opened->facts)) {
        if (checksum_of(memory->bytes(), *label) != label->checksum) {
            return refuse(path, "it was altered since it was built");
        }
        record(record_path(path), opened->facts);
    }
    return seeded_image{std::make_shared<const store::image>(memory->bytes(), label->bytes, memory),
                        label->seeding, label->fingerprint, records::fixture_kind::image_mapped};
}

result<image_label> read_image_label(const std::string& path) {
    return open_image_file(path).and_then([&](const open_image& opened) -> result<image_label> {
        if (!opened.file) {
            return refuse(path, "it is gone");
        }
        return label_of(path, opened);
    });
}

bool remove_image_file(const std::string& path) {
    const auto file = os::descriptor::open(path, os::descriptor::opening::read_no_link);
    const bool is_file = static_cast<bool>(file);
    if (!is_file && errno == ENOENT) {
        return true;
    }
    if (is_file && !file.lock_alone()) {
        return false;
    }
    os::remove_file(record_path(path));
    for (const char* suffix :
         {"-wal", "-shm"}) { // of somebody who looked into an image in WAL mode
        os::remove_file(path + suffix);
    }
    return os::remove_file(path);
}

} // namespace isolite::seeds
