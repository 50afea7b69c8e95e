// Prints the records of a topic as JSON, one a line: node consume.js BROKERS TOPIC [COUNT]
// Schemas come from the topic stratum.schemas, or from a registry: REGISTRY=http://host:8081
import avro from 'avsc'
import kafkajs from 'kafkajs'

const [brokers, topic, count = 'Infinity'] = process.argv.slice(2)
const { REGISTRY, GROUP = `example-${process.pid}` } = process.env
const kafka = new kafkajs.Kafka({ brokers: brokers.split(','), logLevel: kafkajs.logLevel.ERROR })

/** Types by schema id. */
const types = new Map()

async function typeOf(id) {
  if (!types.has(id)) {
    const answer = await fetch(`${REGISTRY}/schemas/ids/${id}`)
    if (!answer.ok) throw new Error(`the registry has no schema ${id} (HTTP ${answer.status})`)
    types.set(id, avro.Type.forSchema(JSON.parse((await answer.json()).schema)))
  }
  return types.get(id)
}

/** Every row of the compacted topic is `{ subject, id, schema }`. */
async function readSchemas(wanted) {
  const consumer = kafka.consumer({ groupId: `${GROUP}-schemas` })
  await consumer.connect()
  await consumer.subscribe({ topic: 'stratum.schemas', fromBeginning: true })
  await new Promise((resolve, reject) => {
    consumer
      .run({
        autoCommit: false,
        eachMessage: async ({ message }) => {
          const { id, schema } = JSON.parse(message.value)
          types.set(id, avro.Type.forSchema(schema))
          if (types.has(wanted)) resolve()
        },
      })
      .catch(reject)
  })
  await consumer.disconnect()
}

// Confluent's wire format: a 0, the id of the schema (4 bytes, big-endian), Avro.
async function decode(value) {
  if (value[0] !== 0) throw new Error('not in the wire format')
  const id = value.readUInt32BE(1)
  if (!types.has(id) && !REGISTRY) await readSchemas(id)
  return (await typeOf(id)).fromBuffer(value.subarray(5))
}

const consumer = kafka.consumer({ groupId: GROUP, readUncommitted: false })
await consumer.connect()
await consumer.subscribe({ topic, fromBeginning: true })
let seen = 0
await new Promise((resolve, reject) => {
  consumer
    .run({
      eachMessage: async ({ partition, message }) => {
        if (seen >= Number(count)) return
        const value = await decode(message.value)
        console.log(JSON.stringify({ partition, offset: Number(message.offset), value }))
        if (++seen >= Number(count)) resolve()
      },
    })
    .catch(reject)
})
await consumer.disconnect()
