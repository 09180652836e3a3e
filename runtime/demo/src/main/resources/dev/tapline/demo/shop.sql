-- A small shop, the same each time: 500,000 rows in five tables.
SELECT setseed(0.42);

BEGIN;

CREATE TYPE order_status AS ENUM ('placed', 'paid', 'shipped', 'delivered', 'returned', 'cancelled');

CREATE TABLE customers (
  id bigint NOT NULL,
  public_id uuid NOT NULL,
  name text NOT NULL,
  email text NOT NULL,
  country char(2) NOT NULL,
  birthday date,
  phone text,
  newsletter boolean NOT NULL,
  interests text[] NOT NULL,
  preferences jsonb,
  registered_at timestamptz NOT NULL
);

INSERT INTO customers
SELECT
  id,
  md5('customer ' || id)::uuid,
  first_name || ' ' || last_name,
  'customer' || id || '@example.com',
  (ARRAY['DE', 'FR', 'NL', 'DK', 'ES', 'JP', 'US', 'GB'])[1 + (random() * 7)::int],
  CASE WHEN random() < 0.8 THEN date '1945-01-01' + (random() * 22000)::int END,
  CASE WHEN random() < 0.6 THEN '+49 30 ' || (1000000 + random() * 8999999)::int END,
  random() < 0.35,
  (ARRAY['garden', 'kitchen', 'books', 'cycling', 'music', 'children'])[(random() * 5)::int : (random() * 6)::int],
  CASE WHEN random() < 0.7 THEN
    jsonb_build_object(
      'language', (ARRAY['de', 'fr', 'nl', 'da', 'es', 'ja', 'en'])[1 + (random() * 6)::int],
      'contact', jsonb_build_object('email', random() < 0.9, 'hour', 8 + (random() * 11)::int)) END,
  timestamptz '2022-01-01 00:00:00+00' + random() * interval '4 years'
FROM (
  SELECT
    id,
    (ARRAY['Anna', 'Zoë', 'Søren', 'José', 'Noah', 'Maëlle', 'Jürgen', 'Yuki', 'Emma', 'Łukasz'])[1 + (random() * 9)::int] AS first_name,
    (ARRAY['O''Brien', 'Müller', 'Dubois', 'Jensen', 'de Vries', 'García', 'Tanaka', 'Smith', 'Nowak'])[1 + (random() * 8)::int] AS last_name
  FROM generate_series(1, 40000) AS id
) AS people;

CREATE TABLE products (
  id integer NOT NULL,
  sku text NOT NULL,
  name text NOT NULL,
  price numeric(10, 2) NOT NULL,
  weight_kg double precision,
  colours text[],
  attributes jsonb NOT NULL,
  on_sale boolean NOT NULL,
  available_from date NOT NULL,
  discontinued_on date
);

INSERT INTO products
SELECT
  id,
  'SKU-' || lpad(id::text, 5, '0'),
  (ARRAY['Folding', 'Oak', 'Enamel', 'Travel', 'Quiet', 'Large', 'Café'])[1 + (random() * 6)::int]
    || ' ' || (ARRAY['lamp', 'chair', 'kettle', 'rucksack', 'bicycle bell', 'notebook', 'trowel'])[1 + (random() * 6)::int],
  round((2 + random() * 398)::numeric, 2),
  CASE WHEN random() < 0.9 THEN round((random() * 20)::numeric, 3)::double precision END,
  CASE WHEN random() < 0.5 THEN (ARRAY['red', 'black', 'sea green', 'white'])[1 : 1 + (random() * 3)::int] END,
  jsonb_build_object('warranty_years', (random() * 5)::int, 'size_cm', jsonb_build_array((random() * 90)::int, (random() * 60)::int)),
  random() < 0.1,
  date '2021-06-01' + (random() * 1000)::int,
  CASE WHEN random() < 0.15 THEN date '2025-01-01' + (random() * 360)::int END
FROM generate_series(1, 2000) AS id;

CREATE TABLE orders (
  id bigint NOT NULL,
  customer_id bigint NOT NULL,
  status order_status NOT NULL,
  ordered_at timestamptz NOT NULL,
  shipped_at timestamptz,
  shipping numeric(8, 2) NOT NULL,
  currency char(3) NOT NULL,
  gift boolean NOT NULL,
  note text
);

INSERT INTO orders
SELECT
  id,
  1 + floor(random() * 40000)::bigint,
  status,
  ordered_at,
  CASE WHEN status IN ('shipped', 'delivered', 'returned') THEN ordered_at + random() * interval '5 days' END,
  round((random() * 15)::numeric, 2),
  (ARRAY['EUR', 'EUR', 'EUR', 'USD', 'GBP'])[1 + (random() * 4)::int],
  random() < 0.08,
  CASE WHEN random() < 0.05 THEN 'Please ring twice — "2nd floor".' || chr(10) || 'Merci!' END
