// Training of ReLU networks: one workgroup trains one network ("lane") for several steps.
//
//   forward    h_0 = A0 x,  z_j = relu(U_j h_{j-1} + s_j),  h_j = [h_{j-1} +] alpha_j V_j z_j;
//   loss       mean over points of loss(B h_L);
//   backward   G_L = B^T dlogits;  D_j = alpha_j V_j^T G_j where z_j > 0;  G_{j-1} = [G_j +] U_j^T D_j;
//   gradients  B: dlogits h_L^T;  V_j: alpha_j M_j with M_j = G_j z_j^T;  alpha_j: <V_j, M_j>;
//              U_j: D_j h_{j-1}^T;  s_j: the sum of D_j;  A0: G_0 x^T; all of them sums over points;
//   update     gradient descent, momentum or Adam.
//
// common/relu.wgsl states the network and how its parameters are laid out. CARRIED points at a time go through
// the network, four to an invocation, and leave what the way back needs in `scratch`; sums over points are
// then made by 4 x 4 tiles of a gradient, one to an invocation. Such a piece is the unit of work: a dispatch
// makes some of them and may end anywhere within a step. With minibatches a step is two rounds: all points,
// for the record, then the batch, for the update.
//
// Rows of `scratch` are LANES vec4s long, four points a vec4. A lane has the rows
//   x [4 dimension4], h_0, z_1, h_1, z_2 ... h_L [2 L + 1][K], dlogits [4 classes4], G or D [2][K],
// the last double-buffered so that a stage of the way back needs one barrier; after them its gradient
// [parameter_count]. The way back has 2 L + 2 stages: B, then V and U of every block from the last on, then A0.
// Each multiplies the gradient by its output with its input, which stands right before that in `scratch`.
//
// Bindings (a uniform and the eight storage buffers that every device has):
//   0 settings     shapes, last step, pieces a dispatch
//   1 lanes        rule and progress of each network
//   2 points       coordinates and labels         [n][dimension4 + 1]
//   3 order        the points of every minibatch  [lane][last][batch]; one number when unused
//   4 parameters   theta                          [lane][parameter_count]
//   5 moments      first moments, then second     [2][lane][parameter_count]; one vec4 when unused
//   6 scratch      see above                      [lane][rows * LANES + parameter_count]
//   7 records      (loss, |grad|^2) at each step  [lane][last + 1]
//   8 corrections  Adam's 1/(1 - beta^t)          [lane][last]; one vec2 when unused

struct Settings {
    dimension4: u32,
    classes: u32,
    blocks: u32,
    // 0: cross-entropy, 1: squared distance to the label's unit vector.
    squared: u32,
    points: u32,
    // Points of a minibatch; 0 for the full batch.
    batch: u32,
    // Whether A0 and B are trained.
    ends: u32,
    last: u32,
    pieces: u32,
    lanes: u32,
    unused0: u32,
    unused1: u32,
}

struct Lane {
    identity: u32,
    // Whether every alpha is trained.
    gains: u32,
    optimizer: u32,
    rate: f32,
    beta1: f32,
    beta2: f32,
    epsilon: f32,
    // Bits of the largest loss that is not yet divergence.
    limit: u32,
    diverged: u32,
    // Records written in this call.
    count: u32,
    // Set once the last record of this call is written.
    stopped: u32,
    // 0: all points; 1: the minibatch.
    round: u32,
    // Pieces done of this round, and the sum of their losses.
    piece: u32,
    loss: f32,
    unused0: u32,
    unused1: u32,
}

const MOMENTUM: u32 = 1u;
const ADAM: u32 = 2u;

@group(0) @binding(0) var<uniform> settings: Settings;
@group(0) @binding(1) var<storage, read_write> lanes: array<Lane>;
@group(0) @binding(2) var<storage, read> points: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> order: array<u32>;
@group(0) @binding(4) var<storage, read_write> parameters: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> moments: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read_write> scratch: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read_write> records: array<vec2<f32>>;
@group(0) @binding(8) var<storage, read> corrections: array<vec2<f32>>;

var<workgroup> sums: array<f32, LANES>;
var<workgroup> total: f32;
var<workgroup> progress: vec4<u32>;

