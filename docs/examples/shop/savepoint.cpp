#include "savepoint.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace shop {

savepoint::savepoint(SQLite::Database& db) : db_(db) {
    db_.exec("SAVEPOINT shop");
}

// After ROLLBACK TO the savepoint is still there, so it takes both statements. A constraint with
// ON CONFLICT ROLLBACK has already closed it, hence no exceptions here.
savepoint::~savepoint() {
    if (!open_)
        return;
    db_.tryExec("ROLLBACK TO shop");
    db_.tryExec("RELEASE shop");
}

void savepoint::release() {
    db_.exec("RELEASE shop");
    open_ = false;
}

} // namespace shop
