-- A web shop: sixteen tables, three views, four triggers.
-- Amounts are integers in the minor unit of their currency; dates are ISO 8601 text.
-- Foreign keys need `PRAGMA foreign_keys = ON`: the business of whoever opens the connection.

-- Standards -----------------------------------------------------------------------------------

CREATE TABLE countries (
    code          TEXT PRIMARY KEY CHECK (length(code) = 2),
    alpha_3       TEXT NOT NULL UNIQUE CHECK (length(alpha_3) = 3),
    numeric_code  TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    official_name TEXT
) WITHOUT ROWID;

-- A parent may come later in the file than its children, hence the deferred key.
CREATE TABLE subdivisions (
    code         TEXT PRIMARY KEY,
    country_code TEXT NOT NULL REFERENCES countries (code) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    type         TEXT NOT NULL,
    parent_code  TEXT REFERENCES subdivisions (code) DEFERRABLE INITIALLY DEFERRED
) WITHOUT ROWID;

CREATE INDEX subdivisions_by_country ON subdivisions (country_code);
CREATE INDEX subdivisions_by_parent ON subdivisions (parent_code) WHERE parent_code IS NOT NULL;

CREATE TABLE currencies (
    code         TEXT PRIMARY KEY CHECK (length(code) = 3),
    numeric_code TEXT NOT NULL,
    name         TEXT NOT NULL,
    minor_digits INTEGER NOT NULL DEFAULT 2 CHECK (minor_digits BETWEEN 0 AND 4)
) WITHOUT ROWID;

CREATE TABLE languages (
    code    TEXT PRIMARY KEY CHECK (length(code) = 3),
    alpha_2 TEXT UNIQUE,
    name    TEXT NOT NULL,
    scope   TEXT NOT NULL CHECK (scope IN ('individual', 'macrolanguage', 'special', 'family'))
) WITHOUT ROWID;

-- Catalog and stock ---------------------------------------------------------------------------

CREATE TABLE categories (
    id        INTEGER PRIMARY KEY,
    parent_id INTEGER REFERENCES categories (id) ON DELETE RESTRICT,
    slug      TEXT NOT NULL UNIQUE,
    name      TEXT NOT NULL CHECK (name <> ''),
    CHECK (parent_id <> id)
);

CREATE INDEX categories_by_parent ON categories (parent_id);

CREATE TABLE products (
    id            INTEGER PRIMARY KEY,
    sku           TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL CHECK (name <> ''),
    category_id   INTEGER NOT NULL REFERENCES categories (id) ON DELETE RESTRICT,
    price_minor   INTEGER NOT NULL CHECK (price_minor > 0),
    currency_code TEXT NOT NULL REFERENCES currencies (code),
    active        INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
);

CREATE INDEX products_by_category ON products (category_id);

CREATE TABLE warehouses (
    id           INTEGER PRIMARY KEY,
    code         TEXT NOT NULL UNIQUE,
    name         TEXT NOT NULL,
    country_code TEXT NOT NULL REFERENCES countries (code)
);

CREATE TABLE stock (
    product_id    INTEGER NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    warehouse_id  INTEGER NOT NULL REFERENCES warehouses (id) ON DELETE RESTRICT,
    quantity      INTEGER NOT NULL DEFAULT 0 CHECK (quantity >= 0),
    reserved      INTEGER NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    reorder_level INTEGER NOT NULL DEFAULT 0 CHECK (reorder_level >= 0),
    PRIMARY KEY (product_id, warehouse_id),
    CHECK (reserved <= quantity)
) WITHOUT ROWID;

CREATE INDEX stock_by_warehouse ON stock (warehouse_id);

-- Customers -----------------------------------------------------------------------------------

CREATE TABLE customers (
    id            INTEGER PRIMARY KEY,
    email         TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (email LIKE '_%@_%'),
    name          TEXT NOT NULL CHECK (name <> ''),
    language_code TEXT NOT NULL REFERENCES languages (code),
    registered_on TEXT NOT NULL,
    active        INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
);

