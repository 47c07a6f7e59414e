/**
 * Reads the pickles of CIFAR-10's Python version, and no others: protocol 2, a few opcodes, arrays of bytes.
 * Nothing is ever executed or looked up: each allowed function is a case below, anything else is an error that names it.
 * (Opcodes: the comments of CPython's Lib/pickletools.py.)
 */
import { InputError } from '../contract/errors.ts';
import {
  isKind,
  maximumTextBytes,
  textOf,
  type PickleArray,
  type PickleGlobal,
  type PickleTuple,
  type PickleValue,
} from './pickle-values.ts';

const globals: ReadonlyMap<string, PickleGlobal['name']> = new Map([
  ['_codecs encode', 'encode'],
  ['numpy.core.multiarray _reconstruct', 'reconstruct'],
  ['numpy._core.multiarray _reconstruct', 'reconstruct'],
  ['numpy ndarray', 'ndarray'],
  ['numpy dtype', 'dtype'],
]);

/** CIFAR-10's largest batch takes about 100,000; the bound keeps stack, memo and lists small whatever the file says. */
const maximumOperations = 1_000_000;

/**
 * The value in `bytes`. Byte strings and arrays are views of it where they can be.
 * @param name what the errors call the file
 * @throws InputError `dataset-pickle` for anything but the few opcodes and functions allowed, `dataset-truncated` for an early end.
 */
export function readPickle(bytes: Uint8Array, name: string): PickleValue {
  return new PickleReader(bytes, name).read();
}

class PickleReader {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly name: string;
  private position = 0;
  private readonly stack: PickleValue[] = [];
  private readonly marks: number[] = [];
  private readonly memo = new Map<number, PickleValue>();
  private encodedBytes = 0;

