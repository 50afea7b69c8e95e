import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Test } from 'tap'

/**
 * Runs a file of tests in a process of its own and kills that when all is said: one in which librdkafka hangs after a
 * broker stood still cannot end by itself, whatever its tests say.
 */
export async function apart(t: Test, file: URL): Promise<void> {
  const child = spawn(process.execPath, ['--enable-source-maps', file.pathname], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const gone = once(child, 'close')
  t.teardown(async () => {
    child.kill('SIGKILL')
    await gone
  })
  let passed = 0
  let isWhole = false
  for await (const line of createInterface(child.stdout)) {
    if (/^\s*not ok/.test(line)) t.fail(line.trim())
    if (/^ok/.test(line)) passed++
    if (/^# time=/.test(line)) {
      isWhole = true
      break
    }
  }
  t.ok(isWhole, 'all was said')
  t.ok(passed > 0, `${passed} tests passed`)
}
