import { hash } from 'node:crypto'

/**
 * A deterministic id: the first 128 bits of SHA-256 over the parts, as hex. The same parts give the same id on
 * every run and machine. Parts are joined by U+001F, which no identifier holds.
 */
export function deterministicId(...parts: readonly (string | number | null)[]): string {
  return hash('sha256', parts.join('\x1f'), 'hex').slice(0, 32)
}
