//! This is the moving average of the weights, which is what is judged and kept: it wanders less than the weights themselves, so that
//! two seeds end nearer to each other (Polyak averaging; the constant follows the length of an epoch).

use std::collections::BTreeMap;
use tch::Tensor;
use tch::nn::VarStore;

/// The averages of all weights that learn, by name.
pub struct Average {
    kept: BTreeMap<String, Tensor>,
    decay: f64,
}

impl Average {
    /// Begins with the weights as they are. Half of the average is made in the last `half_life` steps.
    pub fn new(store: &VarStore, half_life: f64) -> Self {
        let learning = store.variables().into_iter().filter(|(_, weight)| weight.requires_grad());
        let kept = learning.map(|(name, weight)| (name, tch::no_grad(|| weight.copy()))).collect();
        Self { kept, decay: 0.5f64.powf(1.0 / half_life.max(1.0)) }
    }

    /// Takes in the weights after a step.
    pub fn step(&mut self, store: &VarStore) {
        let now = store.variables();
        tch::no_grad(|| {
            for (name, average) in &mut self.kept {
                if let Some(weight) = now.get(name) {
                    let _ = average.lerp_(weight, 1.0 - self.decay);
                }
            }
        });
    }

    /// Exchanges the averages and the weights of the store; twice is as before.
    pub fn exchange(&mut self, store: &VarStore) {
        let now = store.variables();
        tch::no_grad(|| {
            for (name, average) in &mut self.kept {
                if let Some(mut weight) = now.get(name).map(Tensor::shallow_clone) {
                    let learned = weight.copy();
                    weight.copy_(average);
                    average.copy_(&learned);
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tch::{Device, Kind};

    #[test]
    fn half_of_the_average_is_of_the_last_half_life_and_an_exchange_undoes_itself() {
        let store = VarStore::new(Device::Cpu);
        let mut weight = store.root().zeros("weight", &[3]);
        let mut average = Average::new(&store, 4.0);
        tch::no_grad(|| {
            let _ = weight.fill_(1.0);
        });
        (0..4).for_each(|_| average.step(&store));
        let read = |weight: &Tensor| f64::try_from(weight.mean(Kind::Double)).expect("a number");
        average.exchange(&store);
        assert!((read(&weight) - 0.5).abs() < 1e-6, "{}", read(&weight));
        average.exchange(&store);
        assert!((read(&weight) - 1.0).abs() < 1e-6);
    }
}
