//! Work dealt to threads, where there are some.

/// Does something to each item, on as many threads as rayon has. What comes out must not depend on who does what.
#[cfg(not(target_arch = "wasm32"))]
pub fn each<T: Send>(items: &mut [T], work: impl Fn(usize, &mut T) + Sync + Send) {
    use rayon::iter::{IndexedParallelIterator, IntoParallelRefMutIterator, ParallelIterator};
    match items {
        [one] => work(0, one),
        _ => items.par_iter_mut().with_max_len(1).enumerate().for_each(|(index, item)| work(index, item)),
    }
}

/// Threads there are.
#[cfg(not(target_arch = "wasm32"))]
pub fn count() -> usize {
    rayon::current_num_threads()
}

/// Does something to each item.
#[cfg(target_arch = "wasm32")]
pub fn each<T>(items: &mut [T], work: impl Fn(usize, &mut T)) {
    items.iter_mut().enumerate().for_each(|(index, item)| work(index, item));
}

/// Threads there are.
#[cfg(target_arch = "wasm32")]
pub fn count() -> usize {
    1
}