// Rows of `scratch`: h_j for half = 2 j, z_j for half = 2 j - 1.
fn state_row(half: u32) -> u32 {
    return 4u * settings.dimension4 + half * K;
}

fn logit_row() -> u32 {
    return state_row(2u * settings.blocks + 1u);
}

fn adjoint_row(buffer: u32) -> u32 {
    return logit_row() + 4u * classes4() + buffer * K;
}

fn rows() -> u32 {
    return adjoint_row(2u);
}

// Stores h or z, or the gradient by it, of the invocation's points.
fn keep(base: u32, row: u32, source: u32, index: u32) {
    for (var f = 0u; f < K; f++) {
        scratch[base + (row + f) * LANES + index] = state[source + f / 4u][f % 4u];
    }
}

// Sum of `value` over the workgroup, in an order that does not depend on the device. Also a barrier for
// storage, so that what was written before it can be read after it.
fn reduce(value: f32, index: u32) -> f32 {
    sums[index] = value;
    storageBarrier();
    workgroupBarrier();
    if index == 0u {
        var sum = 0.0;
        for (var i = 0u; i < LANES; i++) {
            sum += sums[i];
        }
        total = sum;
    }
    return workgroupUniformLoad(&total);
}

// Adds one tile of left * right^T, a sum over points, to the gradient at `to`, whose rows are `stride` vec4s.
fn add_outer(base: u32, left: u32, right: u32, to: u32, stride: u32, used: u32, fresh: bool) {
    let l = base + left * LANES;
    let r = base + right * LANES;
    var tile = mat4x4<f32>();
    for (var g = 0u; g < used; g++) {
        let across = transpose(mat4x4<f32>(
            scratch[r + g],
            scratch[r + LANES + g],
            scratch[r + 2u * LANES + g],
            scratch[r + 3u * LANES + g],
        ));
        tile += across * mat4x4<f32>(
            scratch[l + g],
            scratch[l + LANES + g],
            scratch[l + 2u * LANES + g],
            scratch[l + 3u * LANES + g],
        );
    }
    for (var i = 0u; i < 4u; i++) {
        if fresh {
            scratch[to + i * stride] = tile[i];
        } else {
            scratch[to + i * stride] += tile[i];
        }
    }
}

// Adds the sum of a row to one number of the gradient.
fn add_row(base: u32, row: u32, to: u32, part: u32, used: u32, fresh: bool) {
    var sum = 0.0;
    for (var g = 0u; g < used; g++) {
        sum += dot(scratch[base + row * LANES + g], vec4<f32>(1.0));
    }
    if !fresh {
        sum += scratch[to][part];
    }
    scratch[to][part] = sum;
}

// Points through the network: the activations are left in `scratch`, the gradient by the logits in `logits`.
// Returns the sum of the losses.
fn ahead(theta: u32, base: u32, identity: bool, which: vec4<u32>, weight: vec4<f32>, index: u32) -> f32 {
    for (var q = 0u; q < settings.dimension4; q++) {
        let x = input_block(which, q);
        for (var i = 0u; i < 4u; i++) {
            scratch[base + (4u * q + i) * LANES + index] = x[i];
        }
        enter(theta, q, x);
    }
    for (var half = 0u; half <= 2u * settings.blocks; half++) {
        let second = half % 2u == 1u;
        keep(base, state_row(half), select(0u, D4, second), index);
        if half < 2u * settings.blocks {
            forward(block_place(theta, half / 2u), second, identity);
        }
    }
    classify(theta);
    let loss = score(labels(which), weight);
    let counted = select(loss, vec4<f32>(0.0), weight == vec4<f32>(0.0));
    return counted.x + counted.y + counted.z + counted.w;
}

// G = B^T dlogits.
fn enter_back(theta: u32, base: u32, index: u32) {
    for (var r = 0u; r < D4; r++) {
        state[r] = mat4x4<f32>();
    }
    for (var c = 0u; c < 4u * classes4(); c++) {
        var by_logit = vec4<f32>(0.0);
        if c < settings.classes {
            by_logit = logits[c];
            for (var r = 0u; r < D4; r++) {
                let b = parameters[output_place(theta) + c * D4 + r];
                state[r] += mat4x4<f32>(b.x * by_logit, b.y * by_logit, b.z * by_logit, b.w * by_logit);
            }
        }
        scratch[base + (logit_row() + c) * LANES + index] = by_logit;
    }
}

