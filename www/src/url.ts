// The experiment as the page's address: #network.width=8&target.kind=random&…, to be read by people too.
import { isMaps } from "./atlas-address";
import type { Experiment, ExperimentInput } from "./engine/types";
import { isImages } from "./images-address";
import { Refusal } from "./said";
import { word } from "./words";

/** What the address holds: an experiment and how to look at it. */
export interface Address {
  experiment: Experiment;
  engine: string;
  plane: string;
  /** Fields of the maps section. */
  maps?: ReadonlyMap<string, string>;
  /** Fields of the section on images. */
  images?: ReadonlyMap<string, string>;
}

export interface ReadAddress {
  /** Flat fields of the experiment as written, not yet validated. */
  fields: Map<string, string>;
  engine: string | undefined;
  plane: string | undefined;
  /** Those of the maps section, as written. */
  maps: Map<string, string>;
  /** Those of the section on images, as written. */
  images: Map<string, string>;
}

/** More characters than this are no address that could be sent to anybody. */
const MOST = 24_000;

const isLong = (value: unknown) => JSON.stringify(value).length > MOST;

/** What of an experiment has too many numbers for the address, which then leaves it out. */
export interface LeftOut {
  /** The points of a classifier. */
  readonly points: boolean;
  /** The start of a network. */
  readonly start: boolean;
}

export function leftOut({ data, twins }: Experiment): LeftOut {
  return { points: isLong(data), start: twins.some(({ start }) => isLong(start)) };
}

/** The sentence for what the address leaves out; empty where that is nothing. */
export function leftOutSentence({ points, start }: LeftOut): string {
  if (points && start) return word("address.leftOut");
  if (points) return word("address.leftOutPoints");
  return start ? word("address.leftOutStart") : "";
}

/** Fields in order; a list is written 1,2,3 and a matrix 1,2;3,4. */
export function writeHash({ experiment, engine, plane, maps, images }: Address): string {
  const parts: string[] = [];
  const write = (key: string, value: unknown) => {
    if (/(\.start|^data)$/.test(key) && isLong(value)) return;
    if (Array.isArray(value)) {
      if (value.every((entry) => typeof entry === "number")) put(key, value.join(","));
      else if (value.every((entry) => Array.isArray(entry)))
        put(key, value.map((row) => row.join(",")).join(";"));
      else value.forEach((entry, i) => write(`${key}.${i}`, entry));
    } else if (value !== null && typeof value === "object") {
      for (const [name, entry] of Object.entries(value)) write(key ? `${key}.${name}` : name, entry);
    } else if (value !== undefined) put(key, String(value));
  };
  const put = (key: string, text: string) => parts.push(`${key}=${escape(text)}`);
  write("", experiment);
  if (engine !== "auto") parts.push(`engine=${escape(engine)}`);
  if (plane !== "startCurrent") parts.push(`plane=${escape(plane)}`);
  maps?.forEach((text, key) => put(key, text));
  images?.forEach((text, key) => put(key, text));
  return `#${parts.join("&")}`;
}

// Commas, semicolons and signs may stand in a fragment as they are.
function escape(text: string): string {
  return encodeURIComponent(text).replace(/%2C/g, ",").replace(/%3B/g, ";").replace(/%2B/g, "+");
}

