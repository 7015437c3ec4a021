import type { Migration } from '../postgres/migrate.ts';

/**
 * The streams of a service's schema: `stream_event` holds the events, `stream_head` what retention removed and which
 * history this is. Both are written only through the functions here.
 */
export function streamMigration(version: number): Migration {
  return { version, name: 'streams', sql };
}

// Seq order must be commit order. A sequence would hand out numbers before commit, so that a reader could pass a lower
// number which commits later; instead each append holds the stream's lock until its transaction ends, and counts on
// from what is committed by then. It counts in `stream_event`: a counter row would grow dead versions as long as any
// old transaction is open in the cluster.
const sql = `
  create table stream_head (
    stream text primary key,
    -- Names this history; drawn anew when the database finds itself on another timeline or another cluster.
    epoch text not null,
    history text not null,
    -- The last event that retention removed, 0 if none.
    cut_seq bigint not null default 0,
    cut_epoch text not null
  );
  create table stream_event (
    stream text not null,
    epoch text not null,
    seq bigint not null,
    at timestamptz not null,
    item jsonb not null,
    primary key (stream, seq)
  );

  create function stream_history() returns text language sql set search_path from current as $$
    select system_identifier || '/' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) from pg_control_system()
  $$;

  create function stream_open(stream_name text) returns void language sql set search_path from current as $$
    insert into stream_head (stream, epoch, history, cut_epoch)
    select stream_name, drawn.epoch, stream_history(), drawn.epoch
    from (select left(md5(gen_random_uuid()::text), 12) as epoch) drawn
    on conflict do nothing
  $$;

  create function stream_append(stream_name text, items jsonb) returns bigint
  language plpgsql set search_path from current as $$
  declare
    head_epoch text;
    head_history text;
    last_seq bigint;
    now_at timestamptz;
  begin
    -- What was committed while we waited for the lock must be visible below.
    if current_setting('transaction_isolation') <> 'read committed' then
      raise exception 'append to stream % needs a read committed transaction', stream_name;
    end if;
    -- A reader may have seen the event: a crash must not hand its number to another one.
    if current_setting('synchronous_commit') = 'off' then
      perform set_config('synchronous_commit', 'local', true);
    end if;
    perform pg_advisory_xact_lock(hashtextextended(current_schema() || '.stream.' || stream_name, 0));
    perform stream_open(stream_name);
    select h.epoch, h.history, coalesce((select max(e.seq) from stream_event e where e.stream = stream_name), h.cut_seq)
      into head_epoch, head_history, last_seq
      from stream_head h where h.stream = stream_name;
    if head_history <> stream_history() then
      head_epoch := left(md5(gen_random_uuid()::text), 12);
      update stream_head set epoch = head_epoch, history = stream_history() where stream = stream_name;
    end if;
    now_at := clock_timestamp();
    insert into stream_event (stream, epoch, seq, at, item)
      select stream_name, head_epoch, last_seq + entry.ordinality, now_at, entry.value
      from jsonb_array_elements(items) with ordinality as entry;
    perform pg_notify(current_schema() || '.stream.' || stream_name, '');
    return last_seq + jsonb_array_length(items);
  end $$;

  create function stream_cut(stream_name text, before timestamptz) returns bigint
  language plpgsql set search_path from current as $$
  declare
    last_cut record;
    removed bigint;
  begin
    select e.seq, e.epoch into last_cut from stream_event e
      where e.stream = stream_name and e.at < before order by e.seq desc limit 1;
    if not found then return 0; end if;
    -- In one transaction with the removal: a reader sees neither without the other.
    update stream_head set cut_seq = last_cut.seq, cut_epoch = last_cut.epoch
      where stream = stream_name and cut_seq < last_cut.seq;
    delete from stream_event e where e.stream = stream_name and e.seq <= last_cut.seq;
    get diagnostics removed = row_count;
    return removed;
  end $$;
`;
