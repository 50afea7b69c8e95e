import { hash } from 'node:crypto'

/** SHA-256 of a text in UTF-8, as hex. */
export const sha256 = (text: string): string => hash('sha256', text, 'hex')

/**
 * A draw that anybody can repeat: from 0 up to, not including, 1, evenly spread, always the same for the same text. The
 * first 8 bytes of SHA-256, big endian, without the last 11 bits (a double has 53), ÷ 2^53. Source: autopilot.md §0.
 */
export const u = (text: string): number => Number(BigInt(`0x${sha256(text).slice(0, 16)}`) >> 11n) / 2 ** 53
