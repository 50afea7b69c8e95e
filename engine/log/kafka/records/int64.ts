import { StratumError } from '../../../errors.ts'

/**
 * A signed 64-bit integer as a number, without a BigInt on the way.
 * @throws LOG_CORRUPT when a number cannot hold it exactly (Kafka's offsets, times and producer ids never get there)
 */
export function int64(buffer: Buffer, at: number): number {
  const value = buffer.readInt32BE(at) * 0x1_0000_0000 + buffer.readUInt32BE(at + 4)
  if (!Number.isSafeInteger(value))
    throw new StratumError(
      'LOG_CORRUPT',
      `Kafka answered ${buffer.readBigInt64BE(at)} where an offset, a time or a producer id was due`,
    )
  return value
}
