// One Fetch request for partitions of one topic, and its answer with the record batches as bytes: the library would turn
// each record into objects of its own.

import { type Connection, ProtocolError, type Reader, Writer } from '@platformatic/kafka';
import type { AbortedTransaction } from './aborted-transactions.ts';

export interface FetchTopic {
  readonly name: string;
  /** A topic that was recreated has another one; null where the cluster has no ids (before Kafka 2.8). */
  readonly id: string | null;
}

export interface FetchRequest {
  readonly topic: FetchTopic;
  readonly partitions: readonly WantedPartition[];
  /** How long the broker may hold back its answer while there is nothing to read. */
  readonly waitMs: number;
  /** For each partition, and for all of them; the first batch of the answer comes whole even if it is larger. */
  readonly partitionBytesMax: number;
  readonly answerBytesMax: number;
  readonly isolation: 'read_committed' | 'read_uncommitted';
}

export interface WantedPartition {
  readonly partition: number;
  readonly offset: number;
}

export interface FetchedPartition {
  readonly partition: number;
  /** 0 where it could be read. */
  readonly errorCode: number;
  readonly highWatermark: number;
  /** Before it every transaction has ended. */
  readonly stableOffset: number;
  readonly aborted: readonly AbortedTransaction[];
  /** Record batches, the last of which may be cut off. A partition's own: other partitions' bytes are not held by it. */
  readonly bytes: Buffer;
}

const apiKey = 1;
/** The newest version that names topics, and the first that knows them by id (Kafka 3.1). */
const versions = { named: 12, known: 13 };
const isolations = { read_uncommitted: 0, read_committed: 1 };

/**
 * What a broker that leads the partitions has of them; rejects where it does not answer or refuses the whole request.
 * Outside of fetch sessions: every request says all that it wants.
 * Source: Apache Kafka protocol guide, Fetch versions 12 and 13.
 */
export function fetchPartitions(connection: Connection, request: FetchRequest): Promise<FetchedPartition[]> {
  const version = request.topic.id === null ? versions.named : versions.known;
  return new Promise((resolve, reject) => {
    connection.send(
      apiKey,
      version,
      () => encode(request),
      decode,
      true,
      true,
      (error, answer) => {
        if (error) reject(error);
        else resolve(answer ?? []);
      },
    );
  });
}

function encode(request: FetchRequest): Writer {
  const { topic, partitions, waitMs, partitionBytesMax, answerBytesMax, isolation } = request;
  const bytesMin = 1;
  const unknown = -1;
  return Writer.create()
    .appendInt32(unknown)
    .appendInt32(waitMs)
    .appendInt32(bytesMin)
    .appendInt32(answerBytesMax)
    .appendInt8(isolations[isolation])
    .appendInt32(0)
    .appendInt32(unknown)
    .appendArray([topic], (writer, { name, id }) => {
      const named = id === null ? writer.appendString(name) : writer.appendUUID(id);
      named.appendArray([...partitions], (inner, { partition, offset }) => {
        inner
          .appendInt32(partition)
          .appendInt32(unknown)
          .appendInt64(BigInt(offset))
          .appendInt32(unknown)
          .appendInt64(BigInt(unknown))
          .appendInt32(partitionBytesMax);
      });
    })
    .appendArray([], () => {})
    .appendString('')
    .appendTaggedFields();
}

function decode(_correlationId: number, _apiKey: number, version: number, reader: Reader): FetchedPartition[] {
  // Time of throttling: the broker sees to that by itself.
  reader.readInt32();
  const errorCode = reader.readInt16();
  if (errorCode !== 0) throw new ProtocolError(errorCode);
  // The session, of which there is none.
  reader.readInt32();
  const topics = reader.readArray((inner) => {
    if (version >= versions.known) inner.readUUID();
    else inner.readString();
    return inner.readArray(decodePartition);
  });
  return topics.flat();
}

function decodePartition(reader: Reader): FetchedPartition {
  const partition = reader.readInt32();
  const errorCode = reader.readInt16();
  const highWatermark = Number(reader.readInt64());
  const stableOffset = Number(reader.readInt64());
  // Where the log begins.
  reader.readInt64();
  const aborted = reader.readNullableArray((inner) => ({
    producerId: inner.readInt64(),
    firstOffset: Number(inner.readInt64()),
  }));
  // A replica to read from instead: none is preferred where the request names no rack.
  reader.readInt32();
  const size = Math.max(0, reader.readUnsignedVarInt() - 1);
  const bytes = reader.buffer.slice(reader.position, reader.position + size);
  reader.skip(size);
  return { partition, errorCode, highWatermark, stableOffset, aborted: aborted ?? [], bytes };
}
