#include "os/own_symbols.hpp"

#include "os/descriptor.hpp"
#include "os/mapped_file.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

#include <elf.h>
#include <link.h>

namespace isolite::os {

namespace {

using header = ElfW(Ehdr);
using section = ElfW(Shdr);
using symbol = ElfW(Sym);

/// A file that the loader has taken for one of its own, in which nothing is out of place.
class symbol_file {
  public:
    explicit symbol_file(const std::string& path)
        : file_(descriptor::open(path, descriptor::opening::read)) {
        if (const auto facts = file_.facts()) {
            bytes_ = facts->bytes;
        }
    }

    /// Returns the place of a symbol in the program as it is linked, 0 if no table has it.
    [[nodiscard]] std::uint64_t find(std::string_view name) {
        if (bytes_ < sizeof(header)) {
            return 0;
        }
        const mapped_file mapped(std::move(file_), bytes_);
        start_ = mapped.bytes();
        const auto* const head = at<header>(0);
        const auto* const sections = head != nullptr ? at<section>(head->e_shoff) : nullptr;
        for (unsigned i = 0; sections != nullptr && i < head->e_shnum; ++i) {
            if (sections[i].sh_type == SHT_SYMTAB) {
                return find(name, sections[i], sections[sections[i].sh_link]);
            }
        }
        return 0;
    }

  private:
    template <typename Part>
    [[nodiscard]] const Part* at(std::uint64_t place) const {
        const bool is_in = start_ != nullptr && place + sizeof(Part) <= bytes_;
        return is_in ? reinterpret_cast<const Part*>(start_ + place) : nullptr;
    }

    [[nodiscard]] std::uint64_t find(std::string_view name, const section& table,
                                     const section& names) const {
        const auto* const symbols = at<symbol>(table.sh_offset);
        const auto* const texts = at<char>(names.sh_offset);
        if (symbols == nullptr || texts == nullptr) {
            return 0;
        }
        for (std::size_t i = 0; i < table.sh_size / sizeof(symbol); ++i) {
            const char* const text = texts + symbols[i].st_name;
            if (std::strncmp(text, name.data(), name.size()) == 0 && text[name.size()] == '\0' &&
                symbols[i].st_shndx != SHN_UNDEF) {
                return symbols[i].st_value;
            }
        }
        return 0;
    }

    descriptor file_;
    std::uint64_t bytes_ = 0;
    const std::byte* start_ = nullptr;
};

struct search {
    std::string_view name;
    void* found;
};

int search_in(dl_phdr_info* loaded, std::size_t /*size*/, void* searching) {
    auto& [name, found] = *static_cast<search*>(searching);
    const std::string path = loaded->dlpi_name;
    symbol_file file(path.empty() ? "/proc/self/exe" : path); // also if it was built anew since
    if (const std::uint64_t place = file.find(name); place != 0) {
        found = reinterpret_cast<void*>(loaded->dlpi_addr + place);
    }
    return found != nullptr ? 1 : 0;
}

} // namespace

void* own_symbol(std::string_view name) {
    search searching{name, nullptr};
    ::dl_iterate_phdr(search_in, &searching);
    return searching.found;
}

} // namespace isolite::os
