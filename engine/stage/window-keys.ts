/** Between the parts of a key of state. */
export const SEP = '\0'

/** The number of a window as 6 bytes, a character each: those after 1970 are in their order. */
export function indexBytes(index: number): string {
  const high = Math.floor(index / 0x1000000)
  return `${bytes3(high)}${bytes3(index - high * 0x1000000)}`
}

/** The number of a window after 1970. */
export const indexOf = (bytes: string): number => Buffer.from(bytes, 'latin1').readUIntBE(0, 6)

const bytes3 = (n: number) => String.fromCharCode((n >> 16) & 255, (n >> 8) & 255, n & 255)
