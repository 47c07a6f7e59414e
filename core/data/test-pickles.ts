/** Writes CIFAR-10 pickles as Python 2 and as Python 3 do, for the tests (not used by the product). */

export type PickleDialect = 'python-2' | 'python-3';

export interface PickledBatch {
  readonly labels: readonly number[];
  /** [n, 3072] */
  readonly data: Uint8Array;
  readonly labelsKey?: string;
}

/** A batch with random-looking pixels: image i begins with i. */
export function sampleBatch(count: number, seed = 0): PickledBatch {
  const data = Uint8Array.from({ length: count * 3072 }, (_, at) =>
    at % 3072 === 0 ? at / 3072 : (at * 31 + (at >> 7) + seed * 101) % 256,
  );
  return { labels: Array.from({ length: count }, (_, image) => image % 10), data };
}

/** The same batch in the binary version. */
export function binaryBatch({ labels, data }: PickledBatch): Uint8Array {
  return Uint8Array.from(
    Buffer.concat(labels.map((label, image) => Buffer.concat([Uint8Array.of(label), data.subarray(image * 3072, (image + 1) * 3072)]))),
  );
}

export function pickledBatch({ labels, data, labelsKey = 'labels' }: PickledBatch, dialect: PickleDialect): Uint8Array {
  const bytes = dialect === 'python-2' ? byteString : encodedText;
  const core = dialect === 'python-2' ? 'numpy.core' : 'numpy._core';
  return pickle(
    ['}q\x00(', bytes('batch_label'), 'q\x01', bytes('training batch 1 of 5')],
    [bytes(labelsKey), ']q\x02(', ...labels.map((label) => `K${String.fromCharCode(label)}`), 'e'],
    [bytes('data'), `c${core}.multiarray\n_reconstruct\n`, 'cnumpy\nndarray\n', 'K\x00\x85', bytes('b'), '\x87Rq\x03'],
    ['(K\x01K', String.fromCharCode(labels.length), 'M\x00\x0c\x86', 'cnumpy\ndtype\n', text('u1'), '\x89\x88\x87R', '(K\x03', text('|')],
    ['NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb', '\x89', bytes(Buffer.from(data).toString('latin1')), 'tb'],
    [bytes('filenames'), ']r\x04\x01\x00\x00', bytes('a.png'), 'a', 'u.'],
  );
}

/** A pickle of protocol 2 from pieces written as latin1. */
export function pickle(...pieces: readonly (string | readonly string[])[]): Uint8Array {
  return Uint8Array.from(Buffer.from(`\x80\x02${pieces.flat().join('')}`, 'latin1'));
}

function byteString(value: string): string {
  return value.length < 256 ? `U${String.fromCharCode(value.length)}${value}` : `T${littleEndian(value.length)}${value}`;
}

function text(value: string): string {
  const utf8 = Buffer.from(value, 'utf8').toString('latin1');
  return `X${littleEndian(utf8.length)}${utf8}`;
}

function encodedText(value: string): string {
  return `c_codecs\nencode\n${text(value)}${text('latin1')}\x86R`;
}

function littleEndian(value: number): string {
  return String.fromCharCode(value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, value >>> 24);
}