// Half of a block, backward: D = alpha V^T G where z > 0, then G = [G +] U^T D.
fn backward(place: u32, base: u32, half: u32, identity: bool, index: u32) {
    let second = half % 2u == 1u;
    let goal = select(0u, D4, second);
    let source = D4 - goal;
    let matrix = place + select(0u, PLACE_V, second);
    let alpha = parameters[place + PLACE_ALPHA].x;
    for (var r = 0u; r < D4; r++) {
        var sum = mat4x4<f32>();
        for (var k = 0u; k < D4; k++) {
            sum += state[source + k] * transpose(weight_block(matrix, D4, k, r));
        }
        if second {
            for (var i = 0u; i < 4u; i++) {
                let z = scratch[base + (state_row(half) + 4u * r + i) * LANES + index];
                sum[i] = select(alpha * sum[i], vec4<f32>(0.0), z == vec4<f32>(0.0));
            }
        } else if identity {
            sum += state[r];
        }
        state[goal + r] = sum;
    }
}

// Forward and back for `count` points, four of them `which`, those that count nothing with weight 0; `theta`
// and `base` are where the parameters and the scratch of the lane begin. Adds to the gradient, or sets it
// where `fresh`, with M_j in place of the gradient by V_j. Returns the sum of the losses of the four points.
fn sweep(
    theta: u32,
    base: u32,
    identity: bool,
    which: vec4<u32>,
    weight: vec4<f32>,
    count: u32,
    fresh: bool,
    index: u32,
) -> f32 {
    let gradient = base + rows() * LANES;
    // Invocations that have points.
    let used = (count + 3u) / 4u;
    let halves = 2u * settings.blocks;
    var loss = 0.0;
    if index < used {
        loss = ahead(theta, base, identity, which, weight, index);
    }
    for (var stage = 0u; stage < halves + 2u; stage++) {
        // Of the blocks' stages.
        let half = halves - stage;
        let second = half % 2u == 1u;
        // What the tiles multiply, and where the product goes.
        var left = adjoint_row(stage % 2u);
        var right = state_row(half);
        var to = block_place(gradient, half / 2u) + select(0u, PLACE_V, second);
        var columns = D4;
        var tiles = D4 * D4;
        if stage == 0u {
            left = logit_row();
            to = output_place(gradient);
            tiles = classes4() * D4;
        } else if stage > halves {
            right = 0u;
            to = gradient;
            columns = settings.dimension4;
            tiles = D4 * columns;
        }

        if index < used {
            if stage == 0u {
                enter_back(theta, base, index);
            } else {
                keep(base, left, select(D4, 0u, second || stage > halves), index);
                if stage <= halves {
                    backward(block_place(theta, half / 2u), base, half, identity, index);
                }
            }
        }
        storageBarrier();
        for (var tile = index; tile < tiles; tile += LANES) {
            let r = tile / columns;
            let c = tile % columns;
            add_outer(base, left + 4u * r, right + 4u * c, to + 4u * r * columns + c, columns, used, fresh);
        }
        if stage > 0u && stage <= halves && !second && index < K {
            add_row(base, left + index, to + PLACE_S + index / 4u, index % 4u, used, fresh);
        }
    }
    return loss;
}

// In the gradient's place of every alpha: (<V, M>, alpha), so that updates of alpha come too late to be seen.
fn weigh_branches(theta: u32, gradient: u32, index: u32) {
    for (var layer = index; layer < settings.blocks; layer += LANES) {
        let v = block_place(theta, layer) + PLACE_V;
        let m = block_place(gradient, layer) + PLACE_V;
        var sum = 0.0;
        for (var p = 0u; p < MATRIX; p++) {
            sum += dot(parameters[v + p], scratch[m + p]);
        }
        let alpha = parameters[block_place(theta, layer) + PLACE_ALPHA].x;
        scratch[block_place(gradient, layer) + PLACE_ALPHA] = vec4<f32>(sum, alpha, 0.0, 0.0);
    }
    storageBarrier();
}

