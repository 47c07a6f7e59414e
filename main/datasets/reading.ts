/** How a long reading is followed and ended early. */

export interface Reading {
  /** To be called between pieces of work, with the bytes of the files that the last piece took; throws when the reading is to end. */
  advance(bytes: number): void;
}

export const unfollowed: Reading = { advance: () => undefined };

/** The same chunks, each announced to `reading`. */
export async function* follow(chunks: AsyncIterable<Uint8Array>, reading: Reading): AsyncIterable<Uint8Array> {
  for await (const chunk of chunks) {
    reading.advance(chunk.length);
    yield chunk;
  }
}
