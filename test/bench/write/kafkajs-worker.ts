// The thread of kafkajs-thread.ts: does what it is told, one order after the other. What fails ends the process.

import { parentPort, workerData } from 'node:worker_threads';
import { pageOf } from '../../../src/sample/page.ts';
import { openDelivery } from './delivery.ts';
import type { HandedPiece, Order } from './kafkajs-thread.ts';
import { type Piece, samplesIn } from './pieces.ts';

const port = parentPort;
if (!port) throw new Error('this is the file of a thread');
const writer = await openDelivery(workerData, 'kafkajs');
let last = Promise.resolve();

port.on('message', (order: Order) => {
  last = last.then(() => obey(order)).then(() => port.postMessage('done'));
});
port.postMessage('open');

async function obey(order: Order): Promise<void> {
  if (order === 'close') {
    await writer.close();
    port?.unref();
  } else if ('piece' in order) await writer.write(pieceOf(order.piece));
  else await writer.commit(order.boundary);
}

/** The piece as it was before it was handed over. */
function pieceOf({ fetched: handed, bytes, ...rest }: HandedPiece): Piece {
  const fetched = Buffer.from(handed.buffer, handed.byteOffset, handed.byteLength);
  const page = pageOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  return { fetched, predictions: { ...rest, ...page, samples: samplesIn(fetched) } };
}
