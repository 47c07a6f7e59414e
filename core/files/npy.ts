/** One array as NumPy's .npy (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html) as it is read: the members of an .npz. */
import { InputError } from '../contract/errors.ts';
import { arrayClasses, elementBytes, elementCount, type NamedArray } from './named-arrays.ts';
import { descriptions, magic } from './npy-write.ts';

const dtypes = new Map(Object.entries(descriptions).map(([dtype, description]) => [description, dtype as NamedArray['dtype']]));
/** As in NumPy; a header of these dtypes has some hundred bytes. */
const maximumHeaderBytes = 10_000;

/**
 * The array of a .npy file of version 1, 2 or 3, copied out of `bytes`; `name` is for messages.
 * @throws InputError `npz-…` when the file breaks any rule, is in Fortran order, or holds a dtype other than float32, float64, int32 and uint8.
 */
export function decodeNpy(name: string, bytes: Uint8Array): NamedArray {
  const quoted = JSON.stringify(name);
  const { fields, dataStart } = readHeader(quoted, bytes);
  const { descr, fortran_order: fortranOrder, shape: tuple } = fields;
  const dtype = dtypes.get(descr.slice(1, -1));
  if (dtype === undefined || !/^['"]/.test(descr))
    fail('dtype', `array ${quoted} has dtype ${descr}; '<f4', '<f8', '<i4' and '|u1' can be read`);
  const shape = readShape(quoted, tuple);
  if (fortranOrder === 'True' && shape.length > 1)
    fail('order', `array ${quoted} is in Fortran order, and only C order can be read (numpy.ascontiguousarray changes it)`);
  if (fortranOrder !== 'True' && fortranOrder !== 'False') fail('header', `array ${quoted} has fortran_order ${fortranOrder}`);
  const expected = elementCount(shape) * elementBytes(dtype);
  if (expected !== bytes.length - dataStart)
    fail('size', `array ${quoted}, ${descr} of shape [${shape.join(', ')}], takes ${expected} bytes, not ${bytes.length - dataStart}`);
  const copy = new Uint8Array(bytes.subarray(dataStart));
  return { dtype, shape, data: new arrayClasses[dtype](copy.buffer) };
}

interface HeaderFields {
  descr: string;
  fortran_order: string;
  shape: string;
}

function readHeader(quoted: string, bytes: Uint8Array): { fields: HeaderFields; dataStart: number } {
  const version = bytes[6];
  if (bytes.length < 12 || Buffer.from(bytes.subarray(0, 6)).toString('latin1') !== magic || version === undefined)
    fail('npy', `array ${quoted} is not a .npy file`);
  if (version < 1 || version > 3 || bytes[7] !== 0)
    fail('npy', `array ${quoted} is .npy of version ${version}.${bytes[7]}; 1.0, 2.0 and 3.0 can be read`);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const [start, length] = version === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  if (length > maximumHeaderBytes)
    fail('header', `the header of array ${quoted} claims ${length} bytes, and ${maximumHeaderBytes} is the most that is read`);
  const dataStart = start + length;
  if (dataStart > bytes.length) fail('truncated', `array ${quoted} ends within its header`);
  const text = Buffer.from(bytes.subarray(start, dataStart)).toString(version === 3 ? 'utf8' : 'latin1');
  const fields = parseFields(text);
  if (fields === undefined)
    fail('header', `array ${quoted} has the header ${JSON.stringify(text.trim().slice(0, 120))}, not descr, fortran_order and shape`);
  return { fields, dataStart };
}

/** The three fields of a Python dictionary as they are written, or nothing if it is anything else. */
function parseFields(text: string): HeaderFields | undefined {
  const body = /^\{(.*)\}\s*$/s.exec(text)?.[1];
  if (body === undefined) return undefined;
  const field = /\s*(['"])(descr|fortran_order|shape)\1\s*:\s*('[^']*'|"[^"]*"|\w+|\([^()]*\)|\[[^\]]*\])\s*(?:,\s*|$)/y;
  const found = new Map<string, string>();
  while (field.lastIndex < body.length) {
    const [, , key, value] = field.exec(body) ?? [];
    if (key === undefined || value === undefined || found.has(key)) return undefined;
    found.set(key, value);
  }
  const [descr, order, shape] = ['descr', 'fortran_order', 'shape'].map((key) => found.get(key));
  return descr === undefined || order === undefined || shape === undefined ? undefined : { descr, fortran_order: order, shape };
}

function readShape(quoted: string, tuple: string): number[] {
  const inner = /^\(\s*((?:\d+\s*,\s*)*(?:\d+\s*)?)\)$/.exec(tuple)?.[1];
  const sizes = inner?.split(',').map((size) => size.trim()) ?? [];
  if (sizes.at(-1) === '') sizes.pop();
  const shape = sizes.map(Number);
  // (3) is a number in Python, not a tuple.
  const isTuple = inner !== undefined && (shape.length !== 1 || inner.includes(','));
  if (!isTuple || !shape.every((size) => Number.isSafeInteger(size)))
    fail('shape', `array ${quoted} has shape ${tuple.slice(0, 80)}, not a tuple of whole numbers`);
  return shape;
}

function fail(rule: string, sentence: string): never {
  throw new InputError(`npz-${rule}`, `not a valid npz file: ${sentence}`);
}
