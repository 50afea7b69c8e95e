import { crc32 } from 'node:zlib'
import t from 'tap'
import { KafkaLog } from '../../../../engine/log/kafka/log.ts'
import { unique } from '../../../contract/event-log/subject.ts'
import { eventLogContract, type Subject } from '../../../contract/event-log.ts'
import { temporaryFolder } from '../../../support/folder.ts'
import { sharedKafka } from '../../../support/servers/shared-kafka.ts'

/** Changelog partitions: stores and writers of a test meet in them. */
const PARTITIONS = 2

const kafka: Subject = {
  dense: false,
  cleansAtOnce: false,
  runs: 12,
  async fresh(test) {
    const { bootstrap } = await sharedKafka(t)
    const dir = temporaryFolder(test)
    const topic = unique('changelog')
    const changelog = (partition: number) => ({ topic, partition })
    const open = () =>
      KafkaLog.open({
        kafka: { brokers: [bootstrap] },
        dir,
        namespace: '',
        topics: { replication: 1, minInsync: 1, tombstonesMs: 86_400_000 },
        changelogOf: name => changelog(crc32(name) % PARTITIONS),
        load: Array.from({ length: PARTITIONS }, (_, p) => changelog(p)),
        consumerGroup: group => group,
      })
    let log = await open()
    test.teardown(() => log.close())
    return {
      log,
      async reopen() {
        await log.close()
        log = await open()
        return log
      },
    }
  },
}

eventLogContract(t, kafka)
