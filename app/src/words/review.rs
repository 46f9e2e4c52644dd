//! Texts of what waits for the social worker, and of changes in plain sentences.

words! {
    /// Select: what a comment is about.
    comment_about: "Il commento riguarda", "The comment is about";
    /// Its first choice.
    comment_on_all: "Tutto il piano", "The whole plan";
    /// Nothing waits.
    review_empty: "Niente da rivedere", "Nothing to review";
    /// Hint.
    review_empty_hint: "Le famiglie che aspettano te compaiono qui da sole.", "Families that wait for you appear here by themselves.";
    /// Group.
    group_versions: "Piani da approvare", "Plans to approve";
    /// Group.
    group_disputes: "Due risposte, una scelta", "Two answers, one choice";
    /// Group.
    group_late: "Verifiche in ritardo", "Overdue reviews";
    /// Group.
    group_blocked: "Azioni bloccate", "Blocked actions";
    /// Group.
    group_apart: "Pareri diversi", "Views apart";
    /// Group.
    group_unseen: "Novità da leggere", "New to read";
    /// Reason.
    why_no_visit: "Nessuna visita da più di 45 giorni", "No visit for more than 45 days";
    /// Reason.
    why_review_due: "Verifica dei tre mesi", "Three-month review";
    /// Choose one.
    review_choose: "Scegli una famiglia", "Choose a family";
    /// Hint.
    review_choose_hint: "Qui leggi che cosa è cambiato e decidi.", "Here you read what changed and decide.";
    /// Button.
    open_path: "Apri il piano", "Open the plan";
    /// Changes.
    changes_head: "Che cosa cambia", "What changes";
    /// Life.
    life_head: "Intanto è successo", "Meanwhile";
    /// First plan.
    first_plan: "È il primo piano: non c’è una versione di prima con cui confrontarlo. Leggilo tutto.", "This is the first plan: there is no earlier version to compare it with. Read all of it.";
    /// No changes.
    no_changes: "Nessuna modifica rispetto alla versione di prima.", "No change since the version before.";
    /// Family has not answered.
    not_answered: "La famiglia non ha ancora risposto a questa versione.", "The family has not answered this version yet.";
    /// Family refused.
    has_refused: "La famiglia non ha firmato questa versione.", "The family did not sign this version.";
    /// Disagreement stays.
    disagreement_stays: "Il disaccordo resta scritto.", "The disagreement stays written.";
    /// Error.
    comment_missing: "Scrivi perché: serve a chi segue la famiglia.", "Write why: whoever follows the family needs it.";
    /// Button.
    give_back: "Restituisci", "Return";
    /// Button.
    ask_meeting: "Chiedi un incontro", "Ask for a meeting";
    /// Toast.
    approved_toast: "Piano approvato.", "Plan approved.";
    /// Toast.
    returned_toast: "Piano restituito con il tuo commento.", "Plan returned with your comment.";
    /// Toast.
    meeting_toast: "Incontro chiesto.", "Meeting asked for.";
    /// Decided.
    decided: "Hai già deciso su questa versione.", "You have decided about this version.";
    /// Nothing to decide.
    nothing_to_decide: "Nessuna versione aspetta una decisione.", "No version waits for a decision.";
    /// New since last look.
    new_since: "Nuovo da quando hai guardato", "New since you looked";
    /// List of reasons.
    why_here: "Perché è qui", "Why it is here";
    /// Whole plan.
    whole_plan: "Il piano intero", "The whole plan";
    /// Words: none.
    none: "niente", "nothing";
    /// Changes.
    s_goal_gone: "Tolto l’obiettivo ", "Goal taken out: ";
    /// Changes.
    s_goal_new: "Nuovo obiettivo ", "New goal ";
    /// Changes.
    s_expected_is: " Risultato atteso: ", " Expected result: ";
    /// Changes.
    s_words: "La famiglia ha cambiato le sue parole sull’obiettivo ", "The family changed its words on the goal ";
    /// Changes.
    s_expected: "Risultato atteso di ", "Expected result of ";
    /// Changes.
    s_level_of: " di ", " of ";
    /// Changes.
    s_area: "L’ambito di un obiettivo passa da ", "The area of a goal goes from ";
    /// Changes.
    s_to: " a ", " to ";
    /// Changes.
    s_due: "Il termine di ", "The target date of ";
    /// Changes.
    s_moves_from: " passa dal ", " goes from ";
    /// Changes.
    s_moves_to: " al ", " to ";
    /// Changes.
    s_weight: "Quanto conta ", "How much matters ";
    /// Changes.
    s_from: ": da ", ": from ";
    /// Changes.
    s_order: "L’ordine degli obiettivi è cambiato: ", "The order of the goals changed: ";
    /// Changes.
    s_who_acts: "Chi agisce per ", "Who acts for ";
    /// Changes.
    s_state: "Lo stato di ", "The state of ";
    /// Changes.
    s_step: "Prossimo passo per ", "Next step for ";
    /// Changes.
    s_step_due: "Il termine del prossimo passo per ", "The date of the next step for ";
    /// Changes.
    s_barriers: "Nuovo ostacolo per ", "New obstacle for ";
    /// Changes.
    s_tutor_move: ". Il tutor: ", ". The tutor: ";
    /// Changes.
    s_action_new: "Nuova azione per ", "New action for ";
    /// Changes.
    s_action_gone: "Tolta un’azione da ", "An action taken out of ";
    /// Changes.
    s_action_text: "Azione per ", "Action for ";
    /// Changes.
    s_action_due: "Il termine di un’azione per ", "The date of an action for ";
    /// Changes.
    s_action_detail: "Cambiati chi e come di un’azione per ", "Who and how changed for an action of ";
    /// No date.
    s_no_date: "senza data", "no date";
    /// The goal without an area.
    s_a_goal: "un obiettivo", "a goal";
}

