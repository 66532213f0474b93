//! Building and then measuring, in steps that a worker can count and leave off between.

use super::check::{Check, Fit};
use super::construction::Construction;
use super::lanes::{LANES, Real};
use super::network::Network;
use super::perturb::perturbed;
use super::printed::Printed;
use super::{depth, parameters};
use crate::data::points::Points;
use crate::error::Result;

/// Which construction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// [`Construction`].
    Corrected,
    /// [`Printed`].
    Printed,
}

enum Builder {
    Corrected(Construction),
    Printed(Printed),
}

impl Builder {
    fn network(&self) -> &Network<f64> {
        match self {
            Self::Corrected(construction) => construction.network(),
            Self::Printed(printed) => printed.network(),
        }
    }

    fn distinct(&self) -> (&Points, &[usize]) {
        match self {
            Self::Corrected(construction) => construction.distinct(),
            Self::Printed(printed) => printed.distinct(),
        }
    }

    fn built(&self) -> usize {
        match self {
            Self::Corrected(construction) => construction.built(),
            Self::Printed(printed) => printed.built(),
        }
    }

    fn advance(&mut self, blocks: usize) -> bool {
        match self {
            Self::Corrected(construction) => construction.advance(blocks),
            Self::Printed(printed) => printed.advance(blocks),
        }
    }
}

/// What was promised, and what was built and measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Points n, copies included.
    pub points: usize,
    /// Points that differ.
    pub distinct: usize,
    /// Residual blocks before the last.
    pub blocks: usize,
    /// Layers with A₀ and the last block, counted.
    pub layers: usize,
    /// ⌈n/k⌉ + 2 for the distinct points.
    pub promised_layers: usize,
    /// Parameters with biases, counted.
    pub parameters: usize,
    /// kd + ⌈n/k⌉ (2k² + k) + rk + r² + r for the distinct points.
    pub promised: usize,
    /// See [`Construction::least_gap`]; NaN for the printed construction.
    pub least_gap: f64,
    /// Blocks in which one threshold was enough, for the printed construction.
    pub separated: Option<usize>,
    /// The fit in f64, once measured.
    pub double: Option<Fit>,
    /// The fit in f32, once measured.
    pub single: Option<Fit>,
}

/// A network that is being built and then measured.
pub struct Build {
    builder: Builder,
    movers: Vec<usize>,
    double: (Check<f64>, Option<Fit>),
    /// Rounded only once all blocks stand.
    single: Option<(Network<f32>, Check<f32>)>,
    single_fit: Option<Fit>,
    wants_single: bool,
}

impl Build {
    /// Begins a network of width k; `single` says whether it is to be measured in f32 too.
    pub fn new(points: &Points, width: usize, seed: u32, method: Method, single: bool) -> Result<Self> {
        let builder = match method {
            Method::Corrected => Builder::Corrected(Construction::new(points, width, seed)?),
            Method::Printed => Builder::Printed(Printed::new(points, width, seed)?),
        };
        let movers = match &builder {
            Builder::Corrected(construction) => construction.movers(),
            Builder::Printed(_) => Vec::new(),
        };
        let check = Check::new(builder.network());
        Ok(Self {
            builder,
            movers,
            double: (check, None),
            single: None,
            single_fit: None,
            wants_single: single,
        })
    }

    /// Makes so many steps more, each a block or the evaluation of eight points; whether all is done.
    pub fn advance(&mut self, steps: usize) -> bool {
        let blocks = self.builder.network().shape.blocks;
        if self.builder.built() < blocks {
            self.builder.advance(steps);
            return false;
        }
        let points = steps.saturating_mul(LANES);
        let distinct = self.builder.distinct();
        let (check, fit) = &mut self.double;
        if fit.is_none() {
            *fit = check.advance(self.builder.network(), distinct, &self.movers, points);
            return fit.is_some() && !self.wants_single;
        }
        if self.wants_single && self.single_fit.is_none() {
            let (network, check) = self.single.get_or_insert_with(|| {
                let network = self.builder.network().rounded();
                let check = Check::new(&network);
                (network, check)
            });
            self.single_fit = check.advance(network, distinct, &self.movers, points);
        }
        !self.wants_single || self.single_fit.is_some()
    }

    /// The part of the work that is done, from 0 to 1.
    pub fn progress(&self) -> f64 {
        let (points, _) = self.builder.distinct();
        let n = points.len() as f64;
        let single = self.single.as_ref().map_or(0, |(_, check)| check.done()) as f64;
        let built = self.builder.built() as f64 / self.builder.network().shape.blocks as f64;
        // Building looks at half the points on average, and f32 is about half the work of f64.
        let (whole, half) = (self.double.0.done() as f64 / n, if self.wants_single { 0.5 } else { 0.0 });
        (0.5 * built + whole + half * single / n) / (1.5 + half)
    }

    /// The construction, unless it is the printed one.
    pub fn construction(&self) -> Option<&Construction> {
        match &self.builder {
            Builder::Corrected(construction) => Some(construction),
            Builder::Printed(_) => None,
        }
    }

    /// The network; its blocks beyond those built are zero.
    pub fn network(&self) -> &Network<f64> {
        self.builder.network()
    }

    /// The network with noise of a relative size on its parameters (see [`perturbed`]), and how it fits the points then.
    /// Moves are not counted: no unit is exactly off any more.
    pub fn perturbed(&self, relative: f64, seed: u32) -> Result<(Network<f32>, Fit)> {
        let network = perturbed(self.network(), relative, seed)?;
        let distinct = self.builder.distinct();
        let fit = Check::new(&network).advance(&network, distinct, &[], usize::MAX);
        Ok((network, fit.expect("all points are asked for")))
    }

    /// What is known so far.
    pub fn report(&self) -> Report {
        let network = self.builder.network();
        let (distinct, copies) = self.builder.distinct();
        let (n, shape) = (distinct.len(), network.shape);
        Report {
            points: copies.iter().sum(),
            distinct: n,
            blocks: shape.blocks,
            layers: shape.blocks + 2,
            promised_layers: depth(n, shape.width),
            parameters: network.parameters.len(),
            promised: parameters(n, shape.dimension, shape.classes, shape.width),
            least_gap: self.construction().map_or(f64::NAN, Construction::least_gap),
            separated: match &self.builder {
                Builder::Printed(printed) => Some(printed.separated()),
                Builder::Corrected(_) => None,
            },
            double: self.double.1,
            single: self.single_fit,
        }
    }
}

/// The class of each of some points (one after the other) whose logit is largest; nothing where two are equal.
pub fn classify<T: Real>(network: &Network<T>, inputs: &[f32]) -> Vec<Option<usize>> {
    let mut scratch = network.scratch();
    let mut classes = Vec::with_capacity(inputs.len() / network.shape.dimension);
    for inputs in inputs.chunks(LANES * network.shape.dimension) {
        let logits = network.logits(inputs, &mut scratch, &mut |_, _| {});
        for lane in 0..inputs.len() / network.shape.dimension {
            let mut best = (0, f64::NEG_INFINITY);
            let mut alone = false;
            for (class, logit) in logits.iter().enumerate() {
                let logit = logit[lane].double();
                if logit > best.1 {
                    best = (class, logit);
                    alone = true;
                } else if logit == best.1 {
                    alone = false;
                }
            }
            classes.push(alone.then_some(best.0));
        }
    }
    classes
}
