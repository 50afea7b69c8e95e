import type { Demo, DemoContext } from '../engine/runtime/demo.ts'
import { truth } from '../plugins/simulator/world/truth/index.ts'
import { addDays, dayIn } from '../plugins/sync/days.ts'
import { firstDayOf } from './kept.ts'
import { type DemoPlatform, PLATFORMS } from './platforms.ts'

const ZONE = 'America/New_York'
/** The CRM is made with the people of so many days to come; started again, it is made with more. */
const AHEAD_DAYS = 60

/** A shop on simulated platforms that are windows on one hidden truth, up to now and on. */
export async function demo({ dataDir, clock }: DemoContext): Promise<Demo> {
  const firstDay = firstDayOf(dataDir, ZONE, clock())
  const lastDay = addDays(dayIn(ZONE, clock()), AHEAD_DAYS)
  const world = truth({ firstDay, zone: ZONE })
  const platforms: DemoPlatform[] = []
  const close = async () => {
    await Promise.all(platforms.map(platform => platform.close()))
  }
  try {
    for (const start of PLATFORMS) platforms.push(await start({ world, now: clock, lastDay }))
  } catch (error) {
    await close()
    throw error
  }
  return { connections: platforms.map(({ connection }) => connection), close }
}
