// What becomes of many linear networks: the steps of train_linear.wgsl, each network with a problem, a depth, a
// start and a rule of its own, and of each only how it ended.
//
//   E_t        excess risk after t updates, E = |W_l ... W_1 S - M|^2;
//   reached    the first t with E_t <= threshold * E_0;
//   diverged   at the first t with E_t above the network's limit, or no number;
//   ended      at the last step, or where `reached` is known if runs stop there.
//
// Goes behind common/linear.wgsl. The networks of a workgroup have one depth. All networks of a dispatch are at
// the same step; one that ended changes no more, and a workgroup in which all have ended does nothing.
//
// Bindings (a uniform and the eight storage buffers that every device has):
//   0 settings     the steps and networks of this dispatch, when runs end
//   1 lanes        rule, places in the buffers and progress of each network
//   2 ends         S, M and, between fixed maps, C   [problem][2 or 3][rows][D4]
//   3 parameters   A; copied from the start at step 0, [lane][layer][rows][D4], from matrix `weights` on
//   4 moments      first moments, then second        as the parameters, twice; one vec4 when unused
//   5 prefixes     F_0 ...                           [lane][layer + 1][rows][D4], from matrix `weights` + lane on
//   6 adjoints     B, double-buffered                [lane][2][rows][D4]
//   7 starts       A at step 0                       a network's from matrix `start` on, shared by many
//   8 corrections  Adam's 1/(1 - beta^t)             [step]; one vec2 when unused

struct Settings {
    // Steps begin at `first`, `chunk` of them are made, the last there is comes after `last` updates.
    first: u32,
    chunk: u32,
    last: u32,
    // The first network of this dispatch.
    lane: u32,
    // How far the second moments are behind the first, in vec4s.
    second: u32,
    stop_at_threshold: u32,
    threshold: f32,
    // 1 where the problems have a C, otherwise 0.
    output: u32,
}

struct Lane {
    rule: Rule,
    layers: u32,
    // Counted in matrices.
    weights: u32,
    start: u32,
    problem: u32,
    // Bits of the largest risk that is not yet divergence.
    limit: u32,
    state: u32,
    // The last step at which the risk is known, and the risk there.
    step: u32,
    excess: f32,
    // threshold * E_0.
    aim: f32,
    reached: u32,
}

const RUNNING: u32 = 0u;
const ENDED: u32 = 1u;
const DIVERGED: u32 = 2u;
const NEVER: u32 = 0xffffffffu;

@group(0) @binding(0) var<uniform> settings: Settings;
@group(0) @binding(1) var<storage, read_write> lanes: array<Lane>;
@group(0) @binding(7) var<storage, read> starts: array<vec4<f32>>;
@group(0) @binding(8) var<storage, read> corrections: array<vec2<f32>>;

var<workgroup> states: array<u32, PACK>;
var<workgroup> depth: u32;
var<workgroup> running: u32;

// Whether any network of the workgroup goes on.
fn any_running(state: u32, slot: u32, tile: u32) -> bool {
    if tile == 0u {
        states[slot] = state;
    }
    workgroupBarrier();
    if slot == 0u && tile == 0u {
        var count = 0u;
        for (var i = 0u; i < PACK; i++) {
            count += u32(states[i] == RUNNING);
        }
        running = count;
    }
    return workgroupUniformLoad(&running) != 0u;
}

@compute @workgroup_size(TILES * PACK)
fn follow(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {
    let slot = index / TILES;
    let tile = index % TILES;
    let member = settings.lane + group.x * PACK + slot;
    let r = tile / D4;
    let c = tile % D4;
    let lane = lanes[member];
    let weights = lane.weights * MATRIX;
    let chain = (lane.weights + member) * MATRIX;
    let sweep = member * 2u * MATRIX;
    let input = (2u + settings.output) * lane.problem * MATRIX;
    let goal = input + MATRIX;
    let output = goal + MATRIX;

    if index == 0u {
        depth = lane.layers;
    }
    let layers = workgroupUniformLoad(&depth);
    var state = lane.state;
    if !any_running(state, slot, tile) {
        return;
    }
    if settings.first == 0u {
        store_prefix(chain, r, c, end_block(input, r, c));
        let start = lane.start * MATRIX;
        for (var i = tile; i < layers * MATRIX; i += TILES) {
            parameters[weights + i] = starts[start + i];
        }
        storageBarrier();
    }
    let end = min(settings.first + settings.chunk, settings.last + 1u);
    var known = lane.step;
    var excess = lane.excess;
    var aim = lane.aim;
    var reached = lane.reached;

    for (var step = settings.first; step < end; step++) {
        // Forward; the invocation keeps its tile of F_j from one layer to the next.
        var own = prefix_block(chain, r, c);
        for (var layer = 0u; layer < layers; layer++) {
            let before = chain + layer * MATRIX;
            own = through(lane.rule, weights + layer * MATRIX, before, r, c, own);
            store_prefix(before + MATRIX, r, c, own);
            storageBarrier();
        }

        if settings.output != 0u {
            own = output_tile(output, chain + layers * MATRIX, r, c);
        }
        let error = own - end_block(goal, r, c);
        own = 2.0 * error;
        store_adjoint(sweep, r, c, own);
        reduce(squared(error), slot, tile);
        workgroupBarrier();
        let risk = totals[slot];
        if state == RUNNING {
            known = step;
            excess = risk;
            if step == 0u {
                aim = settings.threshold * risk;
            }
            // Bits of a positive float order like the float, and above them all stand infinity and NaN, which
            // a shader must not compare as floats.
            let bits = bitcast<u32>(risk) & 0x7fffffffu;
            if reached == NEVER && bits <= (bitcast<u32>(aim) & 0x7fffffffu) && bits < 0x7f800000u {
                reached = step;
            }
            if bits > lane.limit {
                state = DIVERGED;
            } else if step == settings.last || (settings.stop_at_threshold != 0u && reached != NEVER) {
                state = ENDED;
            }
        }
        if !any_running(state, slot, tile) {
            break;
        }

        var correction = vec2<f32>(1.0);
        if lane.rule.optimizer == ADAM {
            correction = corrections[step];
        }
        // Backward; everyone must have read A_j before anyone changes it, hence the barrier between.
        var current = sweep;
        if settings.output != 0u {
            own = back_from_output(output, current, r, c);
            current = sweep + MATRIX;
            store_adjoint(current, r, c, own);
            storageBarrier();
        }
        for (var back = 0u; back < layers; back++) {
            let layer = layers - 1u - back;
            let matrix = weights + layer * MATRIX;
            let other = 2u * sweep + MATRIX - current;
            let gradient = gradient_tile(chain + layer * MATRIX, current, r, c);
            if layer > 0u {
                own = back_through(lane.rule, matrix, current, r, c, own);
                store_adjoint(other, r, c, own);
            }
            storageBarrier();
            if state == RUNNING {
                update(lane.rule, matrix, r, c, settings.second, gradient, correction);
            }
            current = other;
        }
        storageBarrier();
    }

    if tile == 0u {
        lanes[member].state = state;
        lanes[member].step = known;
        lanes[member].excess = excess;
        lanes[member].aim = aim;
        lanes[member].reached = reached;
    }
}