/** Takes an address apart; throws a sentence where it is not made of key=value pairs. */
export function readHash(hash: string): ReadAddress {
  const fields = new Map<string, string>();
  const maps = new Map<string, string>();
  const images = new Map<string, string>();
  let engine: string | undefined;
  let plane: string | undefined;
  for (const part of hash.replace(/^#/, "").split("&")) {
    if (part === "") continue;
    const at = part.indexOf("=");
    const [key, text] = at < 0 ? [part, undefined] : [part.slice(0, at), part.slice(at + 1)];
    if (text === undefined || !/^[A-Za-z][A-Za-z0-9]*(\.[A-Za-z0-9]+)*$/.test(key)) {
      throw new Refusal(word("address.part", { part: shorten(part) }));
    }
    let value: string;
    try {
      value = decodeURIComponent(text);
    } catch {
      throw new Refusal(word("address.encoding", { field: key }));
    }
    if (fields.has(key) || maps.has(key) || images.has(key))
      throw new Refusal(word("address.twice", { field: key }));
    if (key === "engine") engine = value;
    else if (key === "plane") plane = value;
    else if (isMaps(key)) maps.set(key, value);
    else if (isImages(key)) images.set(key, value);
    else fields.set(key, value);
  }
  return { fields, engine, plane, maps, images };
}

type Tree = { [key: string]: unknown };

/**
 * The experiment that the fields describe, over `base` for what they leave out. Where a `kind` differs from the
 * base's, nothing else of that part is taken over: another kind has other fields.
 */
export function experimentFrom(fields: ReadonlyMap<string, string>, base: Experiment): ExperimentInput {
  const result = structuredClone(base) as unknown as Tree;
  for (const [key, text] of fields) {
    if (!key.endsWith(".kind")) continue;
    const path = key.split(".");
    const part = descend(result, path.slice(0, -1), true);
    if (part && part["kind"] !== text) {
      for (const name of Object.keys(part)) if (!KEPT.has(name)) delete part[name];
      part["kind"] = text;
      fillIn(path[0]!, part);
    }
  }
  trimTwins(result, fields);
  for (const [key, text] of fields) {
    const path = key.split(".");
    const part = descend(result, path.slice(0, -1), true);
    const name = path[path.length - 1]!;
    if (part) part[name] = parse(name, text);
  }
  return result as ExperimentInput;
}

/** Starts that have no scale. */
const WITHOUT_SCALE = new Set(["identity", "zeroAsymmetric", "fixup", "reZero", "given"]);

/** Fields that mean the same in every kind of their part. */
const KEPT = new Set(["learningRate", "covariance", "noise", "scale"]);

/** What a kind cannot do without and the crate has no default for. */
function fillIn(part: string, tree: Tree): void {
  if (part === "network" && tree["kind"] === "relu") Object.assign(tree, { width: 16, blocks: 16 });
  if (part === "network" && tree["kind"] === "linear") Object.assign(tree, { width: 8, layers: 16 });
  if (part === "data" && (tree["kind"] === "set" || tree["kind"] === "points")) {
    delete tree["covariance"];
    if (tree["kind"] === "set") Object.assign(tree, { set: "spirals", points: 256 });
    else delete tree["noise"];
  }
  if (part !== "target") return;
  delete tree["scale"];
  if (tree["kind"] === "rotation") tree["degrees"] = 90;
  else if (tree["kind"] === "negativeEigenvalue") Object.assign(tree, { eigenvalue: -0.5, condition: 10 });
  else if (tree["kind"] !== "diagonal" && tree["kind"] !== "matrix") tree["condition"] = 10;
}

/** An address that names only twin 0 means one twin. */
function trimTwins(result: Tree, fields: ReadonlyMap<string, string>): void {
  const named = [...fields.keys()].filter((key) => key.startsWith("twins."));
  if (named.length === 0) return;
  const highest = Math.max(...named.map((key) => Number(key.split(".")[1])));
  const twins = result["twins"];
  if (Array.isArray(twins) && Number.isInteger(highest)) twins.length = Math.min(twins.length, highest + 1);
  for (const [key, text] of fields) {
    const match = /^twins\.(\d+)\.start\.kind$/.exec(key);
    if (match && WITHOUT_SCALE.has(text)) {
      const start = descend(result, ["twins", match[1]!, "start"], false);
      if (start) delete start["scale"];
    }
  }
}

function descend(tree: Tree, path: readonly string[], create: boolean): Tree | undefined {
  let here: unknown = tree;
  for (const name of path) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, name)) {
      if (!create || typeof here !== "object" || here === null) return undefined;
      // Beyond the list's end an object appears, which the crate then names as wrong.
      if (Array.isArray(here) && !(Number(name) <= 8)) return undefined;
      Object.defineProperty(here, name, { value: {}, writable: true, enumerable: true, configurable: true });
    }
    here = (here as Tree)[name];
  }
  return typeof here === "object" && here !== null ? (here as Tree) : undefined;
}

function parse(name: string, text: string): unknown {
  // Its base64 could by chance be all digits.
  if (name === "parameters" || name === "inputs") return text;
  if (name === "trainEnds" || name === "gains")
    return text === "true" ? true : text === "false" ? false : text;
  if (name === "values" || name === "labels") return text.split(",").map(scalar);
  if (name === "rows") return text.split(";").map((row) => row.split(",").map(scalar));
  return scalar(text);
}

/** A number where the text is one; anything else stays text, for the crate to refuse by name. */
function scalar(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === "null") return null;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed) && Number.isFinite(Number(trimmed))
    ? Number(trimmed)
    : text;
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
