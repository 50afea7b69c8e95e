import type { Check } from '../../check.ts'
import { inapplicable } from '../../result.ts'
import { refused, taken } from './refused.ts'

/** So far from either end of the window is looked: a time may be sent in whole seconds. Milliseconds. */
const NEAR_MS = 2_000

export const replay: Check = {
  name: 'replay',
  title: 'a delivery that was listened to cannot be sent again after its time, nor its time be changed',
  run: lab =>
    lab.delivering((bench, { bodies, signed, window }) => {
      if (window === null) return inapplicable('its platform signs no time')
      const { now } = bench.platform
      const body = bodies[0]!
      const at = (ms: number) => signed(body, now + ms * 1000)
      const { pastMs, futureMs } = window
      taken(bench, at(NEAR_MS - pastMs), 'a delivery at the end of its time')
      refused(bench, at(-pastMs - NEAR_MS), 'a delivery that is too old')
      refused(bench, at(-pastMs * 1000), 'a delivery that is much too old')
      taken(bench, at(Math.max(0, futureMs - NEAR_MS)), 'a delivery of a clock that is ahead a little')
      refused(bench, at(futureMs + NEAR_MS), 'a delivery from the future')
      // Old headers one at a time under new ones: the time alone, the signature alone.
      const old = at(-pastMs - NEAR_MS)
      const fresh = at(0)
      for (const name of Object.keys(fresh.headers))
        if (fresh.headers[name] !== old.headers[name])
          refused(
            bench,
            { ...old, headers: { ...old.headers, [name]: fresh.headers[name]! } },
            `an old delivery with a new ${name}`,
          )
      return `${pastMs / 1000} s back, ${futureMs / 1000} s ahead`
    }),
}
