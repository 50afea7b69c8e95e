import { connector, stream } from '../../plugins/contract.ts'
import { configError } from '../../plugins/errors.ts'
import { EventRecord } from '../../plugins/records/event.ts'
import { dayIn } from '../../plugins/sync/index.ts'
import { eventsOf } from './event.ts'
import { Settings } from './settings.ts'
import { verify } from './signature.ts'

/** Whatever signs its deliveries: orders of a shop, as they are placed. */
const webhook = connector({
  id: 'webhook',
  title: 'Signed webhook',
  version: '1.0.0',
  config: Settings,
  async check({ config, now }) {
    checkSettings(config, now())
  },
  streams: {
    events: stream({
      title: 'What is delivered',
      kind: 'event',
      schema: EventRecord,
      primaryKey: ['event_key'],
      cursorField: null,
      // It comes by itself.
      async *read() {},
    }),
  },
  receive(delivery, { config, now }) {
    verify(delivery, config, now())
    return eventsOf(delivery, config)
  },
  trial: () => import('./simulator/trial.ts'),
})

export default webhook

function checkSettings({ fields, signed, timestamp_header, timezone }: Settings, now: number): void {
  for (const name of ['id', 'time'])
    if (fields[name] === undefined) throw configError('is missing: every event has one', `/fields/${name}`)
  for (const [name, pointer] of Object.entries(fields))
    if (pointer !== '' && !pointer.startsWith('/'))
      throw configError(`"${pointer}" is no JSON pointer: /order/id`, `/fields/${name}`)
  if (!signed.includes('{body}')) throw configError('must have {body} in it', '/signed')
  if (signed.includes('{timestamp}') && timestamp_header === '')
    throw configError('is empty, and {timestamp} is signed', '/timestamp_header')
  // A time that is not signed can be written anew by whoever listens.
  if (timestamp_header !== '' && !signed.includes('{timestamp}'))
    throw configError('must have {timestamp} in it: a time that is not signed says nothing', '/signed')
  try {
    dayIn(timezone, now)
  } catch {
    throw configError(`"${timezone}" is no zone: Europe/Berlin`, '/timezone')
  }
}
