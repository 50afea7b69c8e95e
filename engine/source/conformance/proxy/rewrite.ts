import type { IncomingHttpHeaders } from 'node:http'

const TEXT = /json|text|xml|javascript|csv|urlencoded/i

/** Makes addresses of one origin into those of another, in whatever spelling an answer holds them. */
export function rewriter(from: string, to: string) {
  const spellings = [
    (text: string) => text,
    (text: string) => text.replaceAll('/', '\\/'),
    (text: string) => encodeURIComponent(text),
  ].map(spell => [spell(from), spell(to)] as const)
  const text = (value: string): string =>
    spellings.reduce((rest, [old, now]) => rest.replaceAll(old, now), value)
  return {
    text,
    /** A body of text; any other stays as it is. */
    body(bytes: Buffer, headers: IncomingHttpHeaders): Buffer {
      if (headers['content-encoding'] !== undefined) return bytes
      if (!TEXT.test(headers['content-type'] ?? 'text/plain')) return bytes
      const before = bytes.toString('utf8')
      const after = text(before)
      return after === before ? bytes : Buffer.from(after)
    },
  }
}

/** A configuration whose addresses of one origin are those of another: token and upload addresses too. */
export function withOrigin<T>(config: T, from: string, to: string): T {
  if (typeof config === 'string')
    return (config === from || config.startsWith(`${from}/`) ? to + config.slice(from.length) : config) as T
  if (Array.isArray(config)) return config.map(item => withOrigin(item, from, to)) as T
  if (typeof config !== 'object' || config === null) return config
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [name, withOrigin(value, from, to)]),
  ) as T
}
