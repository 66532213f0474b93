// Training of linear networks: one workgroup trains one network ("lane") for several steps.
//
//   forward    F_0 = S,  F_j = W_j F_{j-1}          with W_j = I + A_j (identity) or A_j (standard);
//   risk       E = |F_l - M|^2                      (squared Frobenius norm);
//   backward   B_l = 2 (F_l - M),  grad_j = B_j F_{j-1}^T,  B_{j-1} = W_j^T B_j;
//   between fixed maps F_0 = B S,  E = |C F_l - M|^2,  B_l = 2 C^T (C F_l - M);
//   update     gradient descent, momentum or Adam, on each A_j as soon as its gradient is known.
//
// Goes behind common/linear.wgsl, with PACK = 1. Bindings (a uniform and the eight storage buffers that every
// device has):
//   0 settings     layers, last step, steps a dispatch
//   1 lanes        rule and progress of each network
//   2 ends         S, M and, between fixed maps, C   [2 or 3][rows][D4]
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
    // Whether there is a C.
    output: u32,
    unused0: u32,
    unused1: u32,
    unused2: u32,
}

struct Lane {
    rule: Rule,
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

@group(0) @binding(0) var<uniform> settings: Settings;
@group(0) @binding(1) var<storage, read_write> lanes: array<Lane>;
@group(0) @binding(7) var<storage, read_write> records: array<vec2<f32>>;
@group(0) @binding(8) var<storage, read> corrections: array<vec2<f32>>;

var<workgroup> progress: vec2<u32>;

@compute @workgroup_size(TILES)
fn train(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) tile: u32) {
    let member = group.x;
    let r = tile / D4;
    let c = tile % D4;
    let lane = lanes[member];
    let weights = member * settings.layers * MATRIX;
    let chain = member * (settings.layers + 1u) * MATRIX;
    let sweep = member * 2u * MATRIX;
    let second = settings.lanes * settings.layers * MATRIX;

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
            own = through(lane.rule, weights + layer * MATRIX, before, r, c, own);
            store_prefix(before + MATRIX, r, c, own);
            storageBarrier();
        }

        if settings.output != 0u {
            own = output_tile(2u * MATRIX, chain + settings.layers * MATRIX, r, c);
        }
        let error = own - end_block(MATRIX, r, c);
        own = 2.0 * error;
        store_adjoint(sweep, r, c, own);
        reduce(squared(error), 0u, tile);
        let risk = workgroupUniformLoad(&totals[0]);
        // Bits of a positive float order like the float, and above them all stand infinity and NaN, which
        // a shader must not compare as floats.
        diverged = diverged || (bitcast<u32>(risk) & 0x7fffffffu) > lane.limit;
        stop = diverged || step == settings.last;

        var correction = vec2<f32>(1.0);
        if lane.rule.optimizer == ADAM && !stop {
            correction = corrections[member * settings.last + step];
        }

        // Backward; everyone must have read A_j before anyone changes it, hence the barrier between.
        var steepness = 0.0;
        var current = sweep;
        if settings.output != 0u {
            own = back_from_output(2u * MATRIX, current, r, c);
            current = sweep + MATRIX;
            store_adjoint(current, r, c, own);
            storageBarrier();
        }
        for (var back = 0u; back < settings.layers; back++) {
            let layer = settings.layers - 1u - back;
            let matrix = weights + layer * MATRIX;
            let other = 2u * sweep + MATRIX - current;
            let gradient = gradient_tile(chain + layer * MATRIX, current, r, c);
            if layer > 0u {
                own = back_through(lane.rule, matrix, current, r, c, own);
                store_adjoint(other, r, c, own);
            }
            storageBarrier();
            steepness += squared(gradient);
            if !stop {
                update(lane.rule, matrix, r, c, second, gradient, correction);
            }
            current = other;
        }
        reduce(steepness, 0u, tile);
        let gradient_norm = workgroupUniformLoad(&totals[0]);
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
