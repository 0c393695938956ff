// What most sources include of others, compiled once for all of them where a build compiles each
// of them alone (-Dbuilt_once=true with ThreadSanitizer): nothing of isolite, so that a change of
// ours builds no more than it would.
// Each file still includes what it needs; a build without this header is the one that says so.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>
#include <tl/expected.hpp>
