import pg from 'pg';

export interface Workload {
  /** Source transactions committed so far. */
  committed(): number;
  stop(): Promise<void>;
}

/**
 * A steady live load of small transactions: new orders, payments, moved points, now and then a large note, a return or a new
 * customer. Errors of the database are waited out: the shop outlives a restart of its server.
 */
export function runWorkload(options: { readonly url: string; readonly perSecond: number }): Workload {
  const pool = new pg.Pool({ connectionString: options.url, max: 4 });
  pool.on('error', () => undefined);
  let committed = 0;
  let stopped = false;
  const pause = 1000 / options.perSecond;

  const running = (async () => {
    let next = Date.now();
    for (let turn = 0; !stopped; turn++) {
      next += pause;
      try {
        await transaction(pool, turn);
        committed++;
      } catch {
        next = Date.now() + 1000;
      }
      const wait = next - Date.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      else next = Date.now();
    }
  })();

  return {
    committed: () => committed,
    async stop() {
      stopped = true;
      await running;
      await pool.end();
    },
  };
}

async function transaction(pool: pg.Pool, turn: number): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await step(client, turn);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

async function step(client: pg.PoolClient, turn: number): Promise<void> {
  if (turn % 97 === 0) {
    await client.query(
      `insert into customers (full_name, email, phone, country)
       values ('New customer ' || $1::int, 'new' || $1::int || '@example.org', null, 'DE')`,
      [turn],
    );
    return;
  }
  // Chosen here: a volatile random() in the predicate would scan the table.
  const chance = Math.random();
  const order = `(select id from orders where id >= (select max(id) * $1::float8 from orders)::bigint order by id limit 1)`;
  const customer = `(select id from customers where id >= (select max(id) * $1::float8 from customers)::bigint order by id limit 1)`;
  switch (turn % 4) {
    case 0: {
      const { rows } = await client.query<{ id: string }>(
        `insert into orders (customer_id, status, total, currency, items, notes)
         values (${customer}, 'open', round(($1::float8 * 300)::numeric, 2), 'EUR', '[{"sku": "SKU-1", "quantity": 1}]',
                 case when $2::int % 40 = 0 then (select string_agg(md5(random()::text), '') from generate_series(1, 300)) end)
         returning id`,
        [chance, turn],
      );
      await client.query(`insert into order_events (order_id, kind) values ($1, 'created')`, [rows[0]?.id]);
      break;
    }
    case 1:
      await client.query(`update orders set status = 'paid', updated_at = now() where id = ${order}`, [
        chance,
      ]);
      break;
    case 2:
      await client.query(`update customers set loyalty_points = loyalty_points + 1 where id = ${customer}`, [
        chance,
      ]);
      break;
    default:
      if (turn % 3 === 0) await client.query(`delete from orders where id = ${order}`, [chance]);
      else await client.query(`update orders set total = total + 0.01 where id = ${order}`, [chance]);
  }
}
