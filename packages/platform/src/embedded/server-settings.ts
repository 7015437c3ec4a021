/** Value of a server setting; booleans become on and off. */
export type SettingValue = string | number | boolean;
export type Settings = Readonly<Record<string, SettingValue>>;

/** What every server of ours runs with, under the caller's own settings. */
export function serverSettings(port: number, socketDirectory: string, extra: Settings): Settings {
  return {
    wal_level: 'logical',
    max_wal_senders: 32,
    max_replication_slots: 32,
    max_connections: 200,
    timezone: 'UTC',
    // Errors of statements, their details and their text may quote row values: none of it is written down.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    logging_collector: false,
    ...extra,
    // Not for the caller to loosen.
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: socketDirectory,
    unix_socket_permissions: '0700',
  };
}
