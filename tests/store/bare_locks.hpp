#pragma once

#include "by_path.hpp"
#include "connection.hpp"
#include "dice.hpp"
#include "store/directory.hpp"

#include <array>
#include <filesystem>
#include <string>
#include <vector>

namespace isolite::store::tests {

inline constexpr std::array<const char*, 2> each_vfs{"unix", vfs_name};

/// A file name for both VFSs, on which there is no database yet.
inline std::string fresh_name() {
    const std::string name = unique_name("locked") + ".db";
    std::filesystem::remove(plain_name(name));
    directory::of_process().remove(name);
    return name;
}

/// Makes the database that the schedules speak of.
inline std::string fresh_database(const char* vfs) {
    const std::string name = fresh_name();
    connection(name, vfs).rows("CREATE TABLE t(a); INSERT INTO t VALUES (1), (2), (3)");
    return name;
}

/// What one connection asks of the lock on its file.
struct lock_request {
    std::size_t who;
    int level;
    bool gives_back = false; ///< All that is more than the level.
};

/// The files that the pagers of three connections opened, asked for locks directly.
class bare_locks {
  public:
    explicit bare_locks(const char* vfs) : name_(fresh_database(vfs)) {
        for (std::size_t who = 0; who < 3; ++who) {
            connections_.emplace_back(name_, vfs);
        }
    }
    ~bare_locks() {
        for (std::size_t who = 0; who < 3; ++who) {
            (void)answer({who, SQLITE_LOCK_NONE, true});
        }
    }
    bare_locks(const bare_locks&) = delete;
    bare_locks& operator=(const bare_locks&) = delete;

    int answer(const lock_request& request) {
        sqlite3_file* const asked = file(request.who);
        return request.gives_back ? asked->pMethods->xUnlock(asked, request.level)
                                  : asked->pMethods->xLock(asked, request.level);
    }

    /// Returns one that SQLite's pager may make.
    lock_request any_request(dice& choices) {
        const std::size_t who = choices.below(3);
        const lock_request end{who, SQLITE_LOCK_NONE, true};
        const lock_request downgrade{who, SQLITE_LOCK_SHARED, true};
        switch (level(who)) {
        case SQLITE_LOCK_NONE:
            return {who, SQLITE_LOCK_SHARED};
        case SQLITE_LOCK_SHARED:
            // Not exclusive, as the pager asks to roll back a hot journal: up to SQLite 3.40 its
            // own VFS stays pending then, later ones stay shared, and the pager unlocks in any
            // case.
            return choices.one_of<lock_request>({{who, SQLITE_LOCK_RESERVED}, end});
        case SQLITE_LOCK_EXCLUSIVE:
            return choices.one_of<lock_request>({downgrade, end});
        default:
            return choices.one_of<lock_request>({{who, SQLITE_LOCK_EXCLUSIVE}, downgrade, end});
        }
    }

    int level(std::size_t who) {
        int level = -1;
        file(who)->pMethods->xFileControl(file(who), SQLITE_FCNTL_LOCKSTATE, &level);
        return level;
    }
    int reserved(std::size_t who) {
        int reserved = -1;
        file(who)->pMethods->xCheckReservedLock(file(who), &reserved);
        return reserved;
    }

  private:
    sqlite3_file* file(std::size_t who) { return connections_[who].file(); }

    std::string name_;
    std::vector<connection> connections_;
};

/// What one connection asks of the locks on the wal-index.
struct index_request {
    std::size_t who;
    int first;
    int count;
    int flags;
};

/// The wal-indexes that three connections use, asked for locks directly.
class bare_index_locks {
  public:
    explicit bare_index_locks(const char* vfs) : name_(fresh_database(vfs)) {
        connection(name_, vfs).rows("PRAGMA journal_mode = WAL");
        for (std::size_t who = 0; who < 3; ++who) {
            connections_.emplace_back(name_, vfs).rows("SELECT * FROM t");
        }
    }
    ~bare_index_locks() {
        for (std::size_t who = 0; who < 3; ++who) {
            for (int lock = 0; lock < SQLITE_SHM_NLOCK; ++lock) {
                if (held_[who][lock] != 0) {
                    (void)answer({who, lock, 1, SQLITE_SHM_UNLOCK | held_[who][lock]});
                }
            }
        }
    }
    bare_index_locks(const bare_index_locks&) = delete;
    bare_index_locks& operator=(const bare_index_locks&) = delete;

    int answer(const index_request& request) {
        sqlite3_file* const file = connections_[request.who].file();
        const int code =
            file->pMethods->xShmLock(file, request.first, request.count, request.flags);
        for (int lock = request.first; lock < request.first + request.count; ++lock) {
            if (code == SQLITE_OK) {
                const bool unlocked = (request.flags & SQLITE_SHM_UNLOCK) != 0;
                held_[request.who][lock] = unlocked ? 0 : request.flags & ~SQLITE_SHM_LOCK;
            }
        }
        return code;
    }

    /// Returns one that SQLite's pager may make: it gives back what it holds in the way it took it.
    index_request any_request(dice& choices) const {
        const std::size_t who = choices.below(3);
        const int first = static_cast<int>(choices.below(SQLITE_SHM_NLOCK));
        if (const int held = held_[who][first]; held != 0) {
            return {who, first, 1, SQLITE_SHM_UNLOCK | held};
        }
        if (choices.one_in(2)) {
            return {who, first, 1, SQLITE_SHM_LOCK | SQLITE_SHM_SHARED};
        }
        int count = 1;
        while (first + count < SQLITE_SHM_NLOCK && held_[who][first + count] == 0 &&
               choices.one_in(2)) {
            ++count;
        }
        return {who, first, count, SQLITE_SHM_LOCK | SQLITE_SHM_EXCLUSIVE};
    }

  private:
    std::string name_;
    std::vector<connection> connections_;
    std::array<std::array<int, SQLITE_SHM_NLOCK>, 3> held_{}; // 0 or the flag by which it is held
};

} // namespace isolite::store::tests
