import type { Cap } from '../gate/caps.ts'
import type { About, Told } from './about.ts'
import { agoText, platformTitle } from './words.ts'

/** What stands in the way besides the data. */
export function tellOperation(cap: Cap, { decision, zone }: About): Told {
  const { platform, operations, now } = decision.inputs
  const title = platformTitle(platform)
  switch (cap.code) {
    case 'KILL_SWITCH_ENGAGED':
      return operations.kill_switch === null
        ? {
            because: 'it is not known whether the kill switch is engaged, which counts as engaged',
            until: 'the state of the kill switch is known again',
          }
        : { because: 'the kill switch is engaged', until: 'an administrator releases the kill switch' }
    case 'NOT_CONNECTED':
      return {
        because: `${title} is not connected (${operations.connection ?? 'its state is unknown'})`,
        until: `${title} is connected again`,
      }
    case 'BREAKER_OPEN':
      return {
        because: `changes could not be written to ${title} and are paused`,
        until: `changes can be written to ${title} again`,
      }
    default: {
      const last = operations.evaluated_at
      return {
        because:
          last === null
            ? 'trust was never evaluated'
            : `trust was last evaluated ${agoText(last, now, zone)}`,
        until: 'trust is evaluated again',
      }
    }
  }
}
