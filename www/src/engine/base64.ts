// Float32 numbers as the crate reads and writes them: base64 of little-endian words.

/** Every platform with WebAssembly is little-endian, so the bytes are those in memory. */
export function toBase64(values: Float32Array): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  let text = "";
  // Pieces, because a call takes only so many arguments.
  for (let i = 0; i < bytes.length; i += 0x2000)
    text += String.fromCharCode(...bytes.subarray(i, i + 0x2000));
  return btoa(text);
}
