import { StratumError } from '../errors.ts'
import type { LogTable } from '../log/table.ts'
import type { Bases, Layout } from '../stage/layout.ts'

/**
 * Makes the partitions a layout deals out permanent. `again` makes the layout anew from what is dealt out by now.
 *
 * @throws TOPIC_MISMATCH when another process has dealt them out otherwise since the layout was made
 */
export async function keepLayout(
  dealt: LogTable<number>,
  { bases }: Layout,
  again: (known: Bases) => Layout,
): Promise<void> {
  // Together: from half of them the next start would deal out the rest a second time.
  await dealt.change(rows => {
    const now = again(rows).bases
    for (const [name, base] of bases)
      if (now.get(name) !== base)
        throw new StratumError(
          'TOPIC_MISMATCH',
          `Another process, of another release or with other settings, dealt out partitions while this one started (${name} is at ${now.get(name)}, here at ${base}): start this one again.`,
        )
    return [...bases].filter(([name, base]) => rows.get(name) !== base)
  })
}
