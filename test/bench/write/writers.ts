// The contenders, by the names that the figures have.

import { openDelivery } from './delivery.ts';
import { openKafkajsThread } from './kafkajs-thread.ts';
import { openPlatformatic } from './platformatic.ts';
import type { Place, Writer } from './writer.ts';

/** Opens a writer, ready for its first record. */
type OpenWriter = (place: Place) => Promise<Writer>;

export type WriterName = 'wire' | 'kafkajs' | 'kafkajsThread' | 'platformatic';

export const writers: Readonly<Record<WriterName, OpenWriter>> = {
  wire: (place) => openDelivery(place, 'wire'),
  kafkajs: (place) => openDelivery(place, 'kafkajs'),
  kafkajsThread: openKafkajsThread,
  platformatic: openPlatformatic,
};

export const writerNames = Object.keys(writers) as WriterName[];
