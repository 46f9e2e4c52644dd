//! Famiglie: search, filters, cards.

words! {
    /// Label of the search.
    search_families:
        "Cerca una famiglia, in qualsiasi scrittura",
        "Search for a family, in any script";
    /// In the empty field.
    search_hint: "Nome o Comune", "Name or municipality";
    /// Button: empty the search.
    clear_search: "Svuota la ricerca", "Clear the search";
    /// Group of filters.
    filters: "Filtri", "Filters";
    /// No visit is planned, none was made.
    no_visit: "nessuna visita", "no visit";
    /// Filter: needs attention.
    filter_attention: "Chiede attenzione", "Needs attention";
    /// Filter: with a draft.
    filter_draft: "Con una bozza", "With a draft";
    /// Filter: any Comune.
    any_comune: "Tutti i Comuni", "All municipalities";
    /// Label of the filter by Comune.
    comune: "Comune", "Municipality";
    /// Nothing found: what to do.
    not_found_hint:
        "Prova con meno lettere, con il nome di una persona o senza filtri.",
        "Try fewer letters, a person’s name, or no filters.";
    /// Nobody is assigned.
    no_families: "Ancora nessuna famiglia", "No families yet";
    /// What to do about it.
    no_families_hint:
        "Quando l’ufficio te ne affida una, arriva qui da sola al prossimo invio.",
        "When the office assigns you one, it arrives here by itself the next time you send.";
    /// Button: more cards.
    show_more: "Mostra altre", "Show more";
    /// Tag: a returned version.
    attention_returned: "Piano restituito", "Plan returned";
    /// Tag: a goal's date is past.
    attention_late: "Obiettivo scaduto", "Goal overdue";
    /// Tag: a visit is not closed.
    attention_to_close: "Visita da chiudere", "Visit to close";
    /// Tag: a draft.
    has_draft: "Bozza aperta", "Open draft";
}

phrases! {
    /// Nothing found.
    not_found(text: &str): "Nessuna famiglia «{text}»", "No family “{text}”";
    /// The next visit.
    visit_on(day: &str): "visita {day}", "visit {day}";
    /// The last visit.
    last_visit_on(day: &str): "ultima visita {day}", "last visit {day}";
    /// Two grown-ups.
    a_and_b(a: &str, b: &str): "{a} e {b}", "{a} and {b}";
    /// Opens a card, for a screen reader.
    filtered_by(text: &str): "Ricerca: {text}", "Search: {text}";
}

counts! {
    /// Children.
    children(n): "{n} figlio" | "{n} figli", "{n} child" | "{n} children";
}
