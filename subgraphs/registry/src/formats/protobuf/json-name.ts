/** The JSON name of a field that names none (Protocol Buffers, "ProtoJSON Format"). */
export function jsonNameOf(name: string): string {
  if (!name.includes('_')) return name;
  return name.replaceAll(/_+([a-z]?)/g, (_whole, letter: string) => letter.toUpperCase());
}
