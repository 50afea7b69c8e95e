export { canonical } from '../engine/canonical.ts'
