// What the kernels that train linear networks share; their files say what they compute and which lane owns what.
//
// Shapes: the launcher puts `const D4: u32 = ...;` and `const PACK: u32 = ...;` in front of this file. Matrices
// are d x d padded with zeros to 4 D4 rows and columns, row-major in vec4s; zeros stay zeros through every
// product and update. D4 * D4 invocations train a network, PACK networks share a workgroup. Invocation `tile` of
// a network owns the 4 x 4 tile of rows 4r.. and columns 4c.. with r = tile / D4, c = tile % D4.
//
// A 4 x 4 block is held as a mat4x4 whose column vectors are the ROWS of the block: block(X, r, c) is the
// transpose of block (r, c) of X. That makes every product of the three below one mat4x4 product a step.
//
// Places in buffers are counted in vec4s.

struct Rule {
    identity: u32,
    optimizer: u32,
    rate: f32,
    beta1: f32,
    beta2: f32,
    epsilon: f32,
}

const MOMENTUM: u32 = 1u;
const ADAM: u32 = 2u;
const TILES: u32 = D4 * D4;
// vec4s in a matrix.
const MATRIX: u32 = 4u * D4 * D4;

// S, M and, for networks with fixed maps, C of each problem; their S is B S.
@group(0) @binding(2) var<storage, read> ends: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> parameters: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> moments: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> prefixes: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read_write> adjoints: array<vec4<f32>>;

var<workgroup> tile_sums: array<f32, PACK * TILES>;
var<workgroup> row_sums: array<f32, PACK * D4>;
// The sums of each network of the workgroup.
var<workgroup> totals: array<f32, PACK>;

// Place in a buffer of the first row of block (r, c) of the matrix at `base`.
fn place(base: u32, r: u32, c: u32) -> u32 {
    return base + 4u * r * D4 + c;
}

fn end_block(base: u32, r: u32, c: u32) -> mat4x4<f32> {
    let p = place(base, r, c);
    return mat4x4<f32>(ends[p], ends[p + D4], ends[p + 2u * D4], ends[p + 3u * D4]);
}

fn weight_block(base: u32, r: u32, c: u32) -> mat4x4<f32> {
    let p = place(base, r, c);
    return mat4x4<f32>(parameters[p], parameters[p + D4], parameters[p + 2u * D4], parameters[p + 3u * D4]);
}

fn prefix_block(base: u32, r: u32, c: u32) -> mat4x4<f32> {
    let p = place(base, r, c);
    return mat4x4<f32>(prefixes[p], prefixes[p + D4], prefixes[p + 2u * D4], prefixes[p + 3u * D4]);
}

fn adjoint_block(base: u32, r: u32, c: u32) -> mat4x4<f32> {
    let p = place(base, r, c);
    return mat4x4<f32>(adjoints[p], adjoints[p + D4], adjoints[p + 2u * D4], adjoints[p + 3u * D4]);
}

fn store_prefix(base: u32, r: u32, c: u32, block: mat4x4<f32>) {
    let p = place(base, r, c);
    prefixes[p] = block[0];
    prefixes[p + D4] = block[1];
    prefixes[p + 2u * D4] = block[2];
    prefixes[p + 3u * D4] = block[3];
}

fn store_adjoint(base: u32, r: u32, c: u32, block: mat4x4<f32>) {
    let p = place(base, r, c);
    adjoints[p] = block[0];
    adjoints[p + D4] = block[1];
    adjoints[p + 2u * D4] = block[2];
    adjoints[p + 3u * D4] = block[3];
}

// The tile of W F; `own` is the tile of F. With W = I + A the product is taken as F + A F, so that digits of a
// small A never meet a 1.
fn through(rule: Rule, weights: u32, before: u32, r: u32, c: u32, own: mat4x4<f32>) -> mat4x4<f32> {
    var next = mat4x4<f32>();
    for (var k = 0u; k < D4; k++) {
        next += prefix_block(before, k, c) * weight_block(weights, r, k);
    }
    if rule.identity != 0u {
        next += own;
    }
    return next;
}

// The tile of B F^T.
fn gradient_tile(before: u32, adjoint: u32, r: u32, c: u32) -> mat4x4<f32> {
    var gradient = mat4x4<f32>();
    for (var k = 0u; k < D4; k++) {
        gradient += transpose(prefix_block(before, c, k)) * adjoint_block(adjoint, r, k);
    }
    return gradient;
}

// The tile of W^T B; `own` is the tile of B.
fn back_through(rule: Rule, weights: u32, adjoint: u32, r: u32, c: u32, own: mat4x4<f32>) -> mat4x4<f32> {
    var next = mat4x4<f32>();
    for (var k = 0u; k < D4; k++) {
        next += adjoint_block(adjoint, k, c) * transpose(weight_block(weights, k, r));
    }
    if rule.identity != 0u {
        next += own;
    }
    return next;
}

// The tile of C F_l, for C among the ends.
fn output_tile(output: u32, last: u32, r: u32, c: u32) -> mat4x4<f32> {
    var image = mat4x4<f32>();
    for (var k = 0u; k < D4; k++) {
        image += prefix_block(last, k, c) * end_block(output, r, k);
    }
    return image;
}

// The tile of C^T B.
fn back_from_output(output: u32, adjoint: u32, r: u32, c: u32) -> mat4x4<f32> {
    var image = mat4x4<f32>();
    for (var k = 0u; k < D4; k++) {
        image += adjoint_block(adjoint, k, c) * transpose(end_block(output, k, r));
    }
    return image;
}

fn squared(block: mat4x4<f32>) -> f32 {
    return dot(block[0], block[0]) + dot(block[1], block[1]) + dot(block[2], block[2]) + dot(block[3], block[3]);
}

// Sums `value` over the invocations of each network into `totals`, in an order that does not depend on the device;
// a barrier must follow before they are read. Also a barrier for storage, so that what was written before it can
// be read after it.
fn reduce(value: f32, slot: u32, tile: u32) {
    tile_sums[slot * TILES + tile] = value;
    storageBarrier();
    workgroupBarrier();
    if tile < D4 {
        var sum = 0.0;
        for (var i = 0u; i < D4; i++) {
            sum += tile_sums[slot * TILES + tile * D4 + i];
        }
        row_sums[slot * D4 + tile] = sum;
    }
    workgroupBarrier();
    if tile == 0u {
        var sum = 0.0;
        for (var i = 0u; i < D4; i++) {
            sum += row_sums[slot * D4 + i];
        }
        totals[slot] = sum;
    }
}

// The update rule on the tile (r, c) of the layer at `weights`; `second` is how far the second moments are behind
// the first.
fn update(
    rule: Rule,
    weights: u32,
    r: u32,
    c: u32,
    second: u32,
    gradient: mat4x4<f32>,
    correction: vec2<f32>,
) {
    for (var i = 0u; i < 4u; i++) {
        let p = place(weights, r, c) + i * D4;
        let g = gradient[i];
        if rule.optimizer == ADAM {
            let q = p + second;
            let m = rule.beta1 * moments[p] + (1.0 - rule.beta1) * g;
            let v = rule.beta2 * moments[q] + (1.0 - rule.beta2) * g * g;
            moments[p] = m;
            moments[q] = v;
            parameters[p] -= rule.rate * (m * correction.x) / (sqrt(v * correction.y) + vec4<f32>(rule.epsilon));
        } else if rule.optimizer == MOMENTUM {
            let m = rule.beta1 * moments[p] + g;
            moments[p] = m;
            parameters[p] -= rule.rate * m;
        } else {
            parameters[p] -= rule.rate * g;
        }
    }
}
