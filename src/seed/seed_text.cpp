#include "seed/seed_text.hpp"

#include "os/descriptor.hpp"
#include "seed/checksum.hpp"
#include "seed/file_record.hpp"
#include "seed/image_cache.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <vector>

namespace isolite::seeds {

namespace {

/// An SQL file that is open for reading.
struct open_text {
    os::descriptor file;
    os::file_facts facts;
};

tl::unexpected<error> refuse(const seed& seed, const std::string& path, const std::string& why) {
    std::error_code ignored;
    return seed_failure(
        seed, path + ": " + why,
        "a relative path is taken from the working directory, which is '" +
            std::filesystem::current_path(ignored).string() +
            "'; give an absolute one, for instance from a define that the build sets");
}

result<open_text> open_file(const seed& seed, const std::string& path) {
    auto file = os::descriptor::open(path, os::descriptor::opening::read);
    const auto facts = file ? file.facts() : std::nullopt;
    if (!facts) {
        return refuse(seed, path, std::strerror(errno));
    }
    if (!facts->is_regular()) { // it is read twice
        return refuse(seed, path, facts->is_directory() ? "is a directory" : "is no regular file");
    }
    return open_text{std::move(file), *facts};
}

/// Hands a file on in pieces. It is not mapped, which would be a fifth faster: an editor that cuts
/// it meanwhile would end the process.
template <typename Take>
result<void> read_pieces(const seed& seed, const std::string& path, const open_text& opened,
                         const Take& take) {
    constexpr std::size_t piece = std::size_t(1) << 17; // the cache of a processor has room for it
    std::vector<char> bytes(piece);
    for (;;) {
        const auto count = opened.file.read_some(bytes.data(), piece);
        if (!count) {
            return refuse(seed, path, std::strerror(errno));
        }
        if (*count == 0) {
            return {};
        }
        take(bytes.data(), *count);
    }
}

} // namespace

tl::unexpected<error> seed_failure(const seed& seed, const std::string& what, std::string hint,
                                   int code) {
    return tl::unexpected(
        error{errc::seed, "apply the seed '" + seed.name() + "': " + what, std::move(hint), code});
}

result<std::string> read_text(const seed& seed, const seed::part& part) {
    if (part.what != seed::part::kind::sql_file) {
        return part.sql;
    }
    const std::string& path = part.label;
    return open_file(seed, path).and_then([&](const open_text& opened) {
        std::string text;
        text.reserve(opened.facts.bytes);
        return read_pieces(
                   seed, path, opened,
                   [&text](const char* bytes, std::size_t count) { text.append(bytes, count); })
            .map([&text] { return std::move(text); });
    });
}

result<std::string> checksum_of_text(const seed& seed, const seed::part& part,
                                     const image_cache* cache) {
    if (part.what != seed::part::kind::sql_file) {
        return checksum_of(part.sql);
    }
    const std::string& path = part.label;
    const std::string at = cache != nullptr ? cache->text_record_of(path) : std::string();
    return open_file(seed, path).and_then([&](const open_text& opened) -> result<std::string> {
        if (auto known = recorded(at, opened.facts); known && known->size() == checksum_size) {
            return *std::move(known);
        }
        checksum sum;
        const auto add = [&sum](const char* bytes, std::size_t count) { sum.add(bytes, count); };
        return read_pieces(seed, path, opened, add).map([&] {
            record(at, opened.facts, sum.text()); // a write since then changed the state
            return sum.text();
        });
    });
}

} // namespace isolite::seeds
