/** Zip files written in memory, stored as they are; on the page, too, and so without Node's own modules. */
import { InputError } from '../contract/errors.ts';

export interface ZipMember {
  readonly name: string;
  readonly content: Uint8Array;
}

/** The largest number of four bytes, which says that the true one stands in a zip64 field. */
export const zipLimit = 0xffff_ffff;
export const memberLimit = 0xffff;
export const localBytes = 30;
export const centralBytes = 46;
export const endBytes = 22;
const utf8Flag = 0x800;
/** 1980-01-01, the first day that the format knows: the same arrays give the same bytes. */
const fixedDate = 0x0021;

/**
 * The members in their order, uncompressed.
 * @throws InputError `npz-too-large` beyond what the format holds without zip64.
 */
export function encodeZip(members: readonly ZipMember[]): Uint8Array {
  const entries = members.map(({ name, content }) => ({ name: new TextEncoder().encode(name), content }));
  const sum = entries.reduce((bytes, { name, content }) => bytes + localBytes + centralBytes + 2 * name.length + content.length, endBytes);
  if (sum >= zipLimit)
    throw new InputError('npz-too-large', `the arrays take ${sum} bytes, and an npz file holds less than 4 GiB; safetensors holds more`);
  if (entries.length >= memberLimit)
    throw new InputError('npz-too-large', `there are ${entries.length} arrays, and an npz file holds at most ${memberLimit - 1}`);

  const file = new Uint8Array(sum);
  const view = new DataView(file.buffer);
  let at = 0;
  const starts = entries.map(({ name, content }) => {
    const start = at;
    view.setUint32(at, 0x04034b50, true);
    writeCommonFields(view, at + 4, name, content);
    file.set(name, at + localBytes);
    file.set(content, at + localBytes + name.length);
    at += localBytes + name.length + content.length;
    return start;
  });
  const directory = at;
  for (const [index, { name, content }] of entries.entries()) {
    view.setUint32(at, 0x02014b50, true);
    view.setUint16(at + 4, 20, true);
    writeCommonFields(view, at + 6, name, content);
    view.setUint32(at + 42, starts[index]!, true);
    file.set(name, at + centralBytes);
    at += centralBytes + name.length;
  }
  view.setUint32(at, 0x06054b50, true);
  view.setUint16(at + 8, entries.length, true);
  view.setUint16(at + 10, entries.length, true);
  view.setUint32(at + 12, at - directory, true);
  view.setUint32(at + 16, directory, true);
  return file;
}

/** The 26 bytes that the local header and the directory have in common. */
function writeCommonFields(view: DataView, at: number, name: Uint8Array, content: Uint8Array): void {
  view.setUint16(at, 20, true);
  view.setUint16(at + 2, utf8Flag, true);
  view.setUint16(at + 8, fixedDate, true);
  view.setUint32(at + 10, crc32(content), true);
  view.setUint32(at + 14, content.length, true);
  view.setUint32(at + 18, content.length, true);
  view.setUint16(at + 22, name.length, true);
}

/** CRC-32 as zip and PNG have it (ISO 3309, polynomial 0xEDB88320), a byte at a time. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (let at = 0; at < bytes.length; at++) crc = crcTable[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffff_ffff) >>> 0;
}

const crcTable = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb8_8320 : crc >>> 1;
  return crc;
});
