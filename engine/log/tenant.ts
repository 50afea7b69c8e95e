/** Separates the parts of a record key; the first part is the tenant. */
export const KEY_SEPARATOR = '\x1f'

const SEPARATOR = KEY_SEPARATOR.charCodeAt(0)

let last = Buffer.alloc(0)
let lastTenant = ''

/** The tenant of a record: its key up to the first separator, or all of it. */
export function tenantOf(key: Buffer): string {
  // Asked for every record that is folded, and most come in runs of one tenant.
  if (begins(key, last)) return lastTenant
  const end = key.indexOf(SEPARATOR)
  // A copy: the key is a piece of a whole batch, which would stay in memory with it.
  last = Buffer.from(end < 0 ? key : key.subarray(0, end))
  lastTenant = last.toString()
  return lastTenant
}

/** Whether the first part of the key is this one. */
function begins(key: Buffer, part: Buffer): boolean {
  const { length } = part
  if (key.length !== length && key[length] !== SEPARATOR) return false
  for (let i = 0; i < length; i++) if (key[i] !== part[i]) return false
  return true
}
