/** An output as it was seen: window, how many events it counts so far, when (UTC microseconds). */
export interface Seen {
  readonly window: string
  readonly events: number
  readonly at: number
}

/**
 * Event-to-output latency, exactly, of each event. An output counts the first events of its window, in the order of
 * their partition; so an event has come out with the first output that counts as many as stand up to it.
 */
export class Delays {
  readonly #sent = new Map<string, number[]>()

  /** The window's next event and when it was sent (UTC microseconds). */
  add(window: string, sentAt: number): void {
    const all = this.#sent.get(window)
    if (all === undefined) this.#sent.set(window, [sentAt])
    else all.push(sentAt)
  }

  /**
   * Milliseconds of every event sent in [from, to), ascending. `seen` in the order it was seen. Errors where an event
   * never came out, or an output counts more than there were.
   */
  measure(seen: readonly Seen[], from: number, to: number): Float64Array {
    const delays: number[] = []
    const out = new Map<string, number>()
    for (const { window, events, at } of seen) {
      const sent = this.#sent.get(window) ?? []
      if (events > sent.length) throw new Error(`${window} counts ${events} events, ${sent.length} were sent`)
      for (let i = out.get(window) ?? 0; i < events; i++)
        if (sent[i]! >= from && sent[i]! < to) delays.push((at - sent[i]!) / 1000)
      out.set(window, Math.max(events, out.get(window) ?? 0))
    }
    for (const [window, sent] of this.#sent)
      if (out.get(window) !== sent.length)
        throw new Error(
          `${window} counts ${out.get(window) ?? 0} events in the end, ${sent.length} were sent`,
        )
    return Float64Array.from(delays).sort()
  }
}

/** Of ascending numbers: the least that `share` of them do not exceed. */
export const quantile = (sorted: Float64Array, share: number): number =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]!
