/**
 * JSON for readers outside: what JSON has no words for is written as what a reader would expect. BigInts are
 * numbers where a double holds them exactly and text beyond; bytes are base64; maps are objects; sets arrays.
 */
export function toJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, readable, indent) ?? 'null'
}

function readable(this: unknown, key: string, value: unknown): unknown {
  // A Buffer has been through its own toJSON here already.
  const original = (this as Record<string, unknown>)[key]
  if (original instanceof Uint8Array) return Buffer.from(original).toString('base64')
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (value instanceof Map) return Object.fromEntries(value)
  if (value instanceof Set) return [...value]
  return value
}
