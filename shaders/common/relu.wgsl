// ReLU networks, forward and scored: what training and landscapes have in common. The launcher puts this file
// and `const D4: u32 = ...;` in front of a kernel, which declares `settings`, `points` and `parameters`.
//
//   h_0 = A0 x,   h_j = [h_{j-1} +] alpha_j V_j relu(U_j h_{j-1} + s_j),   logits B h_L.
//
// An invocation carries four points through all layers in private memory. All invocations read the same
// weights at the same time, which is a broadcast on a GPU and one load for several lanes of a software adapter.
//
// A 4 x 4 block of activations is held as a mat4x4 whose column vector f is feature f of the four points; a
// block of weights as a mat4x4 whose column vectors are the ROWS of the block. Then activations * weights is
// the product, and activations * transpose(weights) the one with the transposed weights.
//
// Parameters of one network, in vec4s, matrices row-major and padded with zeros (the width k to 4 D4, the
// dimension to 4 dimension4, the number of classes to 4 classes4):
//   A0 [4 D4][dimension4];  for each block U [4 D4][D4], s [D4], V [4 D4][D4], alpha [1];  B [4 classes4][D4].
// A point is its coordinates [dimension4] and a vec4 that begins with its label.

// Padded width.
const K: u32 = 4u * D4;
// vec4s of a matrix, and of a block of the network.
const MATRIX: u32 = K * D4;
const BLOCK: u32 = 2u * MATRIX + D4 + 1u;
// Where the parts of a block begin.
const PLACE_S: u32 = MATRIX;
const PLACE_V: u32 = MATRIX + D4;
const PLACE_ALPHA: u32 = 2u * MATRIX + D4;
const MOST_CLASSES: u32 = 16u;
// Invocations of a workgroup, and the points that they carry together.
const LANES: u32 = 64u;
const CARRIED: u32 = 4u * LANES;
// Below every logit that is not already divergence.
const LOWEST: f32 = -3e38;

// h_{j-1} and relu(U_j h_{j-1} + s_j), one after the other; on the way back the gradients by them.
var<private> state: array<mat4x4<f32>, 2u * D4>;
var<private> logits: array<vec4<f32>, MOST_CLASSES>;

fn classes4() -> u32 {
    return (settings.classes + 3u) / 4u;
}

fn block_place(base: u32, index: u32) -> u32 {
    return base + K * settings.dimension4 + index * BLOCK;
}

fn output_place(base: u32) -> u32 {
    return block_place(base, settings.blocks);
}

// vec4s of the parameters of one network.
fn parameter_count() -> u32 {
    return output_place(0u) + 4u * classes4() * D4;
}

// Rows 4r.. of a matrix, `stride` vec4s each, in vec4 c.
fn weight_block(matrix: u32, stride: u32, r: u32, c: u32) -> mat4x4<f32> {
    let p = matrix + 4u * r * stride + c;
    return mat4x4<f32>(
        parameters[p],
        parameters[p + stride],
        parameters[p + 2u * stride],
        parameters[p + 3u * stride],
    );
}

// Coordinates 4q.. of four points.
fn input_block(which: vec4<u32>, q: u32) -> mat4x4<f32> {
    let p = which * (settings.dimension4 + 1u) + vec4<u32>(q);
    return transpose(mat4x4<f32>(points[p.x], points[p.y], points[p.z], points[p.w]));
}

fn labels(which: vec4<u32>) -> vec4<f32> {
    let p = which * (settings.dimension4 + 1u) + vec4<u32>(settings.dimension4);
    return vec4<f32>(points[p.x].x, points[p.y].x, points[p.z].x, points[p.w].x);
}

// Adds A0 x to h_0 for coordinates 4q.. of x; begins it where q = 0.
fn enter(base: u32, q: u32, x: mat4x4<f32>) {
    for (var r = 0u; r < D4; r++) {
        let product = x * weight_block(base, settings.dimension4, r, q);
        if q == 0u {
            state[r] = product;
        } else {
            state[r] += product;
        }
    }
}

// Half of the block whose parameters begin at `place`: relu(U h + s), then [h +] alpha V of that.
fn forward(place: u32, second: bool, identity: bool) {
    let source = select(0u, D4, second);
    let goal = D4 - source;
    let matrix = place + select(0u, PLACE_V, second);
    let alpha = parameters[place + PLACE_ALPHA].x;
    let zero = vec4<f32>(0.0);
    for (var r = 0u; r < D4; r++) {
        var sum = mat4x4<f32>();
        for (var k = 0u; k < D4; k++) {
            sum += state[source + k] * weight_block(matrix, D4, r, k);
        }
        if second {
            sum = alpha * sum;
            if identity {
                sum += state[r];
            }
        } else {
            let s = parameters[place + PLACE_S + r];
            for (var i = 0u; i < 4u; i++) {
                // Written so that NaN stays.
                let z = sum[i] + vec4<f32>(s[i]);
                sum[i] = select(z, zero, z <= zero);
            }
        }
        state[goal + r] = sum;
    }
}

// logits = B h.
fn classify(base: u32) {
    let place = output_place(base);
    for (var c = 0u; c < settings.classes; c++) {
        var sum = vec4<f32>(0.0);
        for (var k = 0u; k < D4; k++) {
            sum += state[k] * parameters[place + c * D4 + k];
        }
        logits[c] = sum;
    }
}

// The losses of four points; their logits become the gradient by them, times `weight`.
fn score(label: vec4<f32>, weight: vec4<f32>) -> vec4<f32> {
    var loss = vec4<f32>(0.0);
    if settings.squared != 0u {
        for (var c = 0u; c < settings.classes; c++) {
            let apart = select(logits[c], logits[c] - 1.0, label == vec4<f32>(f32(c)));
            loss += apart * apart;
            logits[c] = 2.0 * weight * apart;
        }
        return loss;
    }
    // With the largest logit taken out no power overflows and one of them is 1.
    var largest = vec4<f32>(LOWEST);
    for (var c = 0u; c < settings.classes; c++) {
        largest = max(largest, logits[c]);
    }
    var own = vec4<f32>(0.0);
    var sum = vec4<f32>(0.0);
    for (var c = 0u; c < settings.classes; c++) {
        let x = logits[c] - largest;
        own = select(own, x, label == vec4<f32>(f32(c)));
        logits[c] = exp(x);
        sum += logits[c];
    }
    for (var c = 0u; c < settings.classes; c++) {
        let share = logits[c] / sum;
        logits[c] = weight * select(share, share - 1.0, label == vec4<f32>(f32(c)));
    }
    return log(sum) - own;
}
