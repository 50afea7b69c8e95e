/** Between SIGTERM and SIGKILL. Seconds. */
export const GRACE_SECONDS = 5

/**
 * What stands between us and the tap: `sh -c GUARD sh TAP ARGS…`. Its standard input is a pipe that nobody writes
 * to: it ends when we do, however we do (kill -9, the end of a thread), and the guard then ends the whole process
 * group. A tap is never left behind. The guard's exit code is the tap's, 128 + n after signal n, as shells have it. What
 * the guard itself says of signals is thrown away.
 */
export const GUARD = `
exec 3<&0 4>&2 </dev/null 2>/dev/null
trap : TERM INT HUP
"$@" 2>&4 3<&- 4>&- &
tap=$!
(trap '' TERM; read -r _ <&3; kill -TERM 0; sleep ${GRACE_SECONDS}; kill -KILL 0) >/dev/null 4>&- &
watch=$!
wait "$tap"
code=$?
while kill -0 "$tap" 2>/dev/null; do wait "$tap"; code=$?; done
kill -KILL "$watch" 2>/dev/null
exit "$code"
`
