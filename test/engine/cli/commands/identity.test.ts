import t from 'tap'
import { exportRow, ndjson } from '../../../connectors/ga4/support.ts'
import { fails, GA4, place, refuses } from './place.ts'

const { write, stratum, json, rows } = place(t)
const TENANT = ['--tenant', 'demo'] as const
const MERGED =
  "SELECT person_key, key_hash, other_person_key FROM stratum.identity_events WHERE kind = 'merge'"
const JOINED =
  'SELECT person_key FROM stratum.person_links_current WHERE person_key != resolved_key ORDER BY person_key'

t.test('two browsers of one login are one person, until somebody takes the edge out', async t => {
  const browsers = ['1.1', '2.2'].map((user_pseudo_id, i) =>
    exportRow({ user_pseudo_id, user_id: 'eve@example.com', event_timestamp: `${1_768_000_000 + i}000000` }),
  )
  write('events.ndjson', ndjson(browsers))
  await json('ingest', ...GA4, ...TENANT)
  const [merge] = await rows<{ person_key: string; key_hash: string }>('query', MERGED)
  t.match(await rows('query', JOINED), [{}])
  const { person_key, key_hash } = merge!
  const edge = [key_hash, '--person', person_key, ...TENANT] as const
  t.match(await json('identity', 'unmerge', ...edge, '--as', 'anna', '--reason', 'two people'), {
    accepted: true,
    person_key,
    resolved_key: person_key,
  })
  t.strictSame(await rows('query', JOINED), [])
  refuses(
    t,
    await stratum('identity', 'block', 'eve@example.com', ...TENANT),
    /VALIDATION_ERROR: key_hash is/,
  )
  fails(t, await stratum('identity', 'unmerge', key_hash, ...TENANT), 2, /say whose edge: --person KEY/)
})
