import { read } from './harness.ts'

/** A process that reads a tap, to be killed: its settings are its argument. */
await read(JSON.parse(process.argv[2]!))
