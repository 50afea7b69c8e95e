import type { Socket } from 'node:net'

/** The part of kafkajs' `Connection` that is touched. */
export interface Connection {
  socket?: Socket
  chunks: Buffer[]
  bytesBuffered: number
  bytesNeeded: number
  isConnected(): boolean
  connect(): Promise<boolean>
  disconnect(): Promise<boolean>
  send(order: object): Promise<unknown>
}

/** What an answer begins with: its length. */
const LENGTH_BYTES = 4

/**
 * Mends two things of kafkajs 2.2.4 that leave a connection useless for ever:
 *
 * - A connection that broke in the middle of an answer keeps the half it had, and takes what comes over the next one
 *   for the rest: from then on no answer is understood, and every request ends in its time-out.
 * - A connection whose request was not answered in time is used on, though its peer may be gone without a word.
 *   Java's client drops it (request.timeout.ms), and so does this.
 */
export function mendConnections({ prototype }: { prototype: Connection }): void {
  const { connect, send } = prototype
  prototype.connect = function () {
    if (!this.isConnected()) {
      this.socket?.removeAllListeners('data')
      this.socket?.destroy()
      this.chunks = []
      this.bytesBuffered = 0
      this.bytesNeeded = LENGTH_BYTES
    }
    return connect.call(this)
  }
  prototype.send = async function (order) {
    const { socket } = this
    try {
      return await send.call(this, order)
    } catch (error) {
      // Unless another has replaced it by now.
      if ((error as Error).name === 'KafkaJSRequestTimeoutError' && socket && this.socket === socket)
        await end(socket, error as Error)
      throw error
    }
  }
}

/** Others who wait for an answer of this connection are told the error. */
function end(socket: Socket, error: Error): Promise<unknown> {
  const closed = new Promise(resolve => socket.once('close', resolve))
  socket.destroy(error)
  return closed
}
