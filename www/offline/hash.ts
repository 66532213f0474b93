// A file's content in a few letters.
import { createHash } from "node:crypto";

export const hash = (content: string | Uint8Array) =>
  createHash("sha256").update(content).digest("hex").slice(0, 16);
