//! ＋: what people do most.

words! {
    /// Label: for whom.
    for_whom: "Per quale famiglia", "For which family";
    /// Group: visits of today.
    visits_of_today: "Visite di oggi", "Visits today";
    /// Group: all families.
    all_families: "Tutte le famiglie", "All families";
    /// Button: a visit.
    new_visit: "Visita", "Visit";
    /// What it brings.
    new_visit_hint: "anche senza rete", "even without a network";
    /// Button: a note.
    new_note: "Nota", "Note";
    /// What it is.
    new_note_hint: "nel Diario", "in the diary";
}
