// Texts that are written time and again, four bytes at a time: a loop over single bytes takes several times as long.

/** A text as the words of its UTF-8, filled up with zeros. */
export interface FixedText {
  readonly words: Int32Array;
  /** Its bytes. */
  readonly length: number;
}

/** Bytes that a text may need behind its end, for whatever is written next to replace. */
export const overhangMax = 3;

export function fixedText(text: string): FixedText {
  const bytes = Buffer.from(text);
  const view = new DataView(new ArrayBuffer(bytes.length + overhangMax));
  bytes.copy(new Uint8Array(view.buffer));
  const words = Int32Array.from({ length: Math.ceil(bytes.length / 4) }, (_, index) => view.getInt32(4 * index, true));
  return { words, length: bytes.length };
}

/** Writes a text and up to `overhangMax` zeros; gives where the text ends. */
export function writeFixedText(view: DataView, at: number, { words, length }: FixedText): number {
  for (let index = 0; index < words.length; index++) view.setInt32(at + 4 * index, words[index], true);
  return at + length;
}
