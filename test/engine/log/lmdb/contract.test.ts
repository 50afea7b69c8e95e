import t from 'tap'
import { LmdbLog } from '../../../../engine/log/lmdb/log.ts'
import { eventLogContract, type Subject } from '../../../contract/event-log.ts'
import { temporaryFolder } from '../../../support/folder.ts'

const lmdb: Subject = {
  dense: true,
  cleansAtOnce: true,
  async fresh(test) {
    const dir = temporaryFolder(test)
    let log = new LmdbLog(dir)
    test.teardown(() => log.close())
    return {
      log,
      async reopen() {
        await log.close()
        log = new LmdbLog(dir)
        return log
      },
    }
  },
}

eventLogContract(t, lmdb)
