//! The search of `domain`, as a browser calls it and as a program calls it: one engine, measured
//! twice. Never part of the product.

pub mod people;

use domain::search::Index;
use wasm_bindgen::prelude::wasm_bindgen;

/// Names that can be searched, numbered in their order.
#[wasm_bindgen]
pub struct Engine(Index<u32>);

#[wasm_bindgen]
impl Engine {
    /// From names, one a line.
    #[wasm_bindgen(constructor)]
    pub fn new(names: &str) -> Engine {
        Engine(Index::new((0..).zip(names.lines().map(Some))))
    }

    /// The numbers of the names that answer a query, best first.
    pub fn find(&self, query: &str, limit: u32) -> Vec<u32> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        self.0
            .find(query, limit)
            .into_iter()
            .map(|found| found.id)
            .collect()
    }
}
