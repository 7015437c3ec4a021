/** Whether the last part of a package is a version: `v1`, `v1beta1`, `v1p1alpha2`, `v1test`. */
export function isVersionedPackage(name: string): boolean {
  return /\.v[1-9]\d*((p[1-9]\d*)?(alpha|beta)([1-9]\d*)?|test\w*)?$/.test(name);
}

/** Whether the version promises to stay: `v1` does, `v1beta1` does not. */
export function isStablePackage(name: string): boolean {
  return /\.v[1-9]\d*$/.test(name);
}
