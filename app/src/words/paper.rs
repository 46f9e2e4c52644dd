//! Texts around what a family is handed on paper. What stands on the sheets themselves is in
//! `catalogue`.

words! {
    /// The page, and the link to it.
    paper: "Il piano su carta", "The plan on paper";
    /// Which language stands beside the Italian.
    paper_language: "Lingua della famiglia", "The family’s language";
    /// Button: print.
    paper_print: "Stampa", "Print";
    /// No version was proposed.
    paper_empty: "Ancora nessuna versione da stampare", "No version to print yet";
    /// What to do.
    paper_empty_hint: "Il foglio mostra la versione che avete proposto alla famiglia.", "The sheet shows the version that you proposed to the family.";
    /// The summary of a visit, and the link to it.
    visit_paper: "Riassunto della visita", "Summary of the visit";
    /// What stands on it and what does not.
    visit_paper_what: "Sul foglio: chi c’era, quello che la famiglia ha detto, i prossimi passi come li hai scritti. Il tuo voto, gli ostacoli e il riassunto per il servizio restano nel diario.", "On the sheet: who was there, what the family said, the next steps as you wrote them. Your rating, the obstacles and the summary for the service stay in the diary.";
    /// The visit was not closed yet, or is not on this phone.
    visit_paper_empty: "Ancora niente da stampare", "Nothing to print yet";
    /// What to do.
    visit_paper_empty_hint: "Il riassunto c’è quando la visita è chiusa.", "The summary is there once the visit is closed.";
}

phrases! {
    /// A version newer than what is shown is being written.
    paper_draft(number: u32): "Questa è la versione {number}. Le modifiche fatte dopo non sono ancora concordate: qui non ci sono.", "This is version {number}. The changes made since are not agreed yet: they are not on it.";
    /// Nobody of the language has read the texts.
    paper_unreviewed(language: &str): "Testo in {language} non ancora riletto da una persona di madrelingua. Le frasi sui diritti restano in italiano.", "The text in {language} has not been checked by a native speaker yet. Sentences about rights stay in Italian.";
    /// The texts are not on this phone.
    paper_missing(language: &str): "Il testo in {language} non è arrivato su questo telefono: il foglio è in italiano.", "The text in {language} has not reached this phone: the sheet is in Italian.";
}
