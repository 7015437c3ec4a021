/** Relative names are resolved below a root that no text can name, and told without it. */
const nowhere = 'spine-relative:///';

/** The URI that `reference` means in a schema whose own is `base` (RFC 3986); both may be relative, as names of files are. */
export function resolveUri(base: string, reference: string): string {
  if (reference === '') return base;
  try {
    const url = new URL(reference, new URL(base, nowhere));
    const { href } = url;
    return href.startsWith(nowhere) ? href.slice(nowhere.length) : href;
  } catch {
    return reference;
  }
}

/** A reference as the address of a text and the fragment in it, decoded. */
export function splitUri(reference: string): { readonly address: string; readonly fragment: string } {
  const at = reference.indexOf('#');
  if (at === -1) return { address: reference, fragment: '' };
  return { address: reference.slice(0, at), fragment: decode(reference.slice(at + 1)) };
}

function decode(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
