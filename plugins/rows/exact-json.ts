import { parse } from 'lossless-json'

/**
 * JSON whose numbers are kept as they are written, as text: ids are longer than a double holds, and no amount is ever
 * a float. @throws SyntaxError
 */
export const exactJson = (text: string): unknown => parse(text, undefined, { parseNumber: digits => digits })
