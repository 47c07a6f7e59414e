/** What a CIFAR-10 pickle can hold. */

export type PickleValue =
  null | boolean | number | Uint8Array | PickleText | PickleList | PickleTuple | PickleDict | PickleArray | PickleDtype | PickleGlobal;

/** Text stays UTF-8: in Python 3's pickles whole images travel as text, and are turned into bytes by `_codecs.encode`. */
export interface PickleText {
  readonly kind: 'text';
  readonly utf8: Uint8Array;
}
export interface PickleList {
  readonly kind: 'list';
  readonly items: PickleValue[];
}
export interface PickleTuple {
  readonly kind: 'tuple';
  readonly items: readonly PickleValue[];
}
/** Keys are text or bytes in the file, and text here. */
export interface PickleDict {
  readonly kind: 'dict';
  readonly entries: Map<string, PickleValue>;
}
/** A NumPy array of bytes in C order; empty until its state has been read. */
export interface PickleArray {
  readonly kind: 'array';
  shape: readonly number[];
  data: Uint8Array;
}
export interface PickleDtype {
  readonly kind: 'dtype';
}
export interface PickleGlobal {
  readonly kind: 'global';
  readonly name: 'encode' | 'reconstruct' | 'ndarray' | 'dtype';
}

/** Longer text is never a key or a type's name. */
export const maximumTextBytes = 256;

type Kinds = Extract<PickleValue, { kind: string }>;

export function isKind<K extends Kinds['kind']>(value: PickleValue | undefined, kind: K): value is Extract<Kinds, { kind: K }> {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind;
}

/** Short text, whether it is text or bytes in the file; undefined for anything else. */
export function textOf(value: PickleValue | undefined): string | undefined {
  const bytes = value instanceof Uint8Array ? value : isKind(value, 'text') ? value.utf8 : undefined;
  return bytes === undefined || bytes.length > maximumTextBytes ? undefined : Buffer.from(bytes).toString('utf8');
}
