/** Coordinates of θ in the plane origin + a·u + b·v, u and v orthonormal. Sums in f64: many small terms. */
export function project(
  theta: Float32Array,
  origin: Float32Array,
  u: Float32Array,
  v: Float32Array,
): { a: number; b: number } {
  let a = 0;
  let b = 0;
  for (let i = 0; i < theta.length; i++) {
    const difference = theta[i]! - origin[i]!;
    a += difference * u[i]!;
    b += difference * v[i]!;
  }
  return { a, b };
}
