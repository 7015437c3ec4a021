import pg from 'pg';

const customers = 20_000;
const orders = 60_000;

/** Creates the shop's tables and first rows when they are not there. Large `notes` values are stored out of line (TOAST). */
export async function createShop(url: string): Promise<{ readonly created: boolean }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ found: string | null }>(
      `select to_regclass('public.order_events')::text as found`,
    );
    if (rows[0]?.found != null) return { created: false };
    await client.query('begin');
    await client.query(tables);
    await client.query(
      `insert into customers (full_name, email, phone, country, loyalty_points)
       select 'Customer ' || n, 'customer' || n || '@example.org', '+49 30 ' || lpad(n::text, 7, '0'),
              (array['DE','FR','NL','ES','PL'])[1 + n % 5], n % 1000
       from generate_series(1, $1::int) n`,
      [customers],
    );
    await client.query(
      `insert into orders (customer_id, status, total, currency, items, notes)
       select 1 + (n * 7919) % $2::int, (array['open','paid','sent'])[1 + n % 3], (n % 50000) / 100.0, 'EUR',
              jsonb_build_array(jsonb_build_object('sku', 'SKU-' || n % 500, 'quantity', 1 + n % 4)),
              case when n % 50 = 0 then (select string_agg(md5((n + g)::text), '') from generate_series(1, 200) g) end
       from generate_series(1, $1::int) n`,
      [orders, customers],
    );
    await client.query(
      `insert into order_events (order_id, kind) select n, 'created' from generate_series(1, $1::int) n`,
      [orders],
    );
    await client.query('commit');
    await client.query('analyze');
    return { created: true };
  } finally {
    await client.end();
  }
}

/** `order_events` has no key on purpose: it is delivered by inserts only. */
const tables = `
  create table customers (
    id bigint generated always as identity primary key,
    full_name text not null,
    email text not null,
    phone text,
    country char(2) not null,
    loyalty_points int not null default 0,
    created_at timestamptz not null default now()
  );
  create table orders (
    id bigint generated always as identity primary key,
    customer_id bigint not null references customers (id),
    status text not null,
    total numeric(12, 2) not null,
    currency char(3) not null,
    items jsonb not null,
    notes text,
    placed_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  );
  create table order_events (
    order_id bigint not null,
    kind text not null,
    at timestamptz not null default now()
  );
`;
