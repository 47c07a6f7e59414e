/** Writes zip archives, honest and dishonest ones, for the tests. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZippedFile {
  readonly name: string;
  readonly content?: Uint8Array;
  /** 0: stored, 8: deflated; others are only claimed. */
  readonly method?: number;
  /** Bit 0: encrypted. */
  readonly flags?: number;
  /** As on Unix: 0o120000 for a link. */
  readonly mode?: number;
  /** What the directory claims instead of the truth. */
  readonly claims?: { readonly crc?: number; readonly uncompressedSize?: number };
}

export function zipOf(files: readonly ZippedFile[]): Uint8Array {
  const local: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const file of files) {
    const { content = new Uint8Array(0), method = 8 } = file;
    const stored = method === 8 ? deflateRawSync(content) : content;
    const name = Buffer.from(file.name, 'utf8');
    const fields = commonFields(file, content, stored.length, name.length);
    const header = Buffer.concat([Buffer.from('PK\x03\x04'), fields, name, stored]);
    directory.push(directoryEntry(file, fields, name, offset));
    local.push(header);
    offset += header.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, entries, end]);
}

/** From "version needed" to "extra field length": 26 bytes, the same in both places. */
function commonFields(
  { method = 8, flags = 0, claims = {} }: ZippedFile,
  content: Uint8Array,
  storedBytes: number,
  nameBytes: number,
): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(flags, 2);
  fields.writeUInt16LE(method, 4);
  fields.writeUInt32LE(claims.crc ?? crc32(content), 10);
  fields.writeUInt32LE(storedBytes, 14);
  fields.writeUInt32LE(claims.uncompressedSize ?? content.length, 18);
  fields.writeUInt16LE(nameBytes, 22);
  return fields;
}

function directoryEntry({ mode = 0o100644 }: ZippedFile, fields: Buffer, name: Buffer, offset: number): Buffer {
  const madeBy = Buffer.from([20, 3]);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(mode * 2 ** 16, 6);
  rest.writeUInt32LE(offset, 10);
  return Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), madeBy, fields, rest, name]);
}