phrases! {
    /// Queue line.
    why_first_plan(goals: &str): "Primo piano, {goals}", "First plan, {goals}";
    /// Queue line.
    why_version(number: u32, changes: &str): "Versione {number}: {changes}", "Version {number}: {changes}";
    /// Queue line, waiting for the family.
    why_waits(line: &str): "{line}. Manca la risposta della famiglia", "{line}. The family has not answered";
    /// Apart.
    why_apart(area: &str): "{area}: le due voci sono lontane", "{area}: the two voices are far apart";
    /// Head of the detail.
    compared_to(number: u32, before: u32, day: &str): "Versione {number}, rispetto alla versione {before} decisa {day}", "Version {number}, compared with version {before} decided on {day}";
    /// Head of the detail, first plan.
    version_first(number: u32): "Versione {number}, la prima", "Version {number}, the first";
    /// Bound.
    approve_only(number: u32, short: &str): "Approvi solo quello che vedi: versione {number}, impronta {short}.", "You approve only what you see: version {number}, fingerprint {short}.";
    /// Button.
    approve(number: u32): "Approva versione {number}", "Approve version {number}";
    /// Comment.
    comment_for(who: &str): "Commento per {who}", "Comment for {who}";
    /// Oldest.
    oldest_days(days: usize): "la più vecchia da {days} giorni", "the oldest for {days} days";
}

counts! {
    /// Things waiting.
    things(n): "{n} cosa" | "{n} cose", "{n} thing" | "{n} things";
    /// Disagreements.
    disagreements(n): "{n} disaccordo" | "{n} disaccordi", "{n} disagreement" | "{n} disagreements";
    /// Two values.
    why_disputed(n): "{n} scelta da fare" | "{n} scelte da fare", "{n} choice to make" | "{n} choices to make";
    /// Unseen.
    why_unseen(n): "{n} cosa nuova" | "{n} cose nuove", "{n} new thing" | "{n} new things";
    /// Not agreed goals.
    not_agreed_goals(n): "La famiglia non è d’accordo su un obiettivo." | "La famiglia non è d’accordo su {n} obiettivi.", "The family does not agree on one goal." | "The family does not agree on {n} goals.";
    /// Days.
    days_short(n): "{n} giorno" | "{n} giorni", "{n} day" | "{n} days";
}
