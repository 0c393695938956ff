#include "engines.hpp"
#include "figure.hpp"
#include "measure.hpp"

#include <isolite/session.hpp>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

namespace bench {

std::vector<figure> statements() {
    isolite::engine engine = engine_of(200);
    const char* const sql = "SELECT count(*) FROM products WHERE price < ?";
    const comparison query = compare([&] { static_cast<void>(engine.value<int>(sql, 100)); },
                                     [&] {
                                         SQLite::Statement statement(engine.db(), sql);
                                         statement.bind(1, 100);
                                         statement.executeStep();
                                         static_cast<void>(statement.getColumn(0).getInt());
                                     },
                                     2000);
    return {{"statements.kept_query/prepared_each_time", query.ratio(), 0.5}};
}

} // namespace bench
