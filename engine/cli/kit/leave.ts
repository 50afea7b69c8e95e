import { hungCalls } from '../../log/kafka/write/rdkafka.ts'

/**
 * Ends the process. Node waits for every thread of its pool, and one that hangs in librdkafka is never given back: then
 * only a signal ends it (exit code 137), with nothing left to do.
 */
export function leave(code: number): never {
  const hung = hungCalls()
  if (hung > 0) {
    process.stderr.write(
      `librdkafka has not come back from ${hung} calls: the process is killed instead of ended (exit code ${code} otherwise). Nothing is lost\n`,
    )
    process.kill(process.pid, 'SIGKILL')
  }
  process.exit(code)
}