FROM (
  SELECT
    id,
    (enum_range(NULL::order_status))[1 + (random() * 5)::int] AS status,
    timestamptz '2024-01-01 00:00:00+00' + id * interval '9.7 minutes' + random() * interval '9 minutes' AS ordered_at
  FROM generate_series(1, 108000) AS id
) AS placed;

CREATE TABLE order_lines (
  order_id bigint NOT NULL,
  line smallint NOT NULL,
  product_id integer NOT NULL,
  quantity integer NOT NULL,
  unit_price numeric(10, 2) NOT NULL,
  discount numeric(4, 3)
);

INSERT INTO order_lines
SELECT
  order_id,
  line,
  1 + floor(random() * 2000)::int,
  1 + floor(random() * random() * 8)::int,
  round((2 + random() * 398)::numeric, 2),
  CASE WHEN random() < 0.2 THEN round((random() * 0.3)::numeric, 3) END
FROM generate_series(1, 108000) AS order_id, generate_series(1, 1 + order_id % 4) AS line;

CREATE TABLE events (
  id bigint NOT NULL,
  session_id uuid NOT NULL,
  customer_id bigint,
  kind text NOT NULL,
  occurred_at timestamptz NOT NULL,
  address inet NOT NULL,
  path text NOT NULL,
  milliseconds integer,
  properties jsonb NOT NULL
);

INSERT INTO events
SELECT
  id,
  md5('session ' || id / 8)::uuid,
  CASE WHEN random() < 0.7 THEN 1 + floor(random() * 40000)::bigint END,
  (ARRAY['view', 'view', 'view', 'search', 'add_to_basket', 'checkout'])[1 + (random() * 5)::int],
  timestamptz '2025-06-01 00:00:00+00' + id * interval '3.3 minutes',
  inet '10.0.0.0' + (random() * 16000000)::bigint,
  '/products/' || (1 + floor(random() * 2000)::int),
  CASE WHEN random() < 0.9 THEN (random() * 900)::int END,
  jsonb_build_object('agent', (ARRAY['Firefox', 'Safari', 'Chrome'])[1 + (random() * 2)::int], 'width', 320 + (random() * 3000)::int)
FROM generate_series(1, 80000) AS id;

ALTER TABLE customers ADD PRIMARY KEY (id), ADD UNIQUE (email);

ALTER TABLE products ADD PRIMARY KEY (id), ADD UNIQUE (sku);

ALTER TABLE orders ADD PRIMARY KEY (id), ADD FOREIGN KEY (customer_id) REFERENCES customers;

ALTER TABLE order_lines
  ADD PRIMARY KEY (order_id, line),
  ADD FOREIGN KEY (order_id) REFERENCES orders,
  ADD FOREIGN KEY (product_id) REFERENCES products;

ALTER TABLE events ADD PRIMARY KEY (id);

COMMENT ON TABLE orders IS 'An order; its lines are in order_lines';

COMMENT ON COLUMN orders.shipping IS 'What the customer pays for shipping, in currency';

COMMENT ON COLUMN order_lines.discount IS 'The part of the price that is taken off; NULL for none';

GRANT SELECT ON ALL TABLES IN SCHEMA public TO tapline;

-- Only the owner of the tables can say that they may be followed.
CREATE PUBLICATION tapline_shop FOR TABLE customers, products, orders, order_lines, events;

-- What happens in one moment.
CREATE PROCEDURE trade(moment integer) LANGUAGE plpgsql AS $$
DECLARE
  placed bigint;
BEGIN
  FOR i IN 1 .. 5 LOOP
    SELECT max(id) + 1 INTO placed FROM orders;
    INSERT INTO orders VALUES
      (placed, 1 + (moment * 7919 + i) % 40000, 'placed', clock_timestamp(), NULL, 4.90, 'EUR', i = 3, CASE i WHEN 1 THEN 'Leave it at "Müller"' END);
    INSERT INTO order_lines
    SELECT placed, line, 1 + (placed * line) % 2000, line, 19.99, NULL FROM generate_series(1, 1 + i % 3) AS line;
  END LOOP;
  UPDATE orders SET status = 'shipped', shipped_at = clock_timestamp()
  WHERE id IN (SELECT id FROM orders WHERE status = 'paid' ORDER BY id LIMIT 10);
  DELETE FROM order_lines WHERE order_id = moment * 3;
  DELETE FROM orders WHERE id = moment * 3;
  UPDATE products SET price = round(price * 1.01, 2) WHERE id = 1 + moment % 2000;
  UPDATE customers SET email = 'moved' || moment || '@example.com', preferences = NULL WHERE id = moment * 5;
  DELETE FROM events WHERE id BETWEEN moment * 20 + 1 AND moment * 20 + 20;
END $$;

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO shopkeeper;

COMMIT;

ANALYZE;

