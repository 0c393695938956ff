// When isolite comes to stand in front of SQLite's VFSs. Each case is a process of its own, in
// which nobody has used SQLite before.
#include "claimed_place.hpp"
#include "files/other_sqlites.hpp"
#include "files/real_directory.hpp"
#include "in_child.hpp"
#include "os/loaded_file.hpp"

#include <isolite/files.hpp>

#include <cstring>

#include <dlfcn.h>

using namespace isolite::paths;
using namespace isolite::paths::tests;

namespace {

/// Says where a file that is opened now, and claimed, comes to be.
std::string place_of_file(const char* vfs = nullptr) {
    connection database = by_path("shop.db", vfs);
    database.run("CREATE TABLE IF NOT EXISTS t (a)");
    return claimed_place::on_disk().empty() ? "memory" : "disk";
}

std::string with_files(int code) {
    return std::to_string(code) + (claimed_place::on_disk().empty() ? "" : " a file");
}

sqlite3_vfs other;

} // namespace

TEST_SUITE("arrival") {
    TEST_CASE("a claim leaves SQLite to be configured by the program") {
        CHECK(in_child([] {
                  const claimed_place here;
                  const int configured = sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
                  const int more = sqlite3_config(SQLITE_CONFIG_URI, 1);
                  return place_of_file() + " " + std::to_string(configured + more);
              }) == "memory 0");
    }

    TEST_CASE("control: who initialises SQLite takes that from it") {
        CHECK(in_child([] {
                  sqlite3_initialize();
                  return std::to_string(sqlite3_config(SQLITE_CONFIG_URI, 1));
              }) == "21");
    }

    TEST_CASE("it also comes when SQLite is initialised already") {
        CHECK(in_child([] {
                  sqlite3_initialize();
                  const claimed_place here;
                  return place_of_file();
              }) == "memory");
    }

    TEST_CASE("it stays when SQLite is shut down and initialised anew") {
        CHECK(in_child([] {
                  const claimed_place here;
                  std::string places = place_of_file();
                  sqlite3_shutdown();
                  sqlite3_initialize();
                  return places + " " + place_of_file() + " " + place_of_file("unix-dotfile");
              }) == "memory memory memory");
    }

    TEST_CASE("a page cache of the program's that copies the present one keeps it") {
        CHECK(in_child([] {
                  const claimed_place here;
                  sqlite3_pcache_methods2 methods{};
                  sqlite3_config(SQLITE_CONFIG_GETPCACHE2, &methods);
                  sqlite3_config(SQLITE_CONFIG_PCACHE2, &methods);
                  return place_of_file();
              }) == "memory");
    }

    TEST_CASE("a page cache of its own kind does, if it was set before the claim") {
        CHECK(in_child([] {
                  sqlite3_pcache_methods2 methods{};
                  sqlite3_config(SQLITE_CONFIG_GETPCACHE2, &methods);
                  static auto xInit = methods.xInit;
                  static int calls = 0;
                  methods.xInit = [](void* argument) {
                      ++calls;
                      return xInit(argument);
                  };
                  sqlite3_config(SQLITE_CONFIG_PCACHE2, &methods);
                  const claimed_place here;
                  const std::string place = place_of_file();
                  return place + " " + std::to_string(calls);
              }) == "memory 1");
    }

    TEST_CASE("one that is set later puts it off until the next test begins") {
        CHECK(in_child([] {
                  sqlite3_pcache_methods2 plain{};
                  sqlite3_config(SQLITE_CONFIG_GETPCACHE2, &plain);
                  const claimed_place here;
                  sqlite3_config(SQLITE_CONFIG_PCACHE2, &plain);
                  stand_in_front(); // as each test that begins lets it
                  return place_of_file();
              }) == "memory");
    }

    TEST_CASE("a default VFS that is registered later and hands on leads there") {
        CHECK(in_child([] {
                  const claimed_place here;
                  other = *sqlite3_vfs_find(nullptr);
                  other.zName = "other";
                  sqlite3_vfs_register(&other, 1);
                  check_in_front();
                  return place_of_file();
              }) == "memory");
    }

    TEST_CASE("one that does not is told of") {
        CHECK(in_child([] {
                  sqlite3_initialize();
                  other = *sqlite3_vfs_find(nullptr); // as it was before isolite came
                  other.zName = "other";
                  const claimed_place here;
                  sqlite3_vfs_register(&other, 1);
                  const std::string told = said(check_in_front);
                  return place_of_file() + "\n" + told;
              }) ==
              "disk\n"
              "isolite: warning: cannot stand in front of SQLite's default VFS 'other', which "
              "was registered after isolite came: what tests open by path through it is on "
              "the disk\n"
              "  hint: register it before the first test, or let it hand on to the VFS that "
              "was the default before\n");
    }

    TEST_CASE("a default VFS of the program's own that was there first is stood in front of") {
        CHECK(in_child([] {
                  sqlite3_initialize();
                  other = *sqlite3_vfs_find(nullptr);
                  other.zName = "other";
                  sqlite3_vfs_register(&other, 1);
                  const claimed_place here;
                  return place_of_file() + " " + place_of_file("unix");
              }) == "memory memory");
    }
}

