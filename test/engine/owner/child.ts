import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { acquire } from '../../../engine/owner/lock.ts'

/**
 * A process for the tests: `child.js DIR hold` keeps the directory until it is killed; `child.js DIR race JOURNAL N`
 * takes and gives it back N times and writes down when, so that two owners at once would show.
 */
const [dir, mode, journal, times] = process.argv.slice(2)

async function hold() {
  await acquire(dir!, { command: 'stratum start' })
  process.stdout.write('held\n')
  setInterval(() => {}, 1000)
}

async function race() {
  let won = 0
  while (won < Number(times)) {
    try {
      const release = await acquire(dir!, { command: 'stratum race' })
      appendFileSync(journal!, `+${process.pid}\n`)
      if (won % 3 === 0) await sleep(1)
      appendFileSync(journal!, `-${process.pid}\n`)
      won++
      // Dying without giving back is what the next one must cope with.
      if (won === Number(times)) process.kill(process.pid, 'SIGKILL')
      release()
    } catch (error) {
      if ((error as { code?: string }).code !== 'DATA_DIR_IN_USE') throw error
    }
    await sleep(Math.random() * 3)
  }
}

await (mode === 'hold' ? hold() : race())
