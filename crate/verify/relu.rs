//! ReLU networks against reference values: logits, loss and the gradient by every parameter.

use serde::Deserialize;

use super::{error, parametrization, rule};
use crate::data::classification::Classification;
use crate::data::points::Points;
use crate::engine::{Engine, EngineKind, Member, Trainer};
use crate::error::Result;
use crate::experiment::{Loss, Optimizer};
use crate::network::objective::Objective;
use crate::network::relu::{Layout, ReluNetwork, ReluObjective};

/// Matrices by name, as the file has them.
#[derive(Deserialize)]
struct Parts {
    #[serde(rename = "A0")]
    input: Vec<Vec<f64>>,
    #[serde(rename = "U")]
    u: Vec<Vec<Vec<f64>>>,
    #[serde(rename = "s")]
    s: Vec<Vec<f64>>,
    #[serde(rename = "V")]
    v: Vec<Vec<Vec<f64>>>,
    #[serde(rename = "B")]
    output: Vec<Vec<f64>>,
}

impl Parts {
    /// In the order of [`Layout`], with that number in the place of every α.
    fn flat(&self, alpha: f64) -> Vec<f64> {
        let blocks = self.u.iter().zip(&self.s).zip(&self.v);
        let blocks = blocks.flat_map(|((u, s), v)| [u.concat(), s.clone(), v.concat(), vec![alpha]].concat());
        self.input.concat().into_iter().chain(blocks).chain(self.output.concat()).collect()
    }
}

#[derive(Deserialize)]
pub struct ReluCase {
    identity: bool,
    parameters: Parts,
    x: Vec<Vec<f64>>,
    labels: Vec<u16>,
    logits: Vec<Vec<f64>>,
    loss: f64,
    gradient: Parts,
}

impl ReluCase {
    fn problem(&self) -> Classification {
        let layout = Layout {
            dimension: self.x[0].len(),
            width: self.parameters.input.len(),
            blocks: self.parameters.u.len(),
            classes: self.parameters.output.len(),
        };
        let points = Points {
            dimension: layout.dimension,
            classes: layout.classes,
            inputs: self.x.concat().into_iter().map(|x| x as f32).collect(),
            labels: self.labels.clone(),
        };
        let held_out = points.select([]);
        Classification { layout, loss: Loss::CrossEntropy, train_ends: true, points, held_out }
    }
}

pub fn relu_double(case: &ReluCase) -> f64 {
    let problem = case.problem();
    let parametrization = parametrization(case.identity);
    let parameters = case.parameters.flat(1.0);
    // In double precision, which the points of a problem are not.
    let d = problem.layout.dimension;
    let x = nalgebra::DMatrix::from_row_slice(case.x.len(), d, &case.x.concat()).transpose();
    let objective = ReluObjective::new(&problem, parametrization, false).with_inputs(x.clone());
    let logits = ReluNetwork::new(problem.layout, parametrization, &parameters).forward(&x).logits;
    error(logits.iter().copied(), &case.logits.concat())
        .max(error([objective.value(&parameters)], &[case.loss]))
        .max(error(objective.gradient(&parameters), &case.gradient.flat(0.0)))
}

pub async fn relu_single(case: &ReluCase, kind: EngineKind) -> Result<f64> {
    let single = case.parameters.flat(1.0).into_iter().map(|x| x as f32).collect();
    let members = vec![Member::new(parametrization(case.identity), single)];
    let mut engine = Engine::new(kind, &case.problem().into(), members).await?;
    let gradients = engine.gradients().await?;
    let records = engine.train(0, &rule(Optimizer::GradientDescent { learning_rate: 0.0 })).await?;
    let gradient = error(gradients[0].iter().map(|g| f64::from(*g)), &case.gradient.flat(0.0));
    Ok(gradient.max(error([f64::from(records[0].excess[0])], &[case.loss])))
}
