//! Figures compared with those of scipy, scikit-learn, networkx and numpy (`tests/independent/numerics.py`).

mod clusters;
mod drivers;
mod graph;
mod python;
mod stats;
