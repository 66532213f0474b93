// Comlink carries only the message of an error; the page also wants the field and whether to start afresh.
import * as Comlink from "comlink";
import { asLabError, LabError } from "./types";

interface Thrown {
  value: unknown;
}
interface Carried {
  message: string;
  field: string | undefined;
  fatal: boolean;
}

const original = Comlink.transferHandlers.get("throw")!;

/** To be called once in every realm that talks through Comlink. */
export function carryErrors(): void {
  Comlink.transferHandlers.set("throw", {
    canHandle: original.canHandle,
    serialize: ({ value }: Thrown): [Carried, Transferable[]] => {
      const { message, field, fatal } = asLabError(value);
      return [{ message, field, fatal }, []];
    },
    deserialize: ({ message, field, fatal }: Carried): never => {
      throw new LabError(message, field, fatal);
    },
  });
}
