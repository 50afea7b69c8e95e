/** What receives deliveries that platforms send by themselves. */
export { ageOf, type ReplayWindow } from './replay.ts'
export { same } from './same.ts'