CREATE TABLE addresses (
    id               INTEGER PRIMARY KEY,
    customer_id      INTEGER NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    line             TEXT NOT NULL CHECK (line <> ''),
    city             TEXT NOT NULL,
    postal_code      TEXT NOT NULL,
    country_code     TEXT NOT NULL REFERENCES countries (code),
    subdivision_code TEXT REFERENCES subdivisions (code),
    is_default       INTEGER NOT NULL DEFAULT 0 CHECK (is_default IN (0, 1))
);

CREATE INDEX addresses_by_customer ON addresses (customer_id);
CREATE UNIQUE INDEX one_default_address ON addresses (customer_id) WHERE is_default = 1;

CREATE TABLE promotions (
    code          TEXT PRIMARY KEY CHECK (code = upper(code) AND code <> ''),
    kind          TEXT NOT NULL CHECK (kind IN ('percent', 'amount')),
    value         INTEGER NOT NULL CHECK (value > 0),
    currency_code TEXT REFERENCES currencies (code),
    minimum_minor INTEGER NOT NULL DEFAULT 0 CHECK (minimum_minor >= 0),
    starts_on     TEXT NOT NULL,
    ends_on       TEXT NOT NULL,
    maximum_uses  INTEGER CHECK (maximum_uses > 0),
    CHECK (starts_on <= ends_on),
    CHECK (kind = 'amount' OR value <= 100),
    CHECK (kind = 'percent' OR currency_code IS NOT NULL)
) WITHOUT ROWID;

-- Orders --------------------------------------------------------------------------------------

CREATE TABLE orders (
    id             INTEGER PRIMARY KEY,
    customer_id    INTEGER NOT NULL REFERENCES customers (id) ON DELETE RESTRICT,
    address_id     INTEGER NOT NULL REFERENCES addresses (id) ON DELETE RESTRICT,
    warehouse_id   INTEGER NOT NULL REFERENCES warehouses (id) ON DELETE RESTRICT,
    currency_code  TEXT NOT NULL REFERENCES currencies (code),
    status         TEXT NOT NULL DEFAULT 'draft' CHECK (
        status IN ('draft', 'placed', 'paid', 'shipped', 'delivered', 'returned', 'cancelled')
    ),
    opened_on      TEXT NOT NULL,
    promotion_code TEXT REFERENCES promotions (code) ON DELETE RESTRICT
);

CREATE INDEX orders_by_customer ON orders (customer_id);
CREATE INDEX orders_by_status ON orders (status);
CREATE INDEX orders_by_address ON orders (address_id);
CREATE INDEX orders_by_promotion ON orders (promotion_code) WHERE promotion_code IS NOT NULL;

CREATE TABLE order_lines (
    order_id    INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    line        INTEGER NOT NULL CHECK (line > 0),
    product_id  INTEGER NOT NULL REFERENCES products (id) ON DELETE RESTRICT,
    quantity    INTEGER NOT NULL CHECK (quantity > 0),
    price_minor INTEGER NOT NULL CHECK (price_minor > 0),
    PRIMARY KEY (order_id, line),
    UNIQUE (order_id, product_id)
) WITHOUT ROWID;

CREATE INDEX order_lines_by_product ON order_lines (product_id);

CREATE TABLE payments (
    id             INTEGER PRIMARY KEY,
    order_id       INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    method         TEXT NOT NULL CHECK (method IN ('card', 'transfer', 'voucher')),
    amount_minor   INTEGER NOT NULL CHECK (amount_minor > 0),
    refunded_minor INTEGER NOT NULL DEFAULT 0,
    status         TEXT NOT NULL DEFAULT 'authorised' CHECK (
        status IN ('authorised', 'captured', 'voided', 'refunded')
    ),
    CHECK (refunded_minor BETWEEN 0 AND amount_minor)
);

CREATE INDEX payments_by_order ON payments (order_id);

CREATE TABLE shipments (
    id           INTEGER PRIMARY KEY,
    order_id     INTEGER NOT NULL REFERENCES orders (id) ON DELETE RESTRICT,
    tracking     TEXT NOT NULL UNIQUE,
    status       TEXT NOT NULL DEFAULT 'in_transit' CHECK (
        status IN ('in_transit', 'delivered', 'returned')
    ),
    shipped_on   TEXT NOT NULL,
    delivered_on TEXT,
    CHECK (delivered_on >= shipped_on)
);

