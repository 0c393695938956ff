#include "seed/fingerprint.hpp"

#include "os/loaded_file.hpp"
#include "seed/file_record.hpp"
#include "seed/image_file.hpp"
#include "seed/seed_text.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <numeric>
#include <vector>

#include <elf.h>
#include <link.h>

namespace isolite::seeds {

namespace {

/// Returns the build id in a segment of notes, as the linker has written it; "" if it has none.
std::string build_id_in(const char* at, const ElfW(Phdr) & segment) {
    const std::size_t alignment = std::max<std::size_t>(segment.p_align, 4);
    const auto padded = [=](std::size_t size) {
        return (size + alignment - 1) / alignment * alignment;
    };
    ElfW(Nhdr) note{};
    for (std::size_t rest = segment.p_memsz; rest > sizeof note;) {
        std::memcpy(&note, at, sizeof note);
        const std::size_t id = padded(sizeof note + note.n_namesz);
        const std::size_t size = id + padded(note.n_descsz);
        if (size > rest) {
            break;
        }
        if (note.n_type == NT_GNU_BUILD_ID && std::strcmp(at + sizeof note, "GNU") == 0) {
            return std::string(at + id, note.n_descsz);
        }
        at += size;
        rest -= size;
    }
    return {};
}

std::string build_of(const dl_phdr_info& object) {
    for (int i = 0; i < object.dlpi_phnum; ++i) {
        const ElfW(Phdr)& segment = object.dlpi_phdr[i];
        const auto start = static_cast<std::uintptr_t>(object.dlpi_addr + segment.p_vaddr);
        // NOLINTNEXTLINE(performance-no-int-to-ptr): the loader tells addresses as numbers.
        const auto* const bytes = reinterpret_cast<const char*>(start);
        if (segment.p_type == PT_NOTE) {
            if (std::string id = build_id_in(bytes, segment); !id.empty()) {
                return id;
            }
        }
    }
    const bool is_program = *object.dlpi_name == '\0';
    auto facts = os::look_behind(is_program ? "/proc/self/exe" : object.dlpi_name);
    if (!facts) {
        facts.emplace().changed.tv_sec = std::time(nullptr); // as if it were new each time
    }
    return object.dlpi_name + (" " + state_of(*facts));
}

int add_build(dl_phdr_info* object, std::size_t /*size*/, void* builds) {
    if (!os::is_of_the_system(object->dlpi_name)) {
        static_cast<std::vector<std::string>*>(builds)->push_back(build_of(*object));
    }
    return 0; // go on
}

/// Returns what tells the program that runs from another build of it: the build ids of its file and
/// of all libraries that it has loaded, but those of the system (below /lib and /usr/lib). What has
/// no build id is told by its file: device, inode, size and times.
std::string loaded_builds() {
    std::vector<std::string> builds;
    ::dl_iterate_phdr(add_build, &builds);
    std::sort(builds.begin(), builds.end()); // libraries may be loaded in any order
    return std::accumulate(builds.begin(), builds.end(), std::string());
}

bool depends_on_builds(const seed& seed) {
    const auto& parts = seed.parts();
    return std::any_of(parts.begin(), parts.end(), [](const seed::part& part) {
        return part.what == seed::part::kind::step && !part.holds_across_builds;
    });
}

} // namespace

fingerprint::fingerprint(const seed& seed)
    : builds_(depends_on_builds(seed) ? loaded_builds() : std::string()) {
    add(image_format);
    add(sqlite3_sourceid());
    for (int i = 0; const char* const option = sqlite3_compileoption_get(i); ++i) {
        add(option);
    }
    add(seed.name());
}

void fingerprint::add_step(const seed::part& step) {
    add("step");
    add(step.label);
    add(step.version);
    add(step.holds_across_builds ? "" : builds_);
}

void fingerprint::add_text(const std::string& checksum) {
    add("text");
    add(checksum);
}

/// Adds strings so that no two lists of strings look alike: each behind its length.
void fingerprint::add(const std::string& text) {
    const std::string length = std::to_string(text.size()) + ":";
    sum_.add(length.data(), length.size());
    sum_.add(text.data(), text.size());
}

result<std::string> fingerprint_of(const seed& seed, const image_cache* cache) {
    fingerprint whole(seed);
    for (const seed::part& part : seed.parts()) {
        if (part.what == seed::part::kind::step) {
            whole.add_step(part);
            continue;
        }
        const auto text = checksum_of_text(seed, part, cache);
        if (!text) {
            return tl::unexpected(text.error());
        }
        whole.add_text(*text);
    }
    return whole.text();
}

std::string why_private(const seed& seed) {
    const auto& parts = seed.parts();
    const auto found = std::find_if(parts.begin(), parts.end(), [](const seed::part& part) {
        return part.what == seed::part::kind::step && part.version.empty();
    });
    return found == parts.end() ? "" : "its step '" + found->label + "' declares no version";
}

} // namespace isolite::seeds
