/** Named arrays as one safetensors file (https://github.com/huggingface/safetensors#format): checkpoints and exports, which PyTorch opens as they are. */
import { InputError } from '../contract/errors.ts';
import {
  arrayClasses,
  bytesOfArray,
  checkArray,
  elementBytes,
  elementCount,
  type ArrayDtype,
  type NamedArray,
  type NamedArrays,
} from './named-arrays.ts';

export type { NamedArrays } from './named-arrays.ts';

const maximumHeaderBytes = 100_000_000;
const metadataName = '__metadata__';

/**
 * The arrays as one file. The same arrays give the same bytes: wide types first (so that each array is aligned without holes), then by name.
 * @throws RangeError when an array's shape or class does not fit its dtype and length.
 */
export function encodeSafetensors(arrays: NamedArrays, metadata?: Readonly<Record<string, string>>): Uint8Array {
  const entries = Object.entries(arrays).sort(
    ([nameA, a], [nameB, b]) => elementBytes(b.dtype) - elementBytes(a.dtype) || (nameA < nameB ? -1 : 1),
  );
  const fields: string[] = metadata === undefined ? [] : [`"${metadataName}":${stringifySorted(metadata)}`];
  let end = 0;
  for (const [name, array] of entries) {
    if (name === metadataName) throw new RangeError(`an array cannot be called ${metadataName}`);
    checkArray(name, array);
    const begin = end;
    end += array.data.byteLength;
    fields.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype: array.dtype, shape: array.shape, data_offsets: [begin, end] })}`);
  }

  const header = new TextEncoder().encode(`{${fields.join(',')}}`);
  const dataStart = 8 + Math.ceil(header.length / 8) * 8;
  const file = new Uint8Array(dataStart + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(dataStart - 8), true);
  file.set(header, 8);
  file.fill(0x20, 8 + header.length, dataStart);
  let position = dataStart;
  for (const [, array] of entries) {
    file.set(bytesOfArray(array), position);
    position += array.data.byteLength;
  }
  return file;
}

/**
 * The arrays of a safetensors file, copied out of `bytes`.
 * @param only the names that are wanted; all arrays without. @param inPlace the arrays are views of `bytes` where they are aligned: half the memory, for
 * who changes neither.
 * @throws InputError `safetensors-…` when the file breaks any rule of the format, or holds a dtype other than F32, F64, I32 and U8.
 */
export function decodeSafetensors(
  bytes: Uint8Array,
  only?: readonly string[],
  inPlace = false,
): { arrays: NamedArrays; metadata: Readonly<Record<string, string>> } {
  const { header, dataStart } = readHeader(bytes);
  const dataBytes = bytes.length - dataStart;
  const arrays: [string, NamedArray][] = [];
  const ranges: { name: string; begin: number; end: number }[] = [];
  for (const [name, value] of Object.entries(header)) {
    if (name === metadataName) continue;
    const { dtype, shape, begin, end } = readEntry(name, value, dataBytes);
    ranges.push({ name, begin, end });
    if (only !== undefined && !only.includes(name)) continue;
    const part = bytes.subarray(dataStart + begin, dataStart + end);
    const isView = inPlace && part.buffer instanceof ArrayBuffer && part.byteOffset % elementBytes(dtype) === 0;
    const { buffer, byteOffset } = isView ? part : new Uint8Array(part);
    arrays.push([name, { dtype, shape, data: new arrayClasses[dtype](buffer as ArrayBuffer, byteOffset, elementCount(shape)) }]);
  }

  ranges.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let covered = 0;
  for (const { name, begin, end } of ranges) {
    if (begin !== covered)
      fail('offsets', `array ${JSON.stringify(name)} begins at byte ${begin} of the data, but the array before it ends at ${covered}`);
    covered = end;
  }
  if (covered !== dataBytes) fail('offsets', `its arrays cover ${covered} bytes, but ${dataBytes} bytes of data follow the header`);
  return { arrays: Object.fromEntries(arrays), metadata: readMetadata(header[metadataName]) };
}

function readHeader(bytes: Uint8Array): { header: Readonly<Record<string, unknown>>; dataStart: number } {
  if (bytes.length < 8) fail('truncated', `it has ${bytes.length} bytes, and its header's length alone takes 8`);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (length > maximumHeaderBytes)
    fail('header', `its header claims ${length} bytes, and ${maximumHeaderBytes} is the most the format allows`);
  const dataStart = 8 + Number(length);
  if (dataStart > bytes.length) fail('truncated', `its header claims ${length} bytes, but only ${bytes.length - 8} follow`);

  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(8, dataStart));
    header = JSON.parse(text);
  } catch (error) {
    throw new InputError('safetensors-header', 'not a valid safetensors file: its header is not JSON', { cause: error });
  }
  if (!isRecord(header)) fail('header', 'its header is not a JSON object');
  const repeated = findRepeatedKey(text);
  if (repeated !== undefined) fail('duplicate', `its header names ${repeated} twice`);
  return { header, dataStart };
}

