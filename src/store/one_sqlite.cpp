#include "store/one_sqlite.hpp"

#include "os/loaded_file.hpp"

#include <sqlite3.h>

#include <string>

#if SQLITE_VERSION_NUMBER < 3034000
#    error "isolite needs the header of SQLite 3.34 or later"
#endif

namespace isolite {

namespace store {

namespace {

/// A SQLite by its two texts, the first of which lies in the file that has the SQLite.
struct sqlite {
    const char* sourceid;
    const char* version;
};

/// The first one that somebody has told of and that is not isolite's. There before any global.
sqlite other_sqlite{nullptr, nullptr};

std::string described(const sqlite& one) {
    return std::string(one.version) + " of '" + os::loaded_file_at(one.sourceid) + "'";
}

/// A function that a SQLite may lack, by its version or by how it was built, and that isolite
/// calls.
struct optional_function {
    const char* name;
    const void* address;
};

template <typename Function>
const void* address_of(Function* function) {
    return reinterpret_cast<const void*>(function);
}

/// Returns a function that is not of the SQLite which the other ones are of, as where the program's
/// own lacks it and a library has another SQLite, or null.
const char* strange_function() {
    const optional_function all[] = {
#if SQLITE_VERSION_NUMBER >= 3038000
        {"sqlite3_error_offset", address_of(&sqlite3_error_offset)},
#endif
        {"sqlite3_create_module", address_of(&sqlite3_create_module)},
        {"sqlite3_enable_load_extension", address_of(&sqlite3_enable_load_extension)},
        {"sqlite3_progress_handler", address_of(&sqlite3_progress_handler)},
        {"sqlite3_serialize", address_of(&sqlite3_serialize)},
        {"sqlite3_set_authorizer", address_of(&sqlite3_set_authorizer)},
        {"sqlite3_trace_v2", address_of(&sqlite3_trace_v2)},
    };
    for (const auto& [name, address] : all) {
        // Whoever only stands in front of a function of SQLite has no SQLite.
        void* const beside = os::function_beside(address, "sqlite3_sourceid");
        if (beside != nullptr &&
            reinterpret_cast<decltype(&sqlite3_sourceid)>(beside)() != sqlite3_sourceid()) {
            return name;
        }
    }
    return nullptr;
}

result<void> look_for_strange_functions() {
    const char* const strange = strange_function();
    if (strange == nullptr) {
        return {};
    }
    return tl::unexpected(error{
        errc::usage,
        "use two SQLites in one process: " + described({sqlite3_sourceid(), sqlite3_libversion()}) +
            " has no " + strange + ", so that of another one would be called",
        "build that SQLite without an option that leaves functions out, and do not link "
        "another one"});
}

} // namespace

result<void> check_one_sqlite() {
    if (other_sqlite.sourceid != nullptr) {
        return tl::unexpected(
            error{errc::usage,
                  "use two SQLites in one process: the tests call " + described(other_sqlite) +
                      ", isolite calls " + described({sqlite3_sourceid(), sqlite3_libversion()}),
                  "let both call one: build isolite as a static library (default_library=static) "
                  "and link it where the other SQLite is, or link the one that isolite calls"});
    }
    static const auto looked = look_for_strange_functions();
    return looked;
}

} // namespace store

bool tell_sqlite(const char* (*sourceid)(), const char* (*libversion)()) {
    // The addresses of the functions may differ where a program has entries of its own for those of
    // a library. The text lies where the code does.
    if (sourceid() != sqlite3_sourceid()) {
        store::other_sqlite = {sourceid(), libversion()};
    }
    return true;
}

} // namespace isolite
