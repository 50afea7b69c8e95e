import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { markovOf } from '../../pipelines/attribution/model/markov/fit.ts'
import { pathsOf } from '../../pipelines/attribution/model/paths.ts'
import { readPaths } from '../../pipelines/attribution/path-file.ts'

/**
 * Markov of order 1 beside ChannelAttribution (PyPI), in turns, on its own data: milliseconds a fit, and conversions that
 * are credited to another channel than in the exact limit. Ours once with the file parsed, and once from the texts of its
 * paths, which theirs takes apart too. Then orders 2 to 4. Usage: markov.js [--python PATH] [--file FILE] [--rounds N]. Prints JSON.
 */
const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    file: { type: 'string', default: '../shared/data/attribution/PathData.csv' },
    rounds: { type: 'string', default: '5' },
  },
})
const TIMES = 10
const THEIRS = fileURLToPath(new URL('../../../bench/attribution/theirs.py', import.meta.url))
const rows = await readPaths(values.file, new AbortController().signal)
const texts = rows.map(row => ({ ...row, text: row.path.join(' > ') }))
const paths = pathsOf(rows)

const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!
const rounded = (x: number) => Number(x.toFixed(2))

function timed(run: () => unknown): number {
  const begun = performance.now()
  run()
  return performance.now() - begun
}

const theirs = (): { ms: number[]; credits: Record<string, number> } => {
  const said = execFileSync(values.python, [THEIRS, values.file, String(TIMES)], { encoding: 'utf8' })
  return JSON.parse(said.trim().split('\n').at(-1)!)
}
const fromTexts = () =>
  markovOf(
    pathsOf(texts.map(({ text, ...row }) => ({ ...row, path: text.split('>').map(part => part.trim()) }))),
  )

const cold = timed(() => markovOf(paths))
const exact = new Map(markovOf(paths).channels.map(({ channel, conversions }) => [channel, conversions]))
const rounds = Array.from({ length: Number(values.rounds) }, () => {
  const { ms, credits } = theirs()
  const misplaced =
    Object.entries(credits).reduce((sum, [c, n]) => sum + Math.abs(n - (exact.get(c) ?? 0)), 0) / 2
  return {
    theirs: median(ms),
    misplaced,
    ours: median(Array.from({ length: TIMES }, () => timed(() => markovOf(paths)))),
    texts: median(Array.from({ length: TIMES }, () => timed(fromTexts))),
  }
})
console.log(
  JSON.stringify({
    ours_cold_ms: rounded(cold),
    ours_ms: rounded(median(rounds.map(round => round.ours))),
    ours_from_texts_ms: rounded(median(rounds.map(round => round.texts))),
    theirs_ms: rounded(median(rounds.map(round => round.theirs))),
    times_faster: rounded(median(rounds.map(round => round.theirs / round.ours))),
    times_faster_from_texts: rounded(median(rounds.map(round => round.theirs / round.texts))),
    rounds: rounds.map(round => rounded(round.theirs / round.ours)),
    theirs_misplaced_conversions: rounded(median(rounds.map(round => round.misplaced))),
    of_conversions: paths.totals.conversions,
    orders_ms: Object.fromEntries(
      [2, 3, 4].map(order => [order, Math.round(timed(() => markovOf(paths, { order })))]),
    ),
  }),
)