function readEntry(
  name: string,
  entry: unknown,
  dataBytes: number,
): { dtype: ArrayDtype; shape: readonly number[]; begin: number; end: number } {
  const quoted = JSON.stringify(name);
  if (!isRecord(entry)) fail('entry', `array ${quoted} is not described by an object`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (!isDtype(dtype)) fail('dtype', `array ${quoted} has dtype ${JSON.stringify(dtype)}; F32, F64, I32 and U8 can be read`);
  if (!isSizeList(shape)) fail('shape', `array ${quoted} has shape ${JSON.stringify(shape)}, not a list of whole numbers`);
  const [begin, end] = isSizeList(offsets) && offsets.length === 2 ? offsets : [];
  if (begin === undefined || end === undefined || begin > end)
    fail('offsets', `array ${quoted} has data_offsets ${JSON.stringify(offsets)}, not [begin, end]`);
  if (end > dataBytes) fail('truncated', `array ${quoted} ends at byte ${end} of the data, which has only ${dataBytes}`);
  const expected = elementCount(shape) * elementBytes(dtype);
  if (expected !== end - begin)
    fail('shape', `array ${quoted}, ${dtype} of shape [${shape.join(', ')}], takes ${expected} bytes, not ${end - begin}`);
  return { dtype, shape, begin, end };
}

function readMetadata(metadata: unknown): Readonly<Record<string, string>> {
  if (metadata === undefined) return {};
  if (!isRecord(metadata)) fail('metadata', `its ${metadataName} is not an object`);
  const strings: [string, string][] = [];
  for (const [name, value] of Object.entries(metadata)) {
    if (typeof value !== 'string') fail('metadata', `its metadata ${JSON.stringify(name)} is not a string`);
    strings.push([name, value]);
  }
  return Object.fromEntries(strings);
}

/** The first key that stands twice in one object of this valid JSON text: `JSON.parse` keeps the last in silence. */
function findRepeatedKey(json: string): string | undefined {
  const open: Set<string>[] = [];
  let last = '';
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}:]/g)) {
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (token === ':') {
      const key = JSON.stringify(JSON.parse(last));
      if (open.at(-1)?.has(key)) return key;
      open.at(-1)?.add(key);
    }
    last = token;
  }
  return undefined;
}

function stringifySorted(record: Readonly<Record<string, string>>): string {
  const names = Object.keys(record).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${JSON.stringify(record[name])}`).join(',')}}`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isDtype(value: unknown): value is ArrayDtype {
  return typeof value === 'string' && Object.hasOwn(arrayClasses, value);
}

function isSizeList(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function fail(rule: string, sentence: string): never {
  throw new InputError(`safetensors-${rule}`, `not a valid safetensors file: ${sentence}`);
}
