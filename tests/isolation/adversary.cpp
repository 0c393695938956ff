#include "adversary.hpp"

#include <SQLiteCpp/Database.h>

void stage::run(const std::string& sql) const {
    engine.db().exec(sql);
}

void stage::attempt(const std::string& sql) const {
    static_cast<void>(engine.db().tryExec(sql));
}
