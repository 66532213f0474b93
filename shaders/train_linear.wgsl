// Training of linear networks: one workgroup trains one network ("lane") for several steps.
//
//   forward    F_0 = S,  F_j = W_j F_{j-1}          with W_j = I + A_j (identity) or A_j (standard);
//   risk       E = |F_l - M|^2                      (squared Frobenius norm);
//   backward   B_l = 2 (F_l - M),  grad_j = B_j F_{j-1}^T,  B_{j-1} = W_j^T B_j;
//   update     gradient descent, momentum or Adam, on each A_j as soon as its gradient is known.
//
// With W = I + A the product is taken as F + A F, so that digits of a small A never meet a 1.
//
// Shapes: the launcher puts `const D4: u32 = ...;` in front of this file. Matrices are d x d padded with
// zeros to 4 D4 rows and columns, row-major in vec4s; zeros stay zeros through every product and update.
// Invocation `tile` owns the 4 x 4 tile of rows 4r.. and columns 4c.. with r = tile / D4, c = tile % D4.
//
// A 4 x 4 block is held as a mat4x4 whose column vectors are the ROWS of the block: block(X, r, c) is the
// transpose of block (r, c) of X. That makes every product of the three below one mat4x4 product a step.
//
// Bindings (a uniform and the eight storage buffers that every device has):
//   0 settings     layers, last step, steps a dispatch
//   1 lanes        rule and progress of each network
//   2 goal         M                                 [rows][D4]
//   3 parameters   A                                 [lane][layer][rows][D4]
//   4 moments      first moments, then second        [2][lane][layer][rows][D4]; one vec4 when unused
//   5 prefixes     F_0 (written by the launcher) ... [lane][layer + 1][rows][D4]
//   6 adjoints     B, double-buffered                [lane][2][rows][D4]
//   7 records      (E, |grad|^2) at each step        [lane][last + 1]
//   8 corrections  Adam's 1/(1 - beta^t)             [lane][last]; one vec2 when unused

struct Settings {
    layers: u32,
    last: u32,
    chunk: u32,
    lanes: u32,
}

struct Lane {
    identity: u32,
    optimizer: u32,
    rate: f32,
    beta1: f32,
    beta2: f32,
    epsilon: f32,
    // Bits of the largest risk that is not yet divergence.
    limit: u32,
    diverged: u32,
    // Records written in this call.
    count: u32,
    // Set once the last record of this call is written.
    stopped: u32,
    unused0: u32,
    unused1: u32,
}

const MOMENTUM: u32 = 1u;
const ADAM: u32 = 2u;
// vec4s in a matrix.
const MATRIX: u32 = 4u * D4 * D4;

@group(0) @binding(0) var<uniform> settings: Settings;
@group(0) @binding(1) var<storage, read_write> lanes: array<Lane>;
@group(0) @binding(2) var<storage, read> goal: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> parameters: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> moments: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> prefixes: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read_write> adjoints: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read_write> records: array<vec2<f32>>;
@group(0) @binding(8) var<storage, read> corrections: array<vec2<f32>>;

var<workgroup> tile_sums: array<f32, D4 * D4>;
var<workgroup> row_sums: array<f32, D4>;
var<workgroup> total: f32;
var<workgroup> progress: vec2<u32>;

