//! What the tests share with the fuzz targets: every parser of what strangers and users write, as a function of bytes.

pub mod fuzz;
