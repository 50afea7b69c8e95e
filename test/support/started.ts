/** The environment in which the program is started (stratum.ts, first line). */
export const STARTED = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '262144', UV_THREADPOOL_SIZE: '16' }
