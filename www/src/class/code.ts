// A result as eight letters and digits that can be read aloud: XXXX-XXXX. No DOM.
//
// 32 bits hold task (4), column (5), row (5) and both outcomes (9 each); 8 more are a checksum that also covers the
// class's own number, so that a slip of the tongue or a code of another class is refused and not pooled.
import { TASKS, type Outcome, type Result, type Task } from "./task";
import { word } from "../words";

/** Crockford's alphabet: no I, L, O, U, which are heard or read as others. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const ALIKE: Record<string, string> = { I: "1", L: "1", O: "0", U: "V" };

const DIVERGED = 0;
const UNLEARNED = 1;
/** Steps are told on a logarithmic scale, to 3 %: log base 2^(1/24). */
const PER_OCTAVE = 24;
const LARGEST = 511;

function outcomeBits(outcome: Outcome): number {
  if (outcome.kind === "diverged") return DIVERGED;
  if (outcome.kind === "unlearned") return UNLEARNED;
  const bits = 2 + Math.round(PER_OCTAVE * Math.log2(Math.max(1, outcome.step)));
  return Math.min(LARGEST, bits);
}

function outcomeOf(bits: number): Outcome {
  if (bits === DIVERGED) return { kind: "diverged" };
  if (bits === UNLEARNED) return { kind: "unlearned" };
  return { kind: "learned", step: Math.round(2 ** ((bits - 2) / PER_OCTAVE)) };
}

/** CRC-8 with the polynomial x⁸ + x² + x + 1: it finds every error of one letter, and every swap of neighbours. */
function checksum(bits: number, room: number): number {
  let rest = 0;
  for (const byte of [room & 0xff, room >>> 8, bits >>> 24, bits >>> 16, bits >>> 8, bits]) {
    rest ^= byte & 0xff;
    for (let i = 0; i < 8; i++) rest = rest & 0x80 ? ((rest << 1) ^ 0x07) & 0xff : rest << 1;
  }
  return rest;
}

export function writeCode({ task, column, row, outcomes }: Result, room: number): string {
  const [first, second] = outcomes.map(outcomeBits) as [number, number];
  // Beyond 31 bits shifts are signed; sums of products are not.
  const bits = task * 2 ** 28 + column * 2 ** 23 + row * 2 ** 18 + first * 2 ** 9 + second;
  let all = BigInt(bits) * 256n + BigInt(checksum(bits, room));
  let text = "";
  for (let i = 0; i < 8; i++) {
    text = ALPHABET[Number(all % 32n)]! + text;
    all /= 32n;
  }
  return `${text.slice(0, 4)}-${text.slice(4)}`;
}

/** What a code says; throws a sentence where it says nothing. */
export function readCode(text: string, room: number): Result {
  const letters = text
    .toUpperCase()
    .replace(/[\s–—-]/g, "")
    .replace(/[ILOU]/g, (letter) => ALIKE[letter]!);
  const shown = text.trim().slice(0, 20);
  if (!/^[0-9A-Z]{8}$/.test(letters)) throw new Error(word("class.noCode", { shown }));
  let all = 0n;
  for (const letter of letters) all = all * 32n + BigInt(ALPHABET.indexOf(letter));
  const bits = Number(all / 256n);
  if (checksum(bits, room) !== Number(all % 256n)) throw new Error(word("class.slip", { shown }));
  const part = (from: number, count: number) => Math.floor(bits / 2 ** from) % 2 ** count;
  const [task, column, row] = [part(28, 4), part(23, 5), part(18, 5)];
  const known: Task | undefined = TASKS[task];
  if (known?.columns[column] === undefined || known.rows[row] === undefined)
    throw new Error(word("class.otherVersion", { shown }));
  return { task, column, row, outcomes: [outcomeOf(part(9, 9)), outcomeOf(part(0, 9))] };
}
