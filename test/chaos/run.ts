import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { messageOf } from '../../engine/errors.ts'
import { ChainFailed } from './chain.ts'
import { material } from './input.ts'
import { parseOptions, USAGE, UsageError } from './options.ts'
import { runAll } from './runs.ts'
import { Summary } from './summary.ts'

/** `npm run chaos`: see README.md beside this file. */
async function main(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv)
  if (options.kafka) return (await import('./kafka/run.ts')).run(options)
  const folder = mkdtempSync(join(tmpdir(), 'stratum-chaos-'))
  const summary = new Summary(options)
  let code = 1
  try {
    const input = material(options, folder)
    process.stdout.write(`chaos: seed ${options.seed}, ${options.faults} random kills, ${input.title}\n`)
    await runAll({ options, input, folder, summary })
    code = summary.wrong.length === 0 ? 0 : 1
  } catch (error) {
    // A life that failed is a finding; anything else is a fault of the harness, and shows where.
    summary.wrong.push(
      error instanceof ChainFailed ? error.message : ((error as Error).stack ?? messageOf(error)),
    )
  }
  if (code === 0 && !options.keep) rmSync(folder, { recursive: true, force: true })
  else process.stdout.write(`the data directories are kept in ${folder}\n`)
  process.stdout.write(summary.text())
  return code
}

// `exit` handlers end the children.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    process.stderr.write(`chaos: stopped by ${signal}\n`)
    process.exit(130)
  })

if (process.argv.includes('--help')) {
  process.stdout.write(`${USAGE}\n`)
  process.exit(0)
}
try {
  // Clients of a cluster that is gone would go on looking for it.
  process.exit(await main(process.argv.slice(2)))
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  process.stderr.write(`chaos: ${error.message}\n`)
  process.exitCode = 2
}
