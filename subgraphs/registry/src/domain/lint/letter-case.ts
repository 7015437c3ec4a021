/** `OrderLine`, `HTTPServer`: a capital first, letters and digits only. */
export function isPascalCase(name: string): boolean {
  return /^[A-Z][A-Za-z0-9]*$/.test(name);
}

/** `orderLine`. */
export function isCamelCase(name: string): boolean {
  return /^[a-z][A-Za-z0-9]*$/.test(name);
}

/** `order_line`, `line_2`: no two signs _ in a row, none at an end. */
export function isLowerSnakeCase(name: string): boolean {
  return /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name);
}

/** `ORDER_LINE`. */
export function isUpperSnakeCase(name: string): boolean {
  return /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(name);
}

/** `OrderLine` as `ORDER_LINE`, `HTTPStatus` as `HTTP_STATUS`. */
export function toUpperSnakeCase(name: string): string {
  return toLowerSnakeCase(name).toUpperCase();
}

/** `orderLine`, `order-line` and `OrderLine` as `order_line`. */
export function toLowerSnakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase();
}

/** `order_line` as `OrderLine`. */
export function toPascalCase(name: string): string {
  return name.replace(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, first: string) => first.toUpperCase());
}
