import { configError, fatalError } from '../../plugins/errors.ts'
import { catalogFor, textOfCatalog } from './catalogue/index.ts'
import { isSelected } from './catalogue/select.ts'
import { checkSettings, type Settings } from './settings.ts'
import { troubleOf } from './tap/ending.ts'
import { Tap, type TapContext } from './tap/launch.ts'

/**
 * Discovers, which most taps can do only with good credentials. A tap that need not discover is started, and
 * stopped when it has said something.
 */
export async function checkTap(context: TapContext & { readonly config: Settings }): Promise<void> {
  const { config, signal, notice } = context
  checkSettings(config)
  const tap = await Tap.prepare(context)
  try {
    const catalog = await catalogFor(tap, config, signal)
    if (catalog !== null && !catalog.streams.some(isSelected))
      throw configError(
        config.catalog === undefined
          ? 'the tap offers no stream at all: look at its own settings'
          : 'selects no stream: its metadata need "selected": true',
        config.catalog === undefined ? '/config' : '/catalog',
      )
    if (catalog !== null) notice(`${tap.name} offers ${catalog.streams.length} streams`)
    if (catalog === null || config.catalog !== undefined) await speaks(tap, textOfCatalog(catalog), signal)
  } finally {
    await tap.close()
  }
}

async function speaks(tap: Tap, catalog: string | null, signal: AbortSignal): Promise<void> {
  const { child, stderr } = await tap.sync(null, catalog)
  try {
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      if (chunk.includes('"type"')) return
      throw fatalError(`${tap.name} does not speak Singer: its output is no JSON message`)
    }
    const trouble = troubleOf(tap.name, await child.ended, stderr.last)
    if (trouble !== null) throw trouble
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    await child.stop()
  }
}
