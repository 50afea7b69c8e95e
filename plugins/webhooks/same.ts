import { createHash, timingSafeEqual } from 'node:crypto'

/**
 * Whether two texts or bytes are the same, in a time that says nothing of where they differ. Both are hashed first, so
 * that a wrong length is not told either.
 */
export function same(a: string | Buffer, b: string | Buffer): boolean {
  const digest = (value: string | Buffer) => createHash('sha256').update(value).digest()
  return timingSafeEqual(digest(a), digest(b))
}
