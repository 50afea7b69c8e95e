import { StratumError } from '../errors.ts'

const READS = ['select', 'with', 'from', 'show', 'describe', 'desc', 'explain', 'exists']

const COMMENT = String.raw`--[^\n]*|#[ !][^\n]*|/\*[\s\S]*?\*/`
const QUOTED = [
  String.raw`'(?:[^'\\]|\\[\s\S]|'')*'`,
  String.raw`"(?:[^"\\]|\\[\s\S]|"")*"`,
  '`(?:[^`\\\\]|\\\\[\\s\\S])*`',
  String.raw`\$(?<tag>\w*)\$[\s\S]*?\$\k<tag>\$`,
].join('|')
/** ClickHouse's comments, quoted texts and names, words; any other character by itself. */
const TOKENS = new RegExp(String.raw`(?<comment>${COMMENT})|${QUOTED}|[A-Za-z_]\w*|\S`, 'g')

/**
 * The one statement of a text, without the semicolon behind it. The store refuses writes itself; here is refused
 * what it would not: several statements, whose answers would run into one another, and files.
 * @throws StratumError USAGE
 */
export function readingStatement(text: string): string {
  const tokens = [...text.matchAll(TOKENS)].filter(token => !token.groups?.comment)
  const first = tokens.find(([token]) => token !== '(')?.[0].toLowerCase()
  if (first === undefined || first === ';') throw usage('the statement is empty')
  if (!READS.includes(first))
    throw usage('query only reads: SELECT, WITH, SHOW, DESCRIBE, EXPLAIN or EXISTS begin a statement')
  const end = tokens.findIndex(([token]) => token === ';')
  if (end >= 0 && tokens.slice(end).some(([token]) => token !== ';'))
    throw usage('one statement at a time: there is more behind the semicolon')
  const words = tokens.map(([token]) => token.toLowerCase())
  if (words.some((word, at) => word === 'into' && words[at + 1] === 'outfile'))
    throw usage('query writes no files: leave INTO OUTFILE out and redirect the output')
  return end < 0 ? text : text.slice(0, tokens[end]!.index)
}

const usage = (message: string) => new StratumError('USAGE', message)

const SYNTAX =
  /^ClickHouse: (?:(.+?): )?Syntax error: failed at position (\d+) \((.*?)\)(?: \(line (\d+), col (\d+)\))?:/s

/** A refusal of the store in words for whoever wrote the statement: where it is wrong, not all it might have been. */
export function readableRefusal(error: unknown): unknown {
  if (!(error instanceof StratumError) || error.code !== 'STORE_REFUSED') return error
  const message = syntaxError(error.message) ?? noDatabase(error.message)
  return message === null ? error : new StratumError('STORE_REFUSED', message, { cause: error })
}

function syntaxError(refusal: string): string | null {
  const found = SYNTAX.exec(refusal)
  if (!found) return null
  const [, what, position, token = '', line, column] = found
  const where = line === undefined ? `character ${position}` : `line ${line}, column ${column}`
  if (what !== undefined) return `${what[0]!.toLowerCase()}${what.slice(1)} (${where})`
  if (token === 'end of query') return 'syntax error: the statement ends too early'
  if (refusal.includes('Unmatched parentheses'))
    return `syntax error: "${token}" has no counterpart (${where})`
  return `syntax error near "${token.length > 30 ? `${token.slice(0, 30)}…` : token}" (${where})`
}

function noDatabase(refusal: string): string | null {
  const found = /^ClickHouse: (Database \S+ does not exist)/.exec(refusal)
  return found && `${found[1]}: its tables are made when stratum start or stratum ingest first runs`
}
