/** Binary keys: big-endian, so that byte order is number order. */
const HI = 2 ** 32

export function frameKey(topic: number, partition: number, offset: number): Buffer {
  const key = Buffer.allocUnsafe(16)
  key.writeUInt32BE(topic, 0)
  key.writeUInt32BE(partition, 4)
  key.writeUInt32BE(Math.floor(offset / HI), 8)
  key.writeUInt32BE(offset % HI, 12)
  return key
}

export function offsetOfFrameKey(key: Buffer): number {
  return key.readUInt32BE(8) * HI + key.readUInt32BE(12)
}

/** First key after every frame of the partition. */
export function frameKeyEnd(topic: number, partition: number): Buffer {
  return frameKey(topic, partition + 1, 0)
}

export function stateKey(store: number, key: Buffer): Buffer {
  const out = Buffer.allocUnsafe(4 + key.length)
  out.writeUInt32BE(store, 0)
  key.copy(out, 4)
  return out
}
