// Float32 numbers as the crate reads and writes them: base64 of little-endian words.

/** Standard base64, padded; every platform with WebAssembly is little-endian, so the bytes are those in memory. */
export function toBase64(values: Float32Array): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const parts: string[] = [];
  // More arguments than this overflow the stack of some browsers.
  for (let i = 0; i < bytes.length; i += 0x2000) {
    parts.push(String.fromCharCode(...bytes.subarray(i, i + 0x2000)));
  }
  return btoa(parts.join(""));
}

/** The numbers of a base64 text; what is no whole float32 at its end is left out. */
export function fromBase64(text: string): Float32Array<ArrayBuffer> {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return new Float32Array(bytes.buffer, 0, Math.floor(bytes.length / 4));
}
