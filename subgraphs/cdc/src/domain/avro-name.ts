/** A name by the rules of Avro: letters, digits and _, not starting with a digit. Other characters become _. */
export function avroName(name: string): string {
  const safe = name.replace(/[^A-Za-z0-9_]/g, '_');
  return /^[A-Za-z_]/.test(safe) ? safe : `_${safe}`;
}

/** A namespace: its parts, each a name, joined by dots. */
export function avroNamespace(...parts: readonly string[]): string {
  return parts.flatMap((part) => part.split('.').map(avroName)).join('.');
}

/** Names for fields of one record; what two columns would share is numbered for the later one. */
export function avroFieldNames(columns: readonly string[]): readonly string[] {
  // A column whose own name is legal keeps it, whatever stands before it.
  const taken = new Set(columns.filter((column) => avroName(column) === column));
  return columns.map((column) => {
    const plain = avroName(column);
    if (plain === column) return column;
    let name = plain;
    for (let number = 2; taken.has(name); number += 1) name = `${plain}_${number}`;
    taken.add(name);
    return name;
  });
}
