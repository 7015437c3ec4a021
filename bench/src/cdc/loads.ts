/** A backlog: the table it goes to, and the statements that make it. `changes` is what a sink has to apply. */
export interface Load {
  readonly name: 'tx1000' | 'tx1' | 'wide';
  readonly createTable: string;
  readonly statements: readonly string[];
  readonly changes: number;
}

const narrow = `create table t (id bigint primary key, a int, b text, c numeric(12,2), d timestamptz default now(), e text)`;

/** 60/30/10 insert, update, delete, in transactions of 1,000 or of one row; inserts of 30 columns. The last row is the marker. */
export function loads(scale: number): readonly Load[] {
  const big = 400_000 * scale;
  const small = 100_000 * scale;
  const wide = 60_000 * scale;
  return [
    {
      name: 'tx1000',
      createTable: narrow,
      statements: [transactions(big, 1_000), marker('t (id) values (-1)')],
      changes: big + 1,
    },
    {
      name: 'tx1',
      createTable: narrow,
      statements: [transactions(small, 1), marker('t (id) values (-1)')],
      changes: small + 1,
    },
    {
      name: 'wide',
      createTable: `create table t (id bigint primary key, ${Array.from({ length: 29 }, (_, n) => `c${n} ${['text', 'int', 'timestamptz'][n % 3]}`).join(', ')})`,
      statements: [
        `do $$ begin for n in 0..${wide / 1_000 - 1} loop
           insert into t select n * 1000 + g, ${Array.from({ length: 29 }, (_, n) => ['md5(g::text)', 'g', 'now()'][n % 3]).join(', ')} from generate_series(1, 1000) g; commit;
         end loop; end $$`,
        marker('t (id) values (-1)'),
      ],
      changes: wide + 1,
    },
  ];
}

function marker(into: string): string {
  return `insert into ${into}`;
}

/** Each run of ten changes is six inserts, three updates of them and one delete. */
function transactions(changes: number, perTransaction: number): string {
  const groups = changes / 10;
  if (perTransaction === 1) {
    return `do $$ begin for n in 0..${groups - 1} loop
      for k in 1..6 loop insert into t (id, a, b, c, e) values (n * 10 + k, k, 'value ' || k, k, 'text'); commit; end loop;
      for k in 1..3 loop update t set a = a + 1 where id = n * 10 + k; commit; end loop;
      delete from t where id = n * 10 + 6; commit;
    end loop; end $$`;
  }
  const perGroup = perTransaction / 10;
  return `do $$ begin for n in 0..${changes / perTransaction - 1} loop
    insert into t (id, a, b, c, e) select (n * ${perGroup} + g) * 10 + k, k, 'value ' || k, k, 'text' from generate_series(0, ${perGroup - 1}) g, generate_series(1, 6) k;
    update t set a = a + 1 where id in (select (n * ${perGroup} + g) * 10 + k from generate_series(0, ${perGroup - 1}) g, generate_series(1, 3) k);
    delete from t where id in (select (n * ${perGroup} + g) * 10 + 6 from generate_series(0, ${perGroup - 1}) g);
    commit;
  end loop; end $$`;
}