// Place in a buffer of the first row of block (r, c) of the matrix at `base`.
fn place(base: u32, r: u32, c: u32) -> u32 {
    return base + 4u * r * D4 + c;
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

fn goal_block(r: u32, c: u32) -> mat4x4<f32> {
    let p = place(0u, r, c);
    return mat4x4<f32>(goal[p], goal[p + D4], goal[p + 2u * D4], goal[p + 3u * D4]);
}

fn squared(block: mat4x4<f32>) -> f32 {
    return dot(block[0], block[0]) + dot(block[1], block[1]) + dot(block[2], block[2]) + dot(block[3], block[3]);
}

// Sum of `value` over the workgroup, in an order that does not depend on the device. Also a barrier for
// storage, so that what was written before it can be read after it.
fn reduce(value: f32, tile: u32) -> f32 {
    tile_sums[tile] = value;
    storageBarrier();
    workgroupBarrier();
    if tile < D4 {
        var sum = 0.0;
        for (var i = 0u; i < D4; i++) {
            sum += tile_sums[tile * D4 + i];
        }
        row_sums[tile] = sum;
    }
    workgroupBarrier();
    if tile == 0u {
        var sum = 0.0;
        for (var i = 0u; i < D4; i++) {
            sum += row_sums[i];
        }
        total = sum;
    }
    return workgroupUniformLoad(&total);
}

// One vec4 of the update rule; `p` is its place in the parameters.
fn update(lane: Lane, p: u32, gradient: vec4<f32>, correction: vec2<f32>) {
    if lane.optimizer == ADAM {
        let q = p + settings.lanes * settings.layers * MATRIX;
        let m = lane.beta1 * moments[p] + (1.0 - lane.beta1) * gradient;
        let v = lane.beta2 * moments[q] + (1.0 - lane.beta2) * gradient * gradient;
        moments[p] = m;
        moments[q] = v;
        parameters[p] -= lane.rate * (m * correction.x) / (sqrt(v * correction.y) + vec4<f32>(lane.epsilon));
    } else if lane.optimizer == MOMENTUM {
        let m = lane.beta1 * moments[p] + gradient;
        moments[p] = m;
        parameters[p] -= lane.rate * m;
    } else {
        parameters[p] -= lane.rate * gradient;
    }
}

@compute @workgroup_size(D4 * D4)
fn train(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) tile: u32) {
    let member = group.x;
    let r = tile / D4;
    let c = tile % D4;
    let lane = lanes[member];
    let weights = member * settings.layers * MATRIX;
    let chain = member * (settings.layers + 1u) * MATRIX;
    let sweep = member * 2u * MATRIX;

    if tile == 0u {
        progress = vec2<u32>(lane.count, lane.stopped);
    }
    let begin = workgroupUniformLoad(&progress);
    if begin.y != 0u {
        return;
    }
    let end = min(begin.x + settings.chunk, settings.last + 1u);

    var step = begin.x;
    var stop = false;
    var diverged = lane.diverged != 0u;
    while step < end && !stop {
        // Forward; the invocation keeps its tile of F_j from one layer to the next.
        var own = prefix_block(chain, r, c);
        for (var layer = 0u; layer < settings.layers; layer++) {
            let before = chain + layer * MATRIX;
            var next = mat4x4<f32>();
            for (var k = 0u; k < D4; k++) {
                next += prefix_block(before, k, c) * weight_block(weights + layer * MATRIX, r, k);
            }
            if lane.identity != 0u {
                next += own;
            }
            own = next;
            let p = place(before + MATRIX, r, c);
            for (var i = 0u; i < 4u; i++) {
                prefixes[p + i * D4] = own[i];
            }
            storageBarrier();
        }

        let error = own - goal_block(r, c);
        own = 2.0 * error;
        let first = place(sweep, r, c);
        for (var i = 0u; i < 4u; i++) {
            adjoints[first + i * D4] = own[i];
        }
        let risk = reduce(squared(error), tile);
        // Bits of a positive float order like the float, and above them all stand infinity and NaN, which
        // a shader must not compare as floats.
        diverged = diverged || (bitcast<u32>(risk) & 0x7fffffffu) > lane.limit;
        stop = diverged || step == settings.last;

        var correction = vec2<f32>(1.0);
        if lane.optimizer == ADAM && !stop {
            correction = corrections[member * settings.last + step];
        }

        // Backward; everyone must have read A_j before anyone changes it, hence the barrier between.
        var steepness = 0.0;
        var current = sweep;
        for (var back = 0u; back < settings.layers; back++) {
            let layer = settings.layers - 1u - back;
            let before = chain + layer * MATRIX;
            let matrix = weights + layer * MATRIX;
            let other = 2u * sweep + MATRIX - current;
            var gradient = mat4x4<f32>();
            for (var k = 0u; k < D4; k++) {
                gradient += transpose(prefix_block(before, c, k)) * adjoint_block(current, r, k);
            }
            if layer > 0u {
                var next = mat4x4<f32>();
                for (var k = 0u; k < D4; k++) {
                    next += adjoint_block(current, k, c) * transpose(weight_block(matrix, k, r));
                }
                if lane.identity != 0u {
                    next += own;
                }
                own = next;
                let p = place(other, r, c);
                for (var i = 0u; i < 4u; i++) {
                    adjoints[p + i * D4] = own[i];
                }
            }
            storageBarrier();
            steepness += squared(gradient);
            if !stop {
                let p = place(matrix, r, c);
                for (var i = 0u; i < 4u; i++) {
                    update(lane, p + i * D4, gradient[i], correction);
                }
            }
            current = other;
        }
        let gradient_norm = reduce(steepness, tile);
        if tile == 0u {
            records[member * (settings.last + 1u) + step] = vec2<f32>(risk, gradient_norm);
            progress = vec2<u32>(u32(stop), u32(diverged));
        }
        stop = workgroupUniformLoad(&progress).x != 0u;
        step++;
    }

    if tile == 0u {
        lanes[member].count = step;
        lanes[member].stopped = u32(stop);
        lanes[member].diverged = u32(diverged);
    }
}
