// Blanks the data that no code refers to any more: messages and places in sources that only a panic would name.

import { readFileSync, writeFileSync } from "node:fs";
import binaryen from "binaryen";

const customSection = 0;
const dataSection = 11;
const symbolTable = 8;
const symbolKinds = { data: 1, section: 3 };
const symbolFlags = { isUndefined: 0x10, hasName: 0x40 };
/** Relocations that are followed by an addend; the first three hold an address of data. */
const relocations = { ofData: [3, 4, 5], withAddend: [3, 4, 5, 8, 9] };

/**
 * Where each piece of data lies and what may be pointers in it, and which pieces an address may mean: it may be the end
 * of one and the beginning of the next. As the linker wrote it down, for later the zeros are packed away.
 */
export function dataPieces(file) {
  const bytes = readFileSync(file);
  const module = new WebAssembly.Module(bytes);
  const notes = (name) => WebAssembly.Module.customSections(module, name).map((note) => new Reader(new Uint8Array(note)));
  const segments = segmentsOf(bytes);
  const pieces = notes("linking").flatMap((reader) => symbolsOf(reader, segments));
  if (pieces.length === 0) throw new Error(`the linker left no notes in ${file}`);
  const meant = new Map();
  for (const { index, addend } of [...notes("reloc.CODE"), ...notes("reloc.DATA")].flatMap(addressesOf)) {
    const piece = pieces[index];
    if (piece !== undefined) meant.set(piece.start + addend, new Set(meant.get(piece.start + addend)).add(piece));
  }
  return { pieces: pieces.filter(Boolean), meant };
}

/** Takes out the linker's notes, which are wrong once anything is moved. */
export function dropLinkerNotes(file) {
  const bytes = readFileSync(file);
  const kept = sectionsOf(bytes).filter(({ name }) => name !== "linking" && !name.startsWith("reloc."));
  writeFileSync(file, Buffer.concat([bytes.subarray(0, 8), ...kept.map(({ start, end }) => bytes.subarray(start, end))]));
}

/** Rewrites the module in place; it must be as small as it gets, so that dead code keeps no data alive. */
export function blankDeadData(file, pieces) {
  const bytes = readFileSync(file);
  const original = Buffer.from(bytes);
  for (const { content } of segmentsOf(bytes)) content.fill(0);
  const live = livePieces(pieces, numbersOf(original));
  segmentsOf(bytes).forEach((blank, index) => restore(blank, segmentsOf(original)[index], live));
  writeFileSync(file, bytes);
}

function restore({ address, content }, original, live) {
  const within = (place) => Math.max(0, Math.min(content.length, place - address));
  for (const { start, end } of live) original.content.copy(content, within(start), within(start), within(end));
}

/** What the numbers may point to, and what may be pointed to from there. */
function livePieces({ pieces, meant }, numbers) {
  const live = new Set();
  let pointers = numbers;
  while (pointers.length > 0) {
    const found = pointers.flatMap((pointer) => [...(meant.get(pointer) ?? []), ...pieces.filter((piece) => isWithin(pointer, piece))]);
    const fresh = new Set(found.filter((piece) => !live.has(piece)));
    fresh.forEach((piece) => live.add(piece));
    pointers = [...fresh].flatMap(({ words }) => words);
  }
  return live;
}

function isWithin(pointer, { start, end }) {
  return pointer >= start && pointer < end;
}

/** Every number that stands in the code, also as the offset of an access. */
function numbersOf(bytes) {
  const module = binaryen.readBinary(bytes);
  const text = module.emitText();
  module.dispose();
  return [...new Set(Array.from(text.matchAll(/(?:i32\.const |offset=)(\d+)/g), ([, digits]) => Number(digits)))];
}

/** The symbols by their numbers; undefined for those that are no data. */
function symbolsOf(reader, segments) {
  reader.number();
  while (!reader.isAtEnd()) {
    const [kind, size] = [reader.number(), reader.number()];
    if (kind === symbolTable) return Array.from({ length: reader.number() }, () => symbolOf(reader, segments));
    reader.skip(size);
  }
  return [];
}

function symbolOf(reader, segments) {
  const [kind, flags] = [reader.number(), reader.number()];
  const isUndefined = (flags & symbolFlags.isUndefined) !== 0;
  if (kind !== symbolKinds.data) {
    reader.number();
    const isNamed = kind !== symbolKinds.section && (!isUndefined || (flags & symbolFlags.hasName) !== 0);
    if (isNamed) reader.skip(reader.number());
    return undefined;
  }
  reader.skip(reader.number());
  if (isUndefined) return undefined;
  const { address, content } = segments[reader.number()];
  const offset = reader.number();
  const size = reader.number();
  return { start: address + offset, end: address + offset + size, words: wordsOf(content.subarray(offset, offset + size)) };
}

/** Every four bytes may be a pointer. */
function wordsOf(content) {
  return Array.from({ length: Math.max(0, content.length - 3) }, (_, index) => content.readUInt32LE(index));
}

/** Where a section refers to data: the number of a symbol, and how far behind its beginning. */
function addressesOf(reader) {
  reader.number();
  const entries = Array.from({ length: reader.number() }, () => relocationOf(reader));
  return entries.filter(({ kind }) => relocations.ofData.includes(kind));
}

function relocationOf(reader) {
  const [kind, , index] = [reader.number(), reader.number(), reader.number()];
  return { kind, index, addend: relocations.withAddend.includes(kind) ? reader.signedNumber() : 0 };
}

/** The segments of the module's memory; writing into their content writes into the module. */
function segmentsOf(bytes) {
  const section = sectionsOf(bytes).find(({ id }) => id === dataSection);
  const reader = new Reader(bytes, section.content);
  return Array.from({ length: reader.number() }, () => segmentOf(reader));
}

function segmentOf(reader) {
  // Active, in memory 0, at a constant.
  reader.skip(2);
  const address = reader.signedNumber();
  reader.skip(1);
  return { address, content: reader.take(reader.number()) };
}

function sectionsOf(bytes) {
  const reader = new Reader(bytes, 8);
  const sections = [];
  while (!reader.isAtEnd()) {
    const start = reader.at;
    const id = reader.number();
    const size = reader.number();
    const content = reader.at;
    const name = id === customSection ? reader.take(reader.number()).toString() : "";
    reader.at = content + size;
    sections.push({ id, name, start, content, end: reader.at });
  }
  return sections;
}

/** Reads WebAssembly's binary format. */
class Reader {
  constructor(bytes, at = 0) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.at = at;
  }

  isAtEnd() {
    return this.at >= this.bytes.length;
  }

  /** An unsigned LEB128. */
  number() {
    let [value, factor, byte] = [0, 1, 0x80];
    while (byte >= 0x80) {
      byte = this.bytes[this.at++];
      value += (byte & 0x7f) * factor;
      factor *= 128;
    }
    return value;
  }

  /** A signed LEB128. */
  signedNumber() {
    const start = this.at;
    const value = this.number();
    const range = 128 ** (this.at - start);
    return value < range / 2 ? value : value - range;
  }

  skip(length) {
    this.at += length;
  }

  take(length) {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}
