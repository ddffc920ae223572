// One Produce request with ready-made record batches, and its answer by partition.

import { type Connection, ProtocolError, produceV9, ResponseError, Writer } from '@platformatic/kafka';

/** A sealed batch and where it goes. */
export interface PlacedBatch {
  readonly topic: string;
  readonly partition: number;
  readonly bytes: Buffer;
}

/** What became of a batch. */
export interface ProduceAnswer {
  readonly topic: string;
  readonly partition: number;
  /** 0 where it was taken. */
  readonly errorCode: number;
  readonly baseOffset: number;
}

const { api } = produceV9;
const allReplicas = -1;
const timeoutMs = 10_000;

/**
 * Sends batches, one for each partition, all led by the broker of `connection`; rejects where there is no answer.
 * Source: Apache Kafka protocol guide, Produce version 9.
 */
export function produce(
  connection: Connection,
  transactionalId: string | null,
  batches: readonly PlacedBatch[],
): Promise<ProduceAnswer[]> {
  const byTopic = [...Map.groupBy(batches, ({ topic }) => topic)];
  const request = () =>
    Writer.create()
      .appendString(transactionalId)
      .appendInt16(allReplicas)
      .appendInt32(timeoutMs)
      .appendArray(byTopic, (writer, [topic, placed]) => {
        writer.appendString(topic).appendArray(placed, (inner, { partition, bytes }) => {
          inner
            .appendInt32(partition)
            .appendUnsignedVarInt(bytes.length + 1)
            .append(bytes);
        });
      })
      .appendTaggedFields();
  return new Promise((resolve, reject) => {
    connection.send(api.key, api.version, request, produceV9.parseResponse, true, true, (error, response) => {
      if (!error) return resolve(answersOf(response));
      // The library takes one refused partition for a failure of all; the answer itself is with the error.
      if (error instanceof ResponseError && 'response' in error) return resolve(answersOf(error.response));
      reject(error);
    });
  });
}

function answersOf(response: unknown): ProduceAnswer[] {
  const { responses } = response as produceV9.ProduceResponse;
  return responses.flatMap(({ name, partitionResponses }) =>
    partitionResponses.map(({ index, errorCode, baseOffset }) => ({
      topic: name,
      partition: index,
      errorCode,
      baseOffset: Number(baseOffset),
    })),
  );
}

/** A refused batch as the library tells any other refusal, with whether it may pass. */
export function refusedBatch(code: number, place: string): Error {
  return new ProtocolError(code, `${place} was refused`);
}
