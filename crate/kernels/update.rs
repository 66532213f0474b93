//! The update rules, number by number.

/// θ ← θ − η d.
pub fn descend(parameters: &mut [f32], direction: &[f32], rate: f32) {
    for (p, d) in parameters.iter_mut().zip(direction) {
        *p -= rate * d;
    }
}

/// m ← β m + g, θ ← θ − η m.
pub fn momentum(parameters: &mut [f32], first: &mut [f32], gradient: &[f32], rate: f32, beta: f32) {
    for ((p, m), g) in parameters.iter_mut().zip(first).zip(gradient) {
        *m = beta * *m + g;
        *p -= rate * *m;
    }
}

/// Adam with its numbers (η, β₁, β₂, ε) and corrections 1/(1 − β₁ᵗ), 1/(1 − β₂ᵗ).
pub fn adam(
    parameters: &mut [f32],
    first: &mut [f32],
    second: &mut [f32],
    gradient: &[f32],
    [rate, beta1, beta2, epsilon]: [f32; 4],
    corrections: [f32; 2],
) {
    let moments = first.iter_mut().zip(second);
    for ((p, (m, v)), g) in parameters.iter_mut().zip(moments).zip(gradient) {
        *m = beta1 * *m + (1.0 - beta1) * g;
        *v = beta2 * *v + (1.0 - beta2) * g * g;
        *p -= rate * (*m * corrections[0]) / ((*v * corrections[1]).sqrt() + epsilon);
    }
}
