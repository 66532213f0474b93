// The maps section as part of the page's address: maps=open&maps.x.quantity=depth&…
import {
  FIRST_DEEP,
  FIRST_FORM,
  NETWORKS,
  QUANTITIES,
  SEEDS,
  VIEWS,
  type AtlasForm,
  type AxisForm,
} from "./atlas-form";
import { HEIGHTS } from "./deep";
import { Refusal } from "./said";
import { word } from "./words";

/** What the address says of the maps section. */
export interface MapsAddress {
  open: boolean;
  form: AtlasForm;
}

const START = "maps";

/** What may stand under a name, and the sentence for everything else. */
interface Field {
  refuse: (field: string, got: string) => string;
  fits: (text: string) => boolean;
}

function oneOf(names: readonly (string | number)[]): Field {
  const texts = names.map(String);
  const last = texts[texts.length - 1]!;
  const others = texts.slice(0, -1).join(", ");
  return {
    refuse: (field, got) => word("address.oneOf", { field, names: others, last, got }),
    fits: (text) => texts.includes(text),
  };
}

const NUMBER: Field = {
  refuse: (field, got) => word("address.number", { field, got }),
  fits: (text) => /^[+-]?(\d+[.,]?\d*|[.,]\d+)(e[+-]?\d+)?$/i.test(text),
};

const AXIS: Record<keyof AxisForm, Field> = {
  quantity: oneOf(Object.keys(QUANTITIES)),
  scale: oneOf(["log", "linear"]),
  low: NUMBER,
  high: NUMBER,
};

/** Two entries of the parameters; a plane taken from a landscape is too long for an address, which leaves it out. */
const ENTRIES: Field = {
  refuse: (field, got) => word("address.pair", { field, got }),
  fits: (text) => /^\d+,\d+$/.test(text),
};

type Plain = Exclude<keyof AtlasForm, "x" | "y" | "starts">;

const PLAIN: Record<Plain, Field> = {
  view: oneOf(VIEWS),
  size: oneOf(NETWORKS),
  seeds: oneOf(SEEDS),
  steps: NUMBER,
  colour: oneOf(["excess", "steps"]),
  threshold: NUMBER,
  on: oneOf(["small", "lab"]),
  height: oneOf(HEIGHTS),
};

/** Every part of a form by its name in the address. */
function parts(form: AtlasForm): [name: string, field: Field, text: string][] {
  const axis = (which: "x" | "y") =>
    (Object.keys(AXIS) as (keyof AxisForm)[]).map((name): [string, Field, string] => [
      `${START}.${which}.${name}`,
      AXIS[name],
      form[which][name],
    ]);
  const plain = (Object.keys(PLAIN) as Plain[]).map((name): [string, Field, string] => [
    `${START}.${name}`,
    PLAIN[name],
    String(form[name]),
  ]);
  const { starts } = form;
  const entries = starts.kind === "coordinates" ? `${starts.first},${starts.second}` : "";
  return [...axis("x"), ...axis("y"), ...plain, [`${START}.starts`, ENTRIES, entries]];
}

/** What an address need not say of a view. */
const unsaid = (view: AtlasForm["view"]) => (view === "deep" ? FIRST_DEEP : FIRST_FORM);

function usual(quantity: AxisForm["quantity"]): AxisForm {
  return { quantity, ...QUANTITIES[quantity].usual };
}

/** Whether a field of the address is of the maps section. */
export function isMaps(key: string): boolean {
  return key === START || key.startsWith(`${START}.`);
}

/** What the address has to say of the section: only what differs from how it first is. */
export function writeMaps({ open, form }: MapsAddress): Map<string, string> {
  // A quantity brings its usual range along.
  const base = unsaid(form.view);
  const axis = (which: "x" | "y") =>
    base[which].quantity === form[which].quantity
      ? base[which]
      : { ...usual(form[which].quantity), quantity: base[which].quantity };
  const first = new Map(
    parts({ ...base, view: FIRST_FORM.view, x: axis("x"), y: axis("y") }).map(([name, , text]) => [
      name,
      text,
    ]),
  );
  const fields = new Map<string, string>(open ? [[START, "open"]] : []);
  for (const [name, { fits }, text] of parts(form)) {
    // What was typed and is no number has no place in an address.
    if (text !== first.get(name) && fits(text)) fields.set(name, text);
  }
  return fields;
}

/** The section that fields of the address describe; undefined where they do not speak of it. Throws a sentence. */
export function readMaps(fields: ReadonlyMap<string, string>): MapsAddress | undefined {
  if (fields.size === 0) return undefined;
  const known = new Map(parts(FIRST_FORM).map(([name, field]) => [name, field]));
  known.set(START, oneOf(["open", "closed"]));
  for (const [name, text] of fields) {
    const field = known.get(name);
    if (!field) {
      throw new Refusal(word("address.noMaps", { field: name, names: [...known.keys()].join(", ") }));
    }
    if (!field.fits(text)) throw new Refusal(field.refuse(name, text));
  }
  const text = (name: string) => fields.get(`${START}.${name}`);
  const view = (text("view") ?? FIRST_FORM.view) as AtlasForm["view"];
  const base = unsaid(view);
  const axis = (which: "x" | "y"): AxisForm => {
    const quantity = (text(`${which}.quantity`) ?? base[which].quantity) as AxisForm["quantity"];
    const found = quantity === base[which].quantity ? { ...base[which] } : usual(quantity);
    for (const name of ["low", "high"] as const) found[name] = text(`${which}.${name}`) ?? found[name];
    return { ...found, scale: (text(`${which}.scale`) ?? found.scale) as AxisForm["scale"] };
  };
  const form: AtlasForm = {
    view,
    x: axis("x"),
    y: axis("y"),
    size: Number(text("size") ?? base.size),
    seeds: Number(text("seeds") ?? base.seeds),
    steps: text("steps") ?? base.steps,
    colour: (text("colour") ?? base.colour) as AtlasForm["colour"],
    threshold: text("threshold") ?? base.threshold,
    starts: startsOf(text("starts")),
    on: (text("on") ?? base.on) as AtlasForm["on"],
    height: (text("height") ?? base.height) as AtlasForm["height"],
  };
  return { open: fields.get(START) === "open", form };
}

function startsOf(entries: string | undefined): AtlasForm["starts"] {
  if (entries === undefined) return FIRST_FORM.starts;
  const [first, second] = entries.split(",").map(Number) as [number, number];
  return { kind: "coordinates", first, second };
}