  constructor(bytes: Uint8Array, name: string) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.name = name;
  }

  read(): PickleValue {
    if (this.u8() !== 0x80 || this.u8() !== 2) this.fail('it does not begin as a pickle of protocol 2');
    for (let operations = 0; operations < maximumOperations; operations++) {
      const opcode = this.u8();
      if (opcode === 0x2e) return this.stop();
      this.execute(opcode);
    }
    return this.fail(`it takes more than ${maximumOperations} operations`);
  }

  private execute(opcode: number): void {
    const value = this.readValue(opcode);
    if (value === undefined) this.change(opcode);
    else this.stack.push(value);
  }

  /** The value that an opcode puts on the stack; undefined for opcodes that put none. */
  private readValue(opcode: number): PickleValue | undefined {
    switch (opcode) {
      // Constants and numbers: NONE, NEWTRUE, NEWFALSE, BININT1, BININT2, BININT
      case 0x4e:
        return null;
      case 0x88:
        return true;
      case 0x89:
        return false;
      case 0x4b:
        return this.u8();
      case 0x4d:
        return this.u8() | (this.u8() << 8);
      case 0x4a:
        return this.u32() | 0;
      // Strings: SHORT_BINSTRING, BINSTRING, BINUNICODE
      case 0x55:
        return this.take(this.u8());
      case 0x54:
        return this.take(this.u32());
      case 0x58:
        return { kind: 'text', utf8: this.take(this.u32()) };
      // Containers: EMPTY_LIST, EMPTY_DICT, EMPTY_TUPLE, TUPLE, TUPLE1, TUPLE2, TUPLE3
      case 0x5d:
        return { kind: 'list', items: [] };
      case 0x7d:
        return { kind: 'dict', entries: new Map() };
      case 0x29:
        return { kind: 'tuple', items: [] };
      case 0x74:
        return { kind: 'tuple', items: this.popToMark() };
      case 0x85:
      case 0x86:
      case 0x87:
        return { kind: 'tuple', items: this.popSome(opcode - 0x84) };
      // From the memo: BINGET, LONG_BINGET
      case 0x68:
        return this.recall(this.u8());
      case 0x6a:
        return this.recall(this.u32());
      // Functions: GLOBAL, REDUCE
      case 0x63:
        return this.readGlobal();
      case 0x52:
        return this.call(this.popSome(2));
      default:
        return undefined;
    }
  }

  /** Opcodes that change what is on the stack, the marks or the memo. */
  private change(opcode: number): void {
    switch (opcode) {
      // MARK
      case 0x28:
        this.marks.push(this.stack.length);
        break;
      // Filling containers: APPEND, APPENDS, SETITEM, SETITEMS
      case 0x61:
        this.append(this.popSome(1));
        break;
      case 0x65:
        this.append(this.popToMark());
        break;
      case 0x73:
        this.setItems(this.popSome(2));
        break;
      case 0x75:
        this.setItems(this.popToMark());
        break;
      // Into the memo: BINPUT, LONG_BINPUT
      case 0x71:
        this.memo.set(this.u8(), this.top());
        break;
      case 0x72:
        this.memo.set(this.u32(), this.top());
        break;
      // BUILD
      case 0x62:
        this.build(this.pop());
        break;
      default:
        this.fail(`opcode 0x${opcode.toString(16).padStart(2, '0')} at byte ${this.position - 1} is not one that CIFAR-10's files need`);
    }
  }

  private stop(): PickleValue {
    if (this.position !== this.bytes.length) this.fail(`${this.bytes.length - this.position} bytes follow its end`);
    const value = this.pop();
    if (this.stack.length > 0 || this.marks.length > 0) this.fail('it ends with values left over');
    return value;
  }

  private append(items: readonly PickleValue[]): void {
    const list = this.top();
    if (!isKind(list, 'list')) this.fail(`it appends to something that is no list, before byte ${this.position}`);
    for (const item of items) list.items.push(item);
  }

  private setItems(items: readonly PickleValue[]): void {
    const dict = this.top();
    if (!isKind(dict, 'dict') || items.length % 2 !== 0)
      return this.fail(`it sets items of something that is no dictionary, before byte ${this.position}`);
    for (let at = 0; at < items.length; at += 2) dict.entries.set(this.keyOf(items[at]!), items[at + 1]!);
  }

  private keyOf(value: PickleValue): string {
    const key = textOf(value);
    return (
      key ?? this.fail(`a dictionary key is neither text nor bytes of at most ${maximumTextBytes} bytes, before byte ${this.position}`)
    );
  }

  private recall(index: number): PickleValue {
    const value = this.memo.get(index);
    return value === undefined ? this.fail(`it recalls value ${index}, which it never stored, before byte ${this.position}`) : value;
  }

  private readGlobal(): PickleValue {
    const full = `${this.line()} ${this.line()}`;
    const name = globals.get(full);
    if (name === undefined) return this.fail(`it asks for ${JSON.stringify(full.replace(' ', '.'))}, which CIFAR-10's files do not need`);
    return { kind: 'global', name };
  }

  /** What the few allowed functions would return: they are described here, not called. */
  private call([callee, args]: readonly PickleValue[]): PickleValue {
    if (!isKind(callee, 'global') || !isKind(args, 'tuple')) {
      return this.fail(`it calls something that is no function, before byte ${this.position}`);
    }
    const [first, second] = args.items;
    if (callee.name === 'encode' && isKind(first, 'text') && textOf(second) === 'latin1') return this.encodeLatin1(first.utf8);
    if (callee.name === 'reconstruct' && isKind(first, 'global') && first.name === 'ndarray') {
      return { kind: 'array', shape: [0], data: new Uint8Array(0) };
    }
    if (callee.name === 'dtype') {
      const type = textOf(first);
      if (type === 'u1' || type === '|u1') return { kind: 'dtype' };
      return this.fail(`an array has element type ${JSON.stringify(type)}, and only bytes ("u1") can be read`);
    }
    return this.fail(`it calls ${callee.name} with arguments that CIFAR-10's files do not use, before byte ${this.position}`);
  }

  private build(state: PickleValue): void {
    const object = this.top();
    if (isKind(object, 'array') && isKind(state, 'tuple')) this.fillArray(object, state);
    else if (!isKind(object, 'dtype')) this.fail(`it sets the state of something that is no array, before byte ${this.position}`);
  }

  private fillArray(array: PickleArray, { items }: PickleTuple): void {
    const [version, shape, dtype, isFortran, data] = items;
    if (version !== 1 || !isKind(shape, 'tuple') || !isKind(dtype, 'dtype') || isFortran !== false || !(data instanceof Uint8Array)) {
      return this.fail('an array is not one of bytes in C order');
    }
    const sizes = shape.items.map((size) => (typeof size === 'number' && size >= 0 ? size : NaN));
    const count = sizes.reduce((product, size) => product * size, 1);
    if (count !== data.length) this.fail(`an array of shape [${sizes.join(', ')}] has ${data.length} bytes`);
    array.shape = sizes;
    array.data = data;
  }

  /** UTF-8 of code points up to 255, as those bytes. */
  private encodeLatin1(utf8: Uint8Array): Uint8Array {
    // A file may recall one text and encode it again and again; an honest one encodes each once.
    this.encodedBytes += utf8.length;
    if (this.encodedBytes > this.bytes.length) this.fail('it encodes more text than it holds');
    const latin1 = new Uint8Array(utf8.length);
    let length = 0;
    for (let at = 0; at < utf8.length; at++) {
      const byte = utf8[at]!;
      if (byte < 0x80) latin1[length++] = byte;
      else {
        const next = utf8[++at];
        if ((byte !== 0xc2 && byte !== 0xc3) || next === undefined || (next & 0xc0) !== 0x80)
          return this.fail('a text to be encoded as latin1 is not latin1');
        latin1[length++] = ((byte & 0x03) << 6) | (next & 0x3f);
      }
    }
    return latin1.subarray(0, length);
  }

  private pop(): PickleValue {
    const value = this.stack.length > (this.marks.at(-1) ?? 0) ? this.stack.pop() : undefined;
    return value === undefined ? this.fail(`its stack is empty at byte ${this.position}`) : value;
  }

  private popSome(count: number): PickleValue[] {
    return Array.from({ length: count }, () => this.pop()).reverse();
  }

  private top(): PickleValue {
    const value = this.stack.at(-1);
    return value === undefined ? this.fail(`its stack is empty at byte ${this.position}`) : value;
  }

  private popToMark(): PickleValue[] {
    const mark = this.marks.pop();
    return mark === undefined ? this.fail(`a mark is missing before byte ${this.position}`) : this.stack.splice(mark);
  }

  private take(length: number): Uint8Array {
    const end = this.position + length;
    if (end > this.bytes.length) this.failTruncated(end);
    const piece = this.bytes.subarray(this.position, end);
    this.position = end;
    return piece;
  }

  private u8(): number {
    const byte = this.bytes[this.position];
    if (byte === undefined) this.failTruncated(this.position + 1);
    this.position++;
    return byte;
  }

  private u32(): number {
    if (this.position + 4 > this.bytes.length) this.failTruncated(this.position + 4);
    this.position += 4;
    return this.view.getUint32(this.position - 4, true);
  }

  /** A name up to the line's end; longer ones than any allowed are cut. */
  private line(): string {
    const end = this.bytes.indexOf(0x0a, this.position);
    if (end < 0) this.failTruncated(this.bytes.length + 1);
    const text = Buffer.from(this.bytes.subarray(this.position, Math.min(end, this.position + 80))).toString('latin1');
    this.position = end + 1;
    return text;
  }

  private failTruncated(needed: number): never {
    throw new InputError(
      'dataset-truncated',
      `${this.name} is cut short: its pickle needs at least ${needed} bytes, and there are ${this.bytes.length}`,
    );
  }

  private fail(sentence: string): never {
    throw new InputError('dataset-pickle', `${this.name} is not one of CIFAR-10's pickles: ${sentence}`);
  }
}
