//! The exports of the module `points`: what is done with labelled points beside training, in a module of its own,
//! because only who reads a table or builds the network of Theorem 3.2 needs to download it.

mod csv;
mod expressivity;
