#include "os/surroundings.hpp"

#include "os/files.hpp"
#include "os/process_facts.hpp"

#include <cctype>
#include <clocale>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <type_traits>

#include <langinfo.h>
#include <locale.h>

namespace isolite::os {

namespace {

struct free_locale {
    void operator()(::locale_t made) const { ::freelocale(made); }
};

using kept_locale = std::unique_ptr<std::remove_pointer_t<::locale_t>, free_locale>;

kept_locale locale_called(const std::string& name) {
    return kept_locale(::newlocale(LC_ALL_MASK, name.c_str(), nullptr));
}

/// Says whether it is written as "NAME" and a number of hours.
bool is_of_posix(const std::string& name) {
    std::size_t end = 0;
    if (name.front() == '<') {
        end = name.find('>') + 1; // 0 where there is none
    } else {
        while (end < name.size() && std::isalpha(static_cast<unsigned char>(name[end])) != 0) {
            ++end;
        }
    }
    constexpr std::size_t shortest = 3;
    const bool has_sign = end < name.size() && (name[end] == '-' || name[end] == '+');
    const std::size_t hours = end + (has_sign ? 1 : 0);
    return end >= shortest && hours < name.size() &&
           std::isdigit(static_cast<unsigned char>(name[hours])) != 0;
}

} // namespace

bool has_time_zone(const std::string& name) {
    if (name.empty() || name.front() == '/' || name.find("..") != std::string::npos) {
        return false;
    }
    const char* const own = std::getenv("TZDIR");
    const std::string directory = own == nullptr ? "/usr/share/zoneinfo" : own;
    const auto file = look_behind(directory + "/" + name);
    return (file && file->is_regular()) || is_of_posix(name);
}

void set_time_zone(const std::string& name) {
    set_variable("TZ", name);
    ::tzset();
}

bool has_locale(const std::string& name) {
    return !name.empty() && locale_called(name) != nullptr;
}

std::string decimal_sign_of(const std::string& locale) {
    const kept_locale made = locale_called(locale);
    return made ? ::nl_langinfo_l(RADIXCHAR, made.get()) : "";
}

void set_locale(const std::string& name) {
    set_variable("LC_ALL", name);
    std::setlocale(LC_ALL, name.c_str());
}

} // namespace isolite::os
