// Cuts a connection while its end is being sent, and ends by itself: see proxy.test.ts.
import { type AddressInfo, connect, createServer } from 'node:net'
import { reset } from './proxy.ts'

const server = createServer({ allowHalfOpen: true }, socket => {
  reset(socket.on('error', () => {}).end())
})
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  const client = connect(port, '127.0.0.1').on('error', () => {})
  client.resume().on('close', () => server.close())
})
