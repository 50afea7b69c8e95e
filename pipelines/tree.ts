export { isTree, merge, type Tree } from '../engine/config/pointer.ts'
