/** How far a piece of work is. */
export interface Progress {
  /** `total` null while it is not known. */
  update(done: number, total?: number | null): void
  /** Takes the line away. */
  end(): void
}

export interface ProgressOptions {
  readonly stream?: { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown }
  readonly afterMs?: number
  readonly everyMs?: number
}

const CLEAR = '\r\u001b[K'

/** One line on stderr, redrawn: only on a terminal, and only for work that lasts over a second. */
export function progress(label: string, options: ProgressOptions = {}): Progress {
  const stream = options.stream ?? process.stderr
  if (!stream.isTTY) return { update() {}, end() {} }
  const started = Date.now()
  let done = 0
  let total: number | null = null
  let drawn = false
  const draw = () => {
    const elapsed = Date.now() - started
    if (elapsed < (options.afterMs ?? 1000)) return
    drawn = true
    stream.write(CLEAR + progressLine(label, done, total, elapsed).slice(0, (stream.columns ?? 80) - 1))
  }
  const timer = setInterval(draw, options.everyMs ?? 200)
  timer.unref()
  return {
    update(now, of = total) {
      done = now
      total = of
    },
    end() {
      clearInterval(timer)
      if (drawn) stream.write(CLEAR)
      drawn = false
    },
  }
}

/** `csv  [#####---------------]  25%  12,500 / 50,000  3 s` */
export function progressLine(label: string, done: number, total: number | null, elapsedMs: number): string {
  const number = (value: number) => value.toLocaleString('en-US')
  const seconds = `${Math.floor(elapsedMs / 1000)} s`
  if (total === null || total <= 0) return `${label}  ${number(done)}  ${seconds}`
  const share = Math.min(1, done / total)
  const bar = '#'.repeat(Math.floor(share * 20)).padEnd(20, '-')
  return `${label}  [${bar}]  ${Math.floor(share * 100)}%  ${number(done)} / ${number(total)}  ${seconds}`
}
