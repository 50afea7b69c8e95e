import { join } from 'node:path'
import type { Chain } from './chain.ts'
import { killAtRename, killAtWrite, lastCall, noStrace } from './strace.ts'
import type { Summary } from './summary.ts'
import { tornPart } from './torn-part.ts'

const BETWEEN = 'between deduplication log and rename of the part (strace)'
const ELSEWHERE = 'at another rename (strace)'
const IN_COMMIT = "amid a commit's writes (strace)"
/** Of each life. The second life begins by inserting what the first one lost, and is killed in that. */
const RENAMES = [1, 1, 2, 3, 9]
const WRITES = [60, 400]

/** Kills that only a tracer can place: inside ClickHouse's insert, and inside LMDB's commit. */
export async function tornKills(chain: Chain, folder: string, summary: Summary): Promise<void> {
  const why = noStrace()
  if (why !== null) {
    summary.notes.push(`skipped: kills between deduplication log and part, because ${why}`)
    return
  }
  const trace = join(folder, 'trace.txt')
  let between = 0
  for (const nth of RENAMES)
    await chain.under(killAtRename(nth, trace), () => {
      // A merge renames as well. What counts is what the store has been left with.
      if (!lastCall(trace)?.includes('tmp_insert_') || !tornPart(chain.dir)) return ELSEWHERE
      between++
      return BETWEEN
    })
  for (const nth of WRITES)
    await chain.under(killAtWrite(nth, join(chain.dir, 'log.lmdb'), trace), () => IN_COMMIT)
  await chain.finish()
  if (between === 0) summary.wrong.push(`torn: no kill fell ${BETWEEN}`)
}
