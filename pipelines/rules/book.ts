import { createHash } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { RuleSet } from './model/match.ts'
import { parseRule } from './model/parse.ts'
import type { Rule } from './model/rule.ts'

/**
 * A tenant's rules. They are kept in one piece, squeezed: rules are alike, ten thousand are a few hundred kilobytes, and
 * each is looked at for each subject.
 */
export interface Book {
  /** Deflated JSON: texts of rules by id. */
  bytes: Buffer | null
  /** SHA-256 of the texts, hex: the same rules are compiled once. */
  hash: string
  count: number
}

export const emptyBook = (): Book => ({ bytes: null, hash: '', count: 0 })

/** A state of the fold is one record of the changelog: it has to fit. */
const MOST_BYTES = 1 << 20
const MOST_RULES = 20_000

type Texts = Readonly<Record<string, string>>

export const textsOf = ({ bytes }: Readonly<Book>): Texts =>
  bytes === null ? {} : (JSON.parse(inflateRawSync(bytes).toString('utf8')) as Texts)

/** A book with one rule more, another in its place, or (null) without it; a text: why it may not be. */
export function changedBook(book: Readonly<Book>, id: string, text: string | null): Book | string {
  const { [id]: _, ...others } = textsOf(book)
  const texts = text === null ? others : { ...others, [id]: text }
  const count = Object.keys(texts).length
  if (count === 0) return emptyBook()
  if (count > MOST_RULES) return `a tenant has at most ${MOST_RULES} rules`
  const json = JSON.stringify(Object.fromEntries(Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1))))
  const bytes = deflateRawSync(json)
  if (bytes.length > MOST_BYTES)
    return `the rules of a tenant have no more room: ${count} of them take ${bytes.length} bytes, ${MOST_BYTES} are there`
  return { bytes, hash: createHash('sha256').update(json).digest('hex'), count }
}

const MOST_KEPT = 200
const kept = new Map<string, RuleSet>()

/** The rules of a book, compiled. Books that are the same share them. */
export function rulesOf(book: Readonly<Book>): RuleSet {
  let set = kept.get(book.hash)
  if (set === undefined) {
    set = new RuleSet(Object.values(textsOf(book)).map((text): Rule => parseRule(JSON.parse(text), 'rule')))
    if (kept.size >= MOST_KEPT) kept.clear()
    kept.set(book.hash, set)
  }
  return set
}
