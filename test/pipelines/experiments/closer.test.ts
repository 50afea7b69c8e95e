import { join } from 'node:path'
import t from 'tap'
import { send } from '../../../engine/command/send.ts'
import { Engine } from '../../../engine/runtime/engine.ts'
import { openStores } from '../../../engine/runtime/stores.ts'
import { topicName } from '../../../engine/stage/layout.ts'
import { ExperimentCloser } from '../../../pipelines/experiments/closer.ts'
import { EXPERIMENTS, experimentResultKind } from '../../../pipelines/experiments/kinds.ts'
import { app } from '../../../stratum.ts'
import { engineOptions, standard } from '../../support/engine.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { resultRow } from './result-row.ts'

const definition = {
  name: 'Buttons',
  parameter: 'exp_button',
  arms: [
    { name: 'control', control: true, split_pct: 50, values: ['a'] },
    { name: 'blue', split_pct: 50, values: ['b'] },
  ],
}

t.test('what runs and has its sample is completed, once, and nothing else', async t => {
  t.setTimeout(120_000)
  const stores = await openStores(app(standard), engineOptions(join(temporaryFolder(t), 'data')))
  const engine = new Engine(stores)
  await engine.start()
  t.teardown(async () => {
    await engine.stop()
    await stores.close()
  })
  const ask = (command: string, experiment: string, body = {}) =>
    send(
      stores,
      {
        ...{ tenant: 'acme', command: `experiment.${command}`, actor: 'max', role: 'MANAGER', reason: null },
        body: { experiment, ...body },
      },
      AbortSignal.timeout(60_000),
    )
  for (const id of ['due', 'early', 'paused']) {
    await ask('create', id, { definition })
    t.match(await ask('start', id), { accepted: true })
  }
  await ask('pause', 'paused')
  const said = async (...rows: readonly Parameters<typeof resultRow>[0][]) => {
    const writer = await stores.log.writer('results of a test')
    const records = rows.map(row => ({
      key: Buffer.from('acme'),
      value: stores.codec.encode(experimentResultKind, resultRow(row)),
      time: 1,
    }))
    await writer.commit({ appends: [{ topic: topicName(EXPERIMENTS), partition: 0, records }] })
    await writer.close()
  }
  await said(
    { experiment_id: 'due', peeking_safe: false },
    { experiment_id: 'early', peeking_safe: true },
    { experiment_id: 'paused', peeking_safe: false },
    { experiment_id: 'paused', peeking_safe: false, state: 'PAUSED' },
  )
  const told: string[] = []
  const closer = () => new ExperimentCloser({ engine, tell: ({ message }) => told.push(message) })
  const first = closer()
  await first.pass()
  await first.pass()
  // Another process reads it all again.
  await closer().pass()
  const stands = async (id: string) => JSON.parse((await ask('start', id)).body).state
  t.same(
    [await stands('due'), await stands('early'), await stands('paused')],
    ['COMPLETED', 'RUNNING', 'PAUSED'],
  )
  t.same(told, [])
})
