/** Days in an account's zone, for whoever writes a connector. */
export * from '../../engine/clock/days.ts'
