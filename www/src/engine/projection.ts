/**
 * Coordinates of the place in the plane origin + a·u + b·v that is nearest to θ. The directions need not be
 * orthonormal. Sums in f64: many small terms.
 */
export function project(
  theta: Float32Array,
  origin: Float32Array,
  u: Float32Array,
  v: Float32Array,
): { a: number; b: number } {
  let [du, dv, uu, uv, vv] = [0, 0, 0, 0, 0];
  for (let i = 0; i < theta.length; i++) {
    const difference = theta[i]! - origin[i]!;
    du += difference * u[i]!;
    dv += difference * v[i]!;
    uu += u[i]! * u[i]!;
    uv += u[i]! * v[i]!;
    vv += v[i]! * v[i]!;
  }
  const determinant = uu * vv - uv * uv;
  // A single parameter has no second direction.
  if (!(determinant > 1e-12 * uu * vv)) return { a: uu > 0 ? du / uu : 0, b: 0 };
  return { a: (du * vv - dv * uv) / determinant, b: (dv * uu - du * uv) / determinant };
}
