// Excess risk of linear networks over a plane of parameters.
//
//   E(a, b) = |W_l ... W_1 S - M|^2   with A_j = A0_j + a u_j + b v_j,  W_j = I + A_j (identity) or A_j;
//   between fixed maps |C W_l ... W_1 B S - M|^2.
//
// The columns of W_l ... W_1 S do not touch each other, so one invocation carries four of them through all
// layers in private memory, forming each weight where it is used: no grid of parameters exists, and no
// barrier is needed until the columns of a point are summed. All invocations read the same weights at the
// same time, which is a broadcast on a GPU and a scalar load on a software adapter.
//
// Shapes: the launcher puts `const D4: u32 = ...;` in front of this file. Matrices are d x d padded with
// zeros to 4 D4 rows and columns, row-major in vec4s. A workgroup holds POINTS grid points of D4
// invocations each. A 4 x 4 block is held as a mat4x4 whose column vectors are the rows of the block.
//
// Bindings:
//   0 settings   shape of the grid and the part of it that this dispatch computes
//   1 origin     A0                                  [layer][rows][D4]
//   2 along_a    u                                   [layer][rows][D4]
//   3 along_b    v                                   [layer][rows][D4]
//   4 problem    S or B S, then M, then C if any     [2 or 3][rows][D4]
//   5 axes       the values of a, then those of b    [columns + rows of the grid]
//   6 excess     E, index b * columns + a            [points]

struct Settings {
    layers: u32,
    identity: u32,
    // Values of a.
    columns: u32,
    // All points of the grid.
    points: u32,
    // First point of this dispatch.
    first: u32,
    // Whether there is a C.
    output: u32,
    unused0: u32,
    unused1: u32,
}

const POINTS: u32 = max(32u / D4, 1u);
// vec4s in a matrix.
const MATRIX: u32 = 4u * D4 * D4;

@group(0) @binding(0) var<uniform> settings: Settings;
@group(0) @binding(1) var<storage, read> origin: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> along_a: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> along_b: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> problem: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read> axes: array<f32>;
@group(0) @binding(6) var<storage, read_write> excess: array<f32>;

var<workgroup> sums: array<f32, D4 * POINTS>;

fn problem_block(base: u32, r: u32, c: u32) -> mat4x4<f32> {
    let p = base + 4u * r * D4 + c;
    return mat4x4<f32>(problem[p], problem[p + D4], problem[p + 2u * D4], problem[p + 3u * D4]);
}

fn weight(p: u32, a: f32, b: f32) -> vec4<f32> {
    return origin[p] + a * along_a[p] + b * along_b[p];
}

fn weight_block(base: u32, r: u32, c: u32, a: f32, b: f32) -> mat4x4<f32> {
    let p = base + 4u * r * D4 + c;
    return mat4x4<f32>(
        weight(p, a, b),
        weight(p + D4, a, b),
        weight(p + 2u * D4, a, b),
        weight(p + 3u * D4, a, b),
    );
}

@compute @workgroup_size(D4 * POINTS)
fn landscape(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {
    // Points run fastest, so that neighbours in a SIMD group work on the same columns.
    let c = index / POINTS;
    let point = settings.first + group.x * POINTS + index % POINTS;
    // Past the end of the grid the last point is computed again and thrown away.
    let here = min(point, settings.points - 1u);
    let a = axes[here % settings.columns];
    let b = axes[settings.columns + here / settings.columns];

    var chain: array<mat4x4<f32>, D4>;
    var next: array<mat4x4<f32>, D4>;
    for (var r = 0u; r < D4; r++) {
        chain[r] = problem_block(0u, r, c);
    }
    for (var layer = 0u; layer < settings.layers; layer++) {
        for (var r = 0u; r < D4; r++) {
            var block = mat4x4<f32>();
            for (var k = 0u; k < D4; k++) {
                block += chain[k] * weight_block(layer * MATRIX, r, k, a, b);
            }
            if settings.identity != 0u {
                block += chain[r];
            }
            next[r] = block;
        }
        chain = next;
    }

    if settings.output != 0u {
        for (var r = 0u; r < D4; r++) {
            var block = mat4x4<f32>();
            for (var k = 0u; k < D4; k++) {
                block += chain[k] * problem_block(2u * MATRIX, r, k);
            }
            next[r] = block;
        }
        chain = next;
    }

    var sum = 0.0;
    for (var r = 0u; r < D4; r++) {
        let error = chain[r] - problem_block(MATRIX, r, c);
        sum += dot(error[0], error[0]) + dot(error[1], error[1]) + dot(error[2], error[2]) + dot(error[3], error[3]);
    }
    sums[index] = sum;
    workgroupBarrier();
    if index < POINTS && point < settings.points {
        var all = 0.0;
        for (var k = 0u; k < D4; k++) {
            all += sums[k * POINTS + index];
        }
        excess[point] = all;
    }
}
