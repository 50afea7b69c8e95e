import { type Ops, serveControl } from '../../../engine/control/index.ts'

/** An engine for the tests that answers without end until it is killed: `child.js DIR`. */
const ops: Ops = {
  async *count() {
    for (let n = 0; ; n++) {
      yield n
      await new Promise(done => setTimeout(done, 1))
    }
  },
}
await serveControl(process.argv[2]!, ops)
process.stdout.write('ready\n')
