/**
 * JSON in one form only (RFC 8785, JCS): names sorted by UTF-16 units, no spaces, numbers as JavaScript writes them. For
 * hashes that others can check.
 * @throws RangeError: a value that JSON cannot hold (undefined, NaN, a lone surrogate …)
 */
export function canonical(value: unknown): string {
  switch (typeof value) {
    case 'boolean':
      return value ? 'true' : 'false'
    case 'number':
      if (!Number.isFinite(value)) throw unfit(value)
      return JSON.stringify(value)
    case 'string':
      if (LONE_SURROGATE.test(value)) throw unfit(value)
      return JSON.stringify(value)
    case 'object': {
      if (value === null) return 'null'
      if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
      const names = Object.keys(value).sort()
      const fields = value as Readonly<Record<string, unknown>>
      return `{${names.map(name => `${canonical(name)}:${canonical(fields[name])}`).join(',')}}`
    }
    default:
      throw unfit(value)
  }
}

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/

const unfit = (value: unknown) => new RangeError(`canonical JSON cannot hold ${String(value)}`)
