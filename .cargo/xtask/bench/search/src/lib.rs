//! The search of `domain`, as a browser calls it and as a program calls it: one engine, measured
//! twice. Never part of the product.

pub mod people;

use domain::search::{Index, Typed};
use wasm_bindgen::prelude::wasm_bindgen;

/// Names that can be searched, numbered in their order.
#[wasm_bindgen]
pub struct Engine {
    index: Index<u32>,
    typed: Typed,
}

#[wasm_bindgen]
impl Engine {
    /// From names, one a line.
    #[wasm_bindgen(constructor)]
    pub fn new(names: &str) -> Engine {
        Engine {
            index: Index::new((0..).zip(names.lines().map(Some))),
            typed: Typed::default(),
        }
    }

    /// The numbers of the names that answer a query, best first, as somebody types it.
    pub fn find(&mut self, query: &str, limit: u32) -> Vec<u32> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        self.index
            .find_typed(&mut self.typed, query, limit)
            .into_iter()
            .map(|found| found.id)
            .collect()
    }
}
