//! Texts of a visit being written down.

words! {
    /// Parts of a visit.
    visit_parts: "Parti della visita", "Parts of the visit";
    /// First stop.
    visit_who: "Chi c’era", "Who was there";
    /// Last stop.
    visit_summary: "In breve", "In short";
    /// Field.
    visit_place: "Dove", "Where";
    /// Field.
    visit_language: "In quale lingua", "In which language";
    /// Field.
    visit_day: "Che giorno", "Which day";
    /// Field.
    visit_summary_label: "Che cosa è successo, in breve", "What happened, in short";
    /// Hint.
    visit_summary_hint: "Può restare vuoto.", "May stay empty.";
    /// Question.
    how_responds: "Come risponde la famiglia", "How the family responds";
    /// Question.
    what_hinders: "Che cosa ostacola", "What stands in the way";
    /// Nothing.
    nothing_hinders: "Niente", "Nothing";
    /// Question.
    your_move: "Che cosa hai fatto", "What you did";
    /// Date chip.
    in_a_month: "tra 1 mese", "in 1 month";
    /// Date chip.
    in_a_week: "tra 1 settimana", "in 1 week";
    /// Date chip.
    other_date: "Altra", "Other";
    /// Group of date chips.
    by_when: "Entro quando", "By when";
    /// Family words at the visit.
    said_today: "Che cosa ha detto la famiglia", "What the family said";
    /// Length.
    duration: "Durata", "Length";
    /// Stepper.
    minutes_less: "5 minuti in meno", "5 minutes less";
    /// Stepper.
    minutes_more: "5 minuti in più", "5 minutes more";
    /// Under the number.
    minutes_word: "minuti", "minutes";
    /// Close.
    close_visit: "Chiudi visita", "Close visit";
    /// Toast.
    visit_toast: "Visita chiusa. Sul telefono.", "Visit closed. On this phone.";
    /// Undo.
    undo_last: "Annulla l’ultimo tocco", "Undo the last tap";
    /// Draft.
    draft_empty: "Quello che scrivi resta sul telefono.", "What you write stays on this phone.";
    /// The disk refused the draft.
    draft_not_kept: "Non ancora sul telefono", "Not on this phone yet";
    /// No goals yet.
    visit_no_goals: "Ancora nessun obiettivo: puoi scrivere com’è andata e aggiungerli dopo.", "No goals yet: you can write how it went and add them later.";
    /// No members.
    visit_no_members: "Nessuna persona scritta: aggiungile in Persone.", "Nobody is listed: add them under People.";
    /// The visit is closed already.
    visit_closed: "Questa visita è già chiusa. La trovi nel Diario.", "This visit is closed already. It is in the Diary.";
    /// Nothing said on any goal.
    visit_summary_none: "Nessun obiettivo guardato.", "No goal looked at.";
    /// What will be written.
    visit_will_write: "Chiudendo scrivi", "Closing writes";
}

phrases! {
    /// Title.
    visit_title(family: &str): "Visita, {family}", "Visit: {family}";
    /// Draft on disk.
    draft_kept(time: &str): "Salvata sul telefono, {time}", "Saved on this phone, {time}";
    /// What was rated last time.
    last_time(level: &str, day: &str): "Ultima volta: {level}, {day}", "Last time: {level}, {day}";
}

counts! {
    /// Choices that are not shown yet.
    others(n): "Un altro" | "Altri {n}", "{n} more" | "{n} more";
    /// Goals that were looked at.
    goals_looked_at(n): "{n} obiettivo guardato" | "{n} obiettivi guardati", "{n} goal looked at" | "{n} goals looked at";
}
