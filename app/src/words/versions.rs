//! Texts of the screen that compares versions of a plan.

words! {
    /// The page.
    versions: "Le versioni del piano", "Versions of the plan";
    /// Link to it.
    versions_link: "Confronta le versioni", "Compare versions";
    /// Which one is the earlier.
    versions_from: "Versione di prima", "Earlier version";
    /// Which one is the later.
    versions_to: "Versione di dopo", "Later version";
    /// Every version, with what was said of it.
    versions_all: "Tutte le versioni", "All versions";
    /// The same one was chosen twice.
    versions_same: "Hai scelto due volte la stessa: cambiane una.", "You chose the same one twice: change one of them.";
    /// They do not differ.
    versions_equal: "Le due versioni dicono la stessa cosa.", "The two versions say the same.";
    /// There is only one.
    versions_one: "C’è una sola versione. Quando il piano cambia, qui vedi che cosa è cambiato.", "There is one version only. When the plan changes, you will see here what changed.";
    /// The family never answered one that another took the place of.
    version_unanswered: "La famiglia non ha risposto.", "The family did not answer.";
    /// What was not proposed yet.
    version_now_hint: "Non ancora proposta alla famiglia.", "Not proposed to the family yet.";
}

phrases! {
    /// A version, with its day.
    version_dated(number: u32, day: &str): "Versione {number}, {day}", "Version {number}, {day}";
    /// A version, with its day and who proposed it, where two have the same number.
    version_dated_by(number: u32, day: &str, who: &str): "Versione {number}, {day}, di {who}", "Version {number}, {day}, by {who}";
    /// Which two are compared.
    versions_between(before: &str, after: &str): "Da: {before}. A: {after}.", "From: {before}. To: {after}.";
    /// A version.
    version_bare(number: u32): "Versione {number}", "Version {number}";
    /// The plan as it stands.
    version_now(number: u32): "Bozza {number}, com’è adesso", "Draft {number}, as it is now";
    /// Who proposed a version, and when.
    proposed_by_on(who: &str, day: &str): "Proposta {day} da {who}.", "Proposed by {who} on {day}.";
}