// vec4 p of the gradient, zero where it belongs to what is not trained.
fn gradient_at(lane: Lane, gradient: u32, p: u32) -> vec4<f32> {
    let value = scratch[gradient + p];
    if p < block_place(0u, 0u) || p >= output_place(0u) {
        return select(vec4<f32>(0.0), value, settings.ends != 0u);
    }
    let within = (p - block_place(0u, 0u)) % BLOCK;
    if within == PLACE_ALPHA {
        return vec4<f32>(select(0.0, value.x, lane.gains != 0u), 0.0, 0.0, 0.0);
    }
    if within >= PLACE_V {
        return scratch[gradient + p - within + PLACE_ALPHA].y * value;
    }
    return value;
}

// One vec4 of the update rule; `p` is its place in the parameters.
fn update(lane: Lane, p: u32, gradient: vec4<f32>, correction: vec2<f32>) {
    if lane.optimizer == ADAM {
        let q = p + settings.lanes * parameter_count();
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

// The squared norm of the invocation's part of the gradient, along which it is updated where `moves`.
fn descend(lane: Lane, theta: u32, gradient: u32, moves: bool, correction: vec2<f32>, index: u32) -> f32 {
    var steepness = 0.0;
    for (var p = index; p < parameter_count(); p += LANES) {
        let g = gradient_at(lane, gradient, p);
        steepness += dot(g, g);
        if moves {
            update(lane, theta + p, g, correction);
        }
    }
    return steepness;
}

@compute @workgroup_size(LANES)
fn train_relu(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {
    let member = group.x;
    let lane = lanes[member];
    let theta = member * parameter_count();
    let base = member * (rows() * LANES + parameter_count());
    let gradient = base + rows() * LANES;

    if index == 0u {
        progress = vec4<u32>(lane.count, lane.stopped, lane.round, lane.piece);
    }
    let begin = workgroupUniformLoad(&progress);
    if begin.y != 0u {
        return;
    }
    var step = begin.x;
    var round = begin.z;
    var piece = begin.w;
    var loss = lane.loss;
    var diverged = lane.diverged != 0u;
    var stop = false;
    for (var done = 0u; done < settings.pieces && !stop; done++) {
        let count = select(settings.points, settings.batch, round == 1u);
        let first = piece * CARRIED;
        let place = vec4<u32>(first + 4u * index) + vec4<u32>(0u, 1u, 2u, 3u);
        // Past the end the last point is computed again and counts nothing.
        var which = min(place, vec4<u32>(count - 1u));
        if round == 1u {
            let at = vec4<u32>((member * settings.last + step) * settings.batch) + which;
            which = vec4<u32>(order[at.x], order[at.y], order[at.z], order[at.w]);
        }
        let weight = select(vec4<f32>(0.0), vec4<f32>(1.0 / f32(count)), place < vec4<u32>(count));
        let part = min(count - first, CARRIED);
        let own = sweep(theta, base, lane.identity != 0u, which, weight, part, piece == 0u, index);
        loss += reduce(own, index);
        piece++;
        if piece * CARRIED >= count {
            weigh_branches(theta, gradient, index);
            var correction = vec2<f32>(1.0);
            if lane.optimizer == ADAM && step < settings.last {
                correction = corrections[member * settings.last + step];
            }
            let mean = loss / f32(count);
            // Bits of a positive float order like the float, and above them all stand infinity and NaN,
            // which a shader must not compare as floats.
            diverged = diverged || (round == 0u && (bitcast<u32>(mean) & 0x7fffffffu) > lane.limit);
            let last = diverged || step == settings.last;
            let moves = !last && (round == 1u || settings.batch == 0u);
            let norm = reduce(descend(lane, theta, gradient, moves, correction, index), index);
            if index == 0u {
                if round == 0u {
                    records[member * (settings.last + 1u) + step] = vec2<f32>(mean, norm);
                }
                progress = vec4<u32>(u32(last), 0u, 0u, 0u);
            }
            stop = workgroupUniformLoad(&progress).x != 0u;
            if round == 0u && settings.batch != 0u && !stop {
                round = 1u;
            } else {
                round = 0u;
                step++;
            }
            piece = 0u;
            loss = 0.0;
        }
    }

    if index == 0u {
        lanes[member].count = step;
        lanes[member].stopped = u32(stop);
        lanes[member].diverged = u32(diverged);
        lanes[member].round = round;
        lanes[member].piece = piece;
        lanes[member].loss = loss;
    }
}