TEST_SUITE("only what is claimed") {
    TEST_CASE("another database file is refused, in a sentence that names it") {
        CHECK(in_child([] {
                  const claimed_place here;
                  isolite::files("*.db").only();
                  int code = SQLITE_OK;
                  std::string told = said([&] { code = code_of_opening("other.sqlite"); });
                  told.replace(told.find(claimed_place::path("")), claimed_place::path("").size(),
                               "");
                  return place_of_file() + " " + with_files(code) + " " +
                         with_files(code_of_opening(":memory:")) + "\n" + told;
              }) == "memory 14 0\n"
                    "isolite: warning: cannot let a test open the database file 'other.sqlite': no "
                    "claim covers it, and files(...).only() refuses all others\n"
                    "  hint: claim it, or open another one\n");
    }
}

TEST_SUITE("real files") {
    TEST_CASE(
        "a claim that fits a real file of this process leaves it on the disk, as only() does") {
        CHECK(in_child([] {
                  const claimed_place here("nothing");
                  auto made = real_directory::make(0);
                  const std::string file = made->path() + "/shop.db";
                  const auto claim = claims::of_process().add("**", {});
                  claims::of_process().refuse_others();
                  by_path(file).run("CREATE TABLE t (a)");
                  claims::of_process().release(claim);
                  by_path(file).run("INSERT INTO t VALUES (1)");
                  return std::to_string(std::filesystem::file_size(file) > 0) +
                         by_path(file).value("SELECT a FROM t");
              }) == "11");
    }
}

namespace {

/// Opens a file with a SQLite that takes no URIs. Returns the result code.
int code_without_uris(const std::string& name) {
    return code_of_opening(name, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
}

} // namespace

TEST_SUITE("a SQLite that takes no URIs") {
    TEST_CASE("it finds the database of one of isolite's") {
        CHECK(in_child([] {
                  sqlite3_config(SQLITE_CONFIG_URI, 0);
                  const claimed_place here("nothing");
                  const std::string uri = isolite::store::uri_of("a shop");
                  connection database(uri); // which takes them
                  database.run("CREATE TABLE t (a); INSERT INTO t VALUES (7)");
                  return by_path(uri).value("SELECT a FROM t") + " " + with_files(SQLITE_OK);
              }) == "7 0");
    }

    TEST_CASE("an escape that is cut off stands for itself, as SQLite has it") {
        CHECK(in_child([] {
                  sqlite3_config(SQLITE_CONFIG_URI, 0);
                  const claimed_place here("nothing");
                  const std::string uri = "file:shop%2d%4?vfs=isolite";
                  connection database(uri); // which takes them
                  database.run("CREATE TABLE t (a); INSERT INTO t VALUES (7)");
                  return by_path(uri).value("SELECT a FROM t");
              }) == "7");
    }

    TEST_CASE("what stands behind such a URI is refused, and makes no file") {
        for (const char* const more : {"/pib.db", ".sqlite", "&mode=ro"}) {
            CHECK(in_child([more] {
                      sqlite3_config(SQLITE_CONFIG_URI, 0);
                      const claimed_place here("nothing");
                      return with_files(code_without_uris(isolite::store::uri_of("shop") + more));
                  }) == "14");
        }
    }

    TEST_CASE("other URIs are names of files, as SQLite has it") {
        CHECK(in_child([] {
                  sqlite3_config(SQLITE_CONFIG_URI, 0);
                  const claimed_place here("nothing");
                  connection database = by_path("file:shop?mode=rwc");
                  database.run("CREATE TABLE t (a)");
                  return claimed_place::on_disk().front();
              }) == "file:shop?mode=rwc");
    }

    TEST_CASE("one that takes URIs says that there is no such VFS") {
        CHECK(in_child([] {
                  const claimed_place here("nothing");
                  sqlite3* handle = nullptr;
                  sqlite3_open_v2((isolite::store::uri_of("shop") + "/pib.db").c_str(), &handle,
                                  SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI,
                                  nullptr);
                  const std::string message = sqlite3_errmsg(handle);
                  sqlite3_close(handle);
                  return message;
              }) == "no such vfs: isolite/pib.db");
    }
}

TEST_SUITE("another SQLite") {
    TEST_CASE("it is no matter where the loader takes all to the first one") {
        CHECK(in_child([] {
                  const claimed_place here("nothing");
                  const auto copy = std::filesystem::current_path() / "libcopy.so";
                  const std::string called =
                      isolite::os::loaded_file_at(reinterpret_cast<void*>(&sqlite3_sourceid));
                  std::filesystem::copy_file(called, copy);
                  CHECK(::dlopen(copy.c_str(), RTLD_NOW | RTLD_LOCAL) != nullptr);
                  return said(warn_of_other_sqlites);
              }) == "");
    }
}
