#include "orders.hpp"

#include <QCoreApplication>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QVariant>

#include <stdexcept>

namespace {

// Qt loads its driver when there is an application. It never ends: what ends of Qt by itself may do
// so before it.
void need_application() {
    static int count = 1;
    static char name[] = "orders";
    static char* arguments[] = {name, nullptr};
    static const auto* const application = new QCoreApplication(count, arguments);
    static_cast<void>(application);
}

} // namespace

// [open]
struct orders::connection {
    explicit connection(const std::string& path)
        : name(QString("orders %1").arg(reinterpret_cast<quintptr>(this))) {
        need_application();
        database = QSqlDatabase::addDatabase("QSQLITE", name);
        database.setDatabaseName(QString::fromStdString(path));
        if (!database.open())
            throw std::runtime_error(database.lastError().text().toStdString());
        run("CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, note TEXT)");
    }
    ~connection() {
        database = QSqlDatabase(); // no copy may be left when it is removed
        QSqlDatabase::removeDatabase(name);
    }
    // [/open]
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    QVariant run(const QString& sql, const QVariantList& values = {}) {
        QSqlQuery query(database);
        query.prepare(sql);
        for (const QVariant& each : values)
            query.addBindValue(each);
        if (!query.exec())
            throw std::runtime_error(query.lastError().text().toStdString());
        return query.next() ? query.value(0) : QVariant();
    }

    QString name;
    QSqlDatabase database;
};

orders::orders(const std::string& path) : connection_(std::make_unique<connection>(path)) {}
orders::~orders() = default;

void orders::add(const std::string& note) {
    connection_->run("INSERT INTO orders (note) VALUES (?)", {QString::fromStdString(note)});
}

int orders::count() {
    return connection_->run("SELECT count(*) FROM orders").toInt();
}
