-- The shop's own reference data: the same rows every time, from fixed arithmetic alone.
-- No random(), no clock, and nothing that depends on how many rows the ISO lists have.

-- Eight departments with four categories each.
INSERT INTO categories (id, parent_id, slug, name) VALUES
    (1, NULL, 'kitchen', 'Kitchen'), (2, NULL, 'garden', 'Garden'),
    (3, NULL, 'office', 'Office'), (4, NULL, 'sports', 'Sports'),
    (5, NULL, 'music', 'Music'), (6, NULL, 'travel', 'Travel'),
    (7, NULL, 'workshop', 'Workshop'), (8, NULL, 'home', 'Home'),
    (9, 1, 'kettles', 'Kettle'), (10, 1, 'pans', 'Pan'),
    (11, 1, 'knives', 'Knife'), (12, 1, 'bowls', 'Bowl'),
    (13, 2, 'spades', 'Spade'), (14, 2, 'hoses', 'Hose'),
    (15, 2, 'planters', 'Planter'), (16, 2, 'shears', 'Shears'),
    (17, 3, 'desks', 'Desk'), (18, 3, 'chairs', 'Chair'),
    (19, 3, 'folders', 'Folder'), (20, 3, 'pens', 'Pen'),
    (21, 4, 'balls', 'Ball'), (22, 4, 'rackets', 'Racket'),
    (23, 4, 'helmets', 'Helmet'), (24, 4, 'mats', 'Mat'),
    (25, 5, 'guitars', 'Guitar'), (26, 5, 'drums', 'Drum'),
    (27, 5, 'flutes', 'Flute'), (28, 5, 'stands', 'Stand'),
    (29, 6, 'suitcases', 'Suitcase'), (30, 6, 'backpacks', 'Backpack'),
    (31, 6, 'tents', 'Tent'), (32, 6, 'bottles', 'Bottle'),
    (33, 7, 'drills', 'Drill'), (34, 7, 'saws', 'Saw'),
    (35, 7, 'hammers', 'Hammer'), (36, 7, 'clamps', 'Clamp'),
    (37, 8, 'lamps', 'Lamp'), (38, 8, 'clocks', 'Clock'),
    (39, 8, 'cushions', 'Cushion'), (40, 8, 'mirrors', 'Mirror');

-- 2,000 products, 50 in each category: 30 in EUR, 10 in USD, 10 in JPY; every hundredth inactive.
WITH RECURSIVE
    adjectives (position, adjective) AS (
        VALUES (0, 'Compact'), (1, 'Classic'), (2, 'Robust'), (3, 'Light'), (4, 'Folding'),
               (5, 'Silent'), (6, 'Green'), (7, 'Golden'), (8, 'Simple'), (9, 'Deluxe')
    ),
    numbers (id) AS (
        SELECT 1 UNION ALL SELECT id + 1 FROM numbers WHERE id < 2000
    )
INSERT INTO products (id, sku, name, category_id, price_minor, currency_code, active)
SELECT n.id, printf('SKU-%05d', n.id), printf('%s %s %d', a.adjective, c.name, n.id), c.id,
       199 + n.id * 7919 % 20000,
       CASE (n.id - 1) / 40 % 5 WHEN 3 THEN 'USD' WHEN 4 THEN 'JPY' ELSE 'EUR' END,
       n.id % 100 <> 0
FROM numbers AS n
JOIN adjectives AS a ON a.position = (n.id - 1) / 200
JOIN categories AS c ON c.id = 1 + (n.id - 1) % 40;

INSERT INTO warehouses (id, code, name, country_code) VALUES
    (1, 'BER', 'Berlin', 'DE'), (2, 'LYS', 'Lyon', 'FR'),
    (3, 'NYC', 'New York', 'US'), (4, 'TYO', 'Tokyo', 'JP');

-- Every product is kept in two warehouses: odd ids in 1 and 3, even ids in 2 and 4. Every fiftieth
-- product is running low in both.
INSERT INTO stock (product_id, warehouse_id, quantity, reserved, reorder_level)
SELECT p.id, w.id,
       CASE WHEN p.id % 50 = 0 THEN 5 ELSE 20 + (p.id * 31 + w.id * 17) % 100 END, 0, 10
FROM products AS p JOIN warehouses AS w ON w.id % 2 = p.id % 2
ORDER BY p.id, w.id;

-- 500 customers, 100 for each of five languages.
WITH RECURSIVE numbers (id) AS (
    SELECT 1 UNION ALL SELECT id + 1 FROM numbers WHERE id < 500
)
INSERT INTO customers (id, email, name, language_code, registered_on, active)
SELECT id, printf('customer%03d@example.org', id), printf('Customer %03d', id),
       CASE id % 5 WHEN 0 THEN 'deu' WHEN 1 THEN 'eng' WHEN 2 THEN 'fra' WHEN 3 THEN 'jpn'
           ELSE 'spa' END,
       printf('2023-%02d-%02d', 1 + id % 12, 1 + id % 28), 1
FROM numbers;

-- Addresses 1..500 are the default address of the customer with the same number; customers with an
-- even number have a second one, 501..750.
INSERT INTO addresses (id, customer_id, line, city, postal_code, country_code, subdivision_code,
                       is_default)
SELECT id, id, printf('Main Street %d', id),
       CASE id % 5 WHEN 0 THEN 'Berlin' WHEN 1 THEN 'New York' WHEN 2 THEN 'Zurich'
           WHEN 3 THEN 'Tokyo' ELSE 'Toronto' END,
       printf('%05d', 10000 + id * 37 % 90000),
       CASE id % 5 WHEN 0 THEN 'DE' WHEN 1 THEN 'US' WHEN 2 THEN 'CH' WHEN 3 THEN 'JP'
           ELSE 'CA' END,
       CASE id % 5 WHEN 0 THEN 'DE-BE' WHEN 1 THEN 'US-NY' WHEN 2 THEN 'CH-ZH' WHEN 3 THEN 'JP-13'
           ELSE 'CA-ON' END,
       1
FROM customers
ORDER BY id;

INSERT INTO addresses (id, customer_id, line, city, postal_code, country_code)
SELECT 500 + id / 2, id, printf('Back Lane %d', id), 'Paris', '75001', 'FR'
FROM customers
WHERE id % 2 = 0
ORDER BY id;

INSERT INTO promotions (code, kind, value, currency_code, minimum_minor, starts_on, ends_on,
                        maximum_uses) VALUES
    ('WELCOME10', 'percent', 10, NULL, 0, '2020-01-01', '2099-12-31', NULL),
    ('SPRING20', 'percent', 20, NULL, 5000, '2024-03-01', '2024-05-31', NULL),
    ('ONCE50', 'percent', 50, NULL, 0, '2020-01-01', '2099-12-31', 1),
    ('EURO5', 'amount', 500, 'EUR', 2000, '2020-01-01', '2099-12-31', NULL),
    ('DOLLAR10', 'amount', 1000, 'USD', 5000, '2020-01-01', '2099-12-31', NULL),
    ('EXPIRED', 'percent', 30, NULL, 0, '2019-01-01', '2019-12-31', NULL);
