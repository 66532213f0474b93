// Mean loss of ReLU networks over a plane of parameters.
//
//   E(a, b) = mean over points of loss(logits at theta)   with theta = theta0 + a u + b v.
//
// common/relu.wgsl states the network and how its parameters are laid out. A workgroup forms the parameters of
// one grid point after the other in a place of its own, each invocation a part of them, and then each carries
// four data points at a time through all layers.
//
// Bindings:
//   0 settings    shapes, the grid and the part of it that this dispatch computes
//   1 origin      theta0                          [parameter_count]
//   2 along_a     u                               [parameter_count]
//   3 along_b     v                               [parameter_count]
//   4 points      coordinates and labels          [n][dimension4 + 1]
//   5 axes        the values of a, then those of b
//   6 parameters  theta                           [workgroup][parameter_count]
//   7 losses      E, index b * columns + a        [grid]

struct Settings {
    dimension4: u32,
    classes: u32,
    blocks: u32,
    // 0: cross-entropy, 1: squared distance to the label's unit vector.
    squared: u32,
    points: u32,
    identity: u32,
    // Values of a.
    columns: u32,
    // Grid points of this dispatch: from `first` to before `end`.
    first: u32,
    end: u32,
    unused0: u32,
    unused1: u32,
    unused2: u32,
}

@group(0) @binding(0) var<uniform> settings: Settings;
@group(0) @binding(1) var<storage, read> origin: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> along_a: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> along_b: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> points: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read> axes: array<f32>;
@group(0) @binding(6) var<storage, read_write> parameters: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read_write> losses: array<f32>;

var<workgroup> sums: array<f32, LANES>;

@compute @workgroup_size(LANES)
fn landscape_relu(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) index: u32,
) {
    let count = parameter_count();
    let base = group.x * count;
    for (var cell = settings.first + group.x; cell < settings.end; cell += groups.x) {
        let a = axes[cell % settings.columns];
        let b = axes[settings.columns + cell / settings.columns];
        for (var p = index; p < count; p += LANES) {
            parameters[base + p] = origin[p] + b * along_b[p] + a * along_a[p];
        }
        storageBarrier();

        var sum = 0.0;
        for (var first = 4u * index; first < settings.points; first += CARRIED) {
            let place = vec4<u32>(first) + vec4<u32>(0u, 1u, 2u, 3u);
            let counts = place < vec4<u32>(settings.points);
            let which = min(place, vec4<u32>(settings.points - 1u));
            for (var q = 0u; q < settings.dimension4; q++) {
                enter(base, q, input_block(which, q));
            }
            for (var half = 0u; half < 2u * settings.blocks; half++) {
                forward(block_place(base, half / 2u), half % 2u == 1u, settings.identity != 0u);
            }
            classify(base);
            let loss = score(labels(which), vec4<f32>(0.0));
            let counted = select(vec4<f32>(0.0), loss, counts);
            sum += counted.x + counted.y + counted.z + counted.w;
        }
        sums[index] = sum;
        // Everyone has also read the parameters when this is passed, so that the next may be formed.
        storageBarrier();
        workgroupBarrier();
        if index == 0u {
            var all = 0.0;
            for (var i = 0u; i < LANES; i++) {
                all += sums[i];
            }
            losses[cell] = all / f32(settings.points);
        }
        workgroupBarrier();
    }
}
