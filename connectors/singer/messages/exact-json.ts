import { randomUUID } from 'node:crypto'

/** Stands before the digits of a number that a float cannot hold. No text of a tap can know it. */
const MARK = `${randomUUID()}:`
const MARKED = new RegExp(`"${MARK}([^"]*)"`, 'g')
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

/**
 * JSON.parse and JSON.stringify for documents that are changed and written again: a number that would come out
 * otherwise (9223372036854775807, 1.10, 1e-38) comes out as it went in. In between it is a marked text.
 */
export const parseExact = (text: string): unknown =>
  JSON.parse(
    text.replace(TOKENS, token =>
      token[0] === '"' || JSON.stringify(Number(token)) === token ? token : `"${MARK}${token}"`,
    ),
  )

export const stringifyExact = (value: unknown): string => JSON.stringify(value).replace(MARKED, '$1')
