import { crc32 } from 'node:zlib'

/** The partition of a key: CRC-32 of its UTF-8 bytes, modulo. Stable for ever, since state lives beside it. */
export function partitionOf(key: string | Buffer, partitions: number): number {
  return partitions === 1 ? 0 : (crc32(key) >>> 0) % partitions
}