CREATE INDEX shipments_by_order ON shipments (order_id);

-- The ledger of the stock. It never forgets an id, hence AUTOINCREMENT.
CREATE TABLE stock_movements (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    product_id   INTEGER NOT NULL REFERENCES products (id) ON DELETE RESTRICT,
    warehouse_id INTEGER NOT NULL REFERENCES warehouses (id) ON DELETE RESTRICT,
    change       INTEGER NOT NULL CHECK (change <> 0),
    reason       TEXT NOT NULL CHECK (
        reason IN ('receipt', 'sale', 'return', 'transfer', 'write_off', 'correction')
    ),
    order_id     INTEGER REFERENCES orders (id) ON DELETE RESTRICT
);

CREATE INDEX stock_movements_by_product ON stock_movements (product_id, warehouse_id);
CREATE INDEX stock_movements_by_order ON stock_movements (order_id) WHERE order_id IS NOT NULL;

-- Triggers ------------------------------------------------------------------------------------

-- The one way to change a quantity in stock: write the movement, and the stock follows.
CREATE TRIGGER stock_follows_movements AFTER INSERT ON stock_movements
BEGIN
    SELECT RAISE(ABORT, 'the product is not kept in this warehouse')
    WHERE NOT EXISTS (
        SELECT 1 FROM stock
        WHERE product_id = NEW.product_id AND warehouse_id = NEW.warehouse_id
    );
    UPDATE stock SET quantity = quantity + NEW.change
    WHERE product_id = NEW.product_id AND warehouse_id = NEW.warehouse_id;
END;

CREATE TRIGGER stock_movements_are_final BEFORE UPDATE ON stock_movements
BEGIN
    SELECT RAISE(ABORT, 'a stock movement is never changed');
END;

CREATE TRIGGER stock_movements_stay BEFORE DELETE ON stock_movements
BEGIN
    SELECT RAISE(ABORT, 'a stock movement is never deleted');
END;

CREATE TRIGGER order_lines_need_a_draft BEFORE INSERT ON order_lines
WHEN (SELECT status FROM orders WHERE id = NEW.order_id) <> 'draft'
BEGIN
    SELECT RAISE(ABORT, 'only a draft takes order lines');
END;

-- Views ---------------------------------------------------------------------------------------

CREATE VIEW low_stock AS
SELECT s.product_id, p.sku, p.name, s.warehouse_id, s.quantity - s.reserved AS available,
       s.reorder_level
FROM stock AS s JOIN products AS p ON p.id = s.product_id
WHERE s.quantity - s.reserved < s.reorder_level;

-- A promotion whose minimum is no longer reached gives nothing.
CREATE VIEW order_totals AS
WITH subtotals AS (
    SELECT o.id, o.promotion_code, count(l.line) AS lines,
           coalesce(sum(l.quantity * l.price_minor), 0) AS subtotal_minor
    FROM orders AS o LEFT JOIN order_lines AS l ON l.order_id = o.id
    GROUP BY o.id
), discounts AS (
    SELECT s.id, s.lines, s.subtotal_minor,
           CASE
               WHEN p.code IS NULL OR s.subtotal_minor < p.minimum_minor THEN 0
               WHEN p.kind = 'percent' THEN s.subtotal_minor * p.value / 100
               ELSE min(p.value, s.subtotal_minor)
           END AS discount_minor
    FROM subtotals AS s LEFT JOIN promotions AS p ON p.code = s.promotion_code
)
SELECT id AS order_id, lines, subtotal_minor, discount_minor,
       subtotal_minor - discount_minor AS total_minor
FROM discounts;

-- What counts as sold: lines of orders that were paid and neither cancelled nor returned.
CREATE VIEW sold_lines AS
SELECT o.id AS order_id, o.customer_id, o.address_id, o.currency_code, o.opened_on,
       l.product_id, l.quantity, l.quantity * l.price_minor AS revenue_minor
FROM orders AS o JOIN order_lines AS l ON l.order_id = o.id
WHERE o.status IN ('paid', 'shipped', 'delivered');
