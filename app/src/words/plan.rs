//! Texts of a family's page: its head, the Percorso tab, a goal.

words! {
    /// Tab: the plan.
    tab_plan: "Percorso", "Plan";
    /// Tab: the diary.
    tab_diary: "Diario", "Diary";
    /// Tab: people.
    tab_people: "Persone", "People";
    /// Tabs of a family.
    family_tabs: "Famiglia", "Family";
    /// Actions at the foot.
    actions: "Azioni", "Actions";
    /// Button: begin a visit.
    start_visit: "Inizia visita", "Start visit";
    /// Button: decide about a version.
    review_version: "Rivedi il piano", "Review the plan";
    /// Version of the plan.
    version_of_plan: "Versione del piano", "Version of the plan";
    /// No version yet.
    no_version: "Ancora nessun accordo", "No agreement yet";
    /// What to do.
    no_version_hint: "Scrivi gli obiettivi con la famiglia, poi proponi il piano.", "Write the goals with the family, then propose the plan.";
    /// Waiting for the family.
    waits_for_family: "La famiglia non ha ancora risposto.", "The family has not answered yet.";
    /// Waiting for the social worker.
    waits_for_review: "Aspetta l’assistente sociale.", "Waiting for the social worker.";
    /// The family refused.
    family_refused: "La famiglia non ha firmato.", "The family did not sign.";
    /// See the changes.
    see_changes: "Vedi", "See";
    /// Hide the changes.
    hide_changes: "Chiudi", "Hide";
    /// Propose.
    propose: "Proponi alla famiglia", "Propose to the family";
    /// Toast.
    proposed_toast: "Piano proposto. Sul telefono.", "Plan proposed. On this phone.";
    /// Write the answer down.
    record_answer: "Registra la risposta della famiglia", "Record the family’s answer";
    /// Heading.
    answer_head: "La risposta della famiglia", "The family’s answer";
    /// Who answers.
    answer_who: "Chi ha risposto", "Who answered";
    /// Link: where a person who is not listed is added.
    answer_who_else: "Manca qualcuno? Aggiungilo in Persone.", "Is somebody missing? Add them under People.";
    /// Error.
    answer_who_missing: "Scegli chi ha risposto.", "Choose who answered.";
    /// Language read in.
    answer_language: "In quale lingua l’avete letto", "In which language you read it";
    /// Who interpreted.
    interpreted_who: "Chi traduce", "Who interprets";
    /// Warning: a relative or a neighbour.
    interpreted_by_adult:
        "Chi conosce la famiglia può tacere o cambiare qualcosa. Se si può, rileggete il piano con un interprete.",
        "Somebody who knows the family may leave things out or change them. If you can, read the plan again with an interpreter.";
    /// Warning: a child.
    interpreted_by_minor:
        "Un minore non deve tradurre per i genitori. Se si può, rileggete il piano con un interprete.",
        "A child must not interpret for its parents. If you can, read the plan again with an interpreter.";
    /// Who else reads that.
    interpreted_seen: "L’assistente sociale lo vede.", "The social worker sees it.";
    /// How.
    answer_how: "Come ha risposto", "How they answered";
    /// Witness.
    answer_witness: "Chi è testimone", "Who is the witness";
    /// Hint.
    answer_witness_hint: "Nome e cognome di chi ha sentito la risposta.", "First and last name of the person who heard the answer.";
    /// Error.
    answer_witness_missing: "Scrivi il nome del testimone.", "Write the name of the witness.";
    /// Error.
    answer_how_missing: "Scegli come ha risposto.", "Choose how they answered.";
    /// Goal by goal.
    answer_goals: "Obiettivo per obiettivo", "Goal by goal";
    /// Button.
    answer_save: "Salva la risposta", "Save the answer";
    /// Toast.
    answer_toast: "Risposta salvata. Sul telefono.", "Answer saved. On this phone.";
    /// Heading of the picture.
    picture_head: "Come va, a due voci", "How things are, in two voices";
    /// Caption.
    picture_caption: "Come va, ambito per ambito: oggi e dove si vuole arrivare, secondo la famiglia e secondo il tutor", "How things are, area by area: today and the hope, by the family and by the tutor";
    /// Column.
    picture_area: "Ambito", "Area";
    /// Two voices apart.
    voices_differ: "Pareri diversi", "Views differ";
    /// Legend.
    legend_now: "pieno: oggi", "filled: today";
    /// Legend.
    legend_hope: "vuoto: dove arrivare", "hollow: the hope";
    /// Nothing was rated.
    picture_empty: "Nessun ambito ancora guardato.", "No area looked at yet.";
    /// Rate an area.
    rate_area: "Guarda un ambito", "Look at an area";
    /// Which area.
    rate_which: "Quale ambito", "Which area";
    /// Today, family.
    rate_now_family: "Oggi, secondo la famiglia", "Today, says the family";
    /// Hope, family.
    rate_hope_family: "Dove vuole arrivare la famiglia", "Where the family wants to get";
    /// Today, tutor.
    rate_now_tutor: "Oggi, secondo te", "Today, you say";
    /// Hope, tutor.
    rate_hope_tutor: "Che cosa vedi possibile", "What you see as possible";
    /// Error.
    rate_missing: "Scegli un ambito e come va oggi, almeno per una voce.", "Choose an area and how it is today, for one voice at least.";
    /// Toast.
    rate_toast: "Ambito salvato. Sul telefono.", "Area saved. On this phone.";
    /// Not said.
    not_said: "non detto", "not said";
    /// Goals.
    goals_head: "Obiettivi", "Goals";
    /// Whose order.
    goals_order: "L’ordine lo decide la famiglia.", "The family decides the order.";
    /// No goals.
    goals_empty: "Ancora nessun obiettivo", "No goals yet";
    /// Hint.
    goals_empty_hint: "Chiedi alla famiglia che cosa vuole cambiare per prima cosa.", "Ask the family what it wants to change first.";
    /// Many goals.
    goals_many: "Più di cinque obiettivi insieme sono tanti: con la famiglia, scegliete che cosa può aspettare.", "More than five goals at once are a lot: choose with the family what can wait.";
    /// New goal.
    new_goal: "Nuovo obiettivo, con la famiglia", "New goal, with the family";
    /// A goal without domain.
    goal_nameless: "Obiettivo", "Goal";
    /// Expected result.
    expected_result: "Risultato atteso", "Expected result";
    /// Who acts.
    who_acts_head: "Chi agisce", "Who acts";
    /// Last response.
    last_response: "Ultima risposta", "Last response";
    /// Next step.
    next_step: "Prossimo passo", "Next step";
    /// No next step.
    no_next_step: "Da decidere con la famiglia", "To be decided with the family";
    /// Actions under a goal.
    goal_actions: "Impegni e sostegni", "Commitments and supports";
    /// Show all.
    show_goal: "Mostra tutto", "Show all";
    /// Hide.
    hide_goal: "Mostra meno", "Show less";
    /// Open a goal.
    change_goal: "Cambia l’obiettivo", "Change the goal";
    /// Trend: first rating.
    drift_first: "Appena iniziato", "Just begun";
    /// Trend.
    drift_better: "Migliora", "Getting better";
    /// Trend.
    drift_worse: "Va indietro", "Going back";
    /// Trend.
    drift_still: "Fermo", "Standing still";
    /// Trend.
    drift_still_family: "Fermo per la famiglia", "Standing still for the family";
    /// Trend.
    drift_apart: "Pareri diversi", "Views differ";
    /// Trend.
    drift_stuck: "Bloccato", "Stuck";
    /// Table behind the trend.
    trend_table: "Tutte le valutazioni", "All ratings";
    /// Column.
    trend_day: "Giorno", "Day";
    /// An action is blocked.
    action_blocked: "Un’azione è bloccata", "An action is blocked";
    /// Ended goals.
    ended_goals: "Obiettivi chiusi o sospesi", "Ended or suspended goals";
    /// Heading: figures.
    in_numbers: "In numeri", "In figures";
    /// What the figures mean, and what they are not for.
    t_scores_what:
        "50 è il risultato atteso. Ogni obiettivo valutato pesa quanto conta per la famiglia. Non \
            serve a confrontare famiglie.",
        "50 is the expected result. Each rated goal weighs as much as it matters to the family. It is \
            not for comparing families.";
    /// Two values.
    two_values: "Due risposte: scegli", "Two answers: choose";
    /// The family does not agree.
    not_agreed: "La famiglia non è d’accordo", "The family does not agree";
    /// The goal reads otherwise than what the family signed.
    changed_unsigned: "Cambiato, non ancora concordato", "Changed, not agreed yet";
    /// The goal was not there when the family signed.
    new_unsigned: "Nuovo, non ancora concordato", "New, not agreed yet";
    /// What happened last.
    what_happened: "Che cosa è successo", "What happened";
    /// The whole diary.
    whole_diary: "Tutto il diario", "The whole diary";
    /// Screen: a goal.
    goal_screen: "Obiettivo", "Goal";
    /// Heading: what was recorded of a goal.
    goal_voice: "Detto a voce", "Said aloud";
    /// Screen: a new goal.
    goal_screen_new: "Nuovo obiettivo", "New goal";
    /// Field.
    goal_area: "Di che cosa si tratta", "What it is about";
    /// Field.
    goal_words: "Le parole della famiglia", "The family’s words";
    /// Field.
    goal_original: "Nella sua lingua", "In their language";
    /// Field.
    goal_language: "Quale lingua", "Which language";
    /// Field.
    goal_italian: "In italiano", "In Italian";
    /// Field.
    goal_member: "Chi l’ha detto", "Who said it";
    /// Nobody in particular.
    goal_member_none: "La famiglia insieme", "The family together";
    /// Hint.
    expected_hint: "Un passo che si vede, scritto con la famiglia.", "A step that can be seen, written with the family.";
    /// Button: goals that somebody has put into words already.
    goal_examples: "Prendi da un esempio", "Take from an example";
    /// What taking one does.
    goal_examples_hint:
        "Riempie il risultato atteso e i cinque livelli; le parole della famiglia solo se mancano. Poi \
            cambiate tutto insieme.",
        "It fills in the expected result and the five levels; the family’s words only if there are \
            none. Then change all of it together.";
    /// They did not arrive.
    goal_examples_missing:
        "Gli esempi non sono arrivati su questo telefono. Puoi scrivere l’obiettivo con parole tue.",
        "The examples have not reached this phone. You can write the goal in your own words.";
    /// Toast.
    goal_example_taken: "Preso dall’esempio.", "Taken from the example.";
    /// Other levels.
    goal_levels: "Gli altri quattro livelli", "The other four levels";
    /// Hint.
    goal_levels_hint: "Se li lasci vuoti valgono le parole generiche.", "If you leave them empty the generic words serve.";
    /// Field.
    goal_due: "Entro quando", "By when";
    /// Field.
    goal_weight: "Quanto conta per la famiglia", "How much it matters to the family";
    /// Weight 1.
    weight_one: "Conta", "It matters";
    /// Weight 2.
    weight_two: "Conta molto", "It matters a lot";
    /// Weight 3.
    weight_three: "È la cosa più importante", "It matters most";
    /// Field.
    goal_state_head: "A che punto è", "Where it stands";
    /// Field.
    step_due: "Entro quando (prossimo passo)", "By when (next step)";
    /// Error.
    missing_area: "Scegli di che cosa si tratta.", "Choose what it is about.";
    /// Error.
    missing_words: "Scrivi le parole della famiglia, nella sua lingua o in italiano.", "Write the family’s words, in their language or in Italian.";
    /// Error.
    missing_expected: "Scrivi il risultato atteso.", "Write the expected result.";
    /// Button.
    save_goal: "Salva l’obiettivo", "Save the goal";
    /// Toast.
    goal_toast: "Obiettivo salvato. Sul telefono.", "Goal saved. On this phone.";
    /// Nothing changed.
    nothing_changed: "Non è cambiato niente.", "Nothing changed.";
    /// Add an action.
    add_action: "Aggiungi un’azione", "Add an action";
    /// Save first.
    save_goal_first: "Salva l’obiettivo, poi aggiungi gli impegni e i sostegni.", "Save the goal, then add commitments and supports.";
    /// Field.
    action_what: "Che cosa", "What";
    /// Field.
    action_kind_head: "Che tipo di azione", "What kind of action";
    /// Field.
    action_member: "Chi si impegna", "Who commits";
    /// Field.
    action_service: "Quale servizio", "Which service";
    /// Field.
    action_state_head: "A che punto è l’azione", "Where the action stands";
    /// Field.
    action_barrier: "Che cosa la blocca", "What blocks it";
    /// Error.
    missing_action: "Scrivi che cosa c’è da fare.", "Write what is to be done.";
    /// Button.
    save_action: "Salva l’azione", "Save the action";
    /// Toast.
    action_toast: "Azione salvata. Sul telefono.", "Action saved. On this phone.";
    /// Level −2 as a field.
    level_field_much_less: "−2 Molto meno del previsto", "−2 Much less than expected";
    /// Level −1 as a field.
    level_field_less: "−1 Meno del previsto", "−1 Less than expected";
    /// Level +1 as a field.
    level_field_more: "+1 Più del previsto", "+1 More than expected";
    /// Level +2 as a field.
    level_field_much_more: "+2 Molto più del previsto", "+2 Much more than expected";
    /// No choice made.
    choose_one: "Scegli", "Choose";
    /// Fact: where.
    only_look: "Tu puoi leggere; gli obiettivi li scrive chi segue la famiglia.", "You can read; goals are written by whoever follows the family.";
}

phrases! {
    /// How far the plan has come, as figures.
    t_scores(family: &str, tutor: &str):
        "GAS T: {family} per la famiglia, {tutor} per il tutor.",
        "GAS T: {family} for the family, {tutor} for the tutor.";
    /// How long a goal has stood still, in visits.
    stands_still(visits: usize):
        "Fermo da {visits} visite.",
        "No movement for {visits} visits.";
    /// Version proposed.
    version_proposed(number: u32): "Versione {number}, proposta alla famiglia", "Version {number}, proposed to the family";
    /// Version agreed.
    version_agreed(number: u32): "Piano concordato, versione {number}", "Plan agreed, version {number}";
    /// Version active.
    version_active(number: u32): "Piano attivo, versione {number}", "Plan active, version {number}";
    /// Version in another stage.
    version_in(stage: &str, number: u32): "{stage}, versione {number}", "{stage}, version {number}";
    /// The plan is closed.
    closed_on(day: &str): "Piano chiuso {day}", "Plan closed on {day}";
    /// The plan is suspended.
    suspended_on(day: &str): "Piano sospeso {day}", "Plan suspended on {day}";
    /// Proposed on a day.
    proposed_on(day: &str): "Proposta {day}.", "Proposed on {day}.";
    /// Agreed on a day.
    agreed_on(day: &str): "D’accordo {day}", "Agreed on {day}";
    /// Who rated every domain, and when.
    picture_by(who: &str): "Valutato da {who}", "Rated by {who}";
    /// Agreed on a day by somebody.
    agreed_by(day: &str, who: &str): "D’accordo {day}: {who}", "Agreed on {day}: {who}";
    /// Who wrote what follows.
    wrote(who: &str): "{who} ha scritto:", "{who} wrote:";
    /// Who wrote what follows, on a goal.
    wrote_about(who: &str, goal: &str): "{who} ha scritto su «{goal}»:", "{who} wrote about “{goal}”:";
    /// Approved.
    approved_by(who: &str, day: &str): "Approvata da {who} {day}", "Approved by {who} on {day}";
    /// Returned.
    returned_by(who: &str, day: &str): "Restituita da {who} {day}", "Returned by {who} on {day}";
    /// A meeting.
    meeting_by(who: &str, day: &str): "{who} chiede un incontro, {day}", "{who} asks for a meeting, {day}";
    /// Draft number.
    draft_number(number: u32): "Bozza {number}.", "Draft {number}.";
    /// Who said it, in which language.
    said_in(who: &str, language: &str): "{who}, in {language}", "{who}, in {language}";
    /// Who acted before.
    acted_before(who: &str): "Prima: {who}", "Before: {who}";
    /// Barriers.
    barriers_are(list: &str): "Ostacolo: {list}", "In the way: {list}";
    /// By when.
    by_day(day: &str): "entro {day}", "by {day}";
    /// Actions open and done.
    actions_open_done(open: usize, done: usize): "{open} da fare, {done} fatte", "{open} to do, {done} done";
    /// Picture for a screen reader.
    picture_says(voice: &str, now: &str, hope: &str): "{voice}: oggi {now}, dove arrivare {hope}.", "{voice}: today {now}, hope {hope}.";
    /// The goal on which the family does not agree.
    not_agreed_count(count: usize): "Su {count} la famiglia non è d’accordo.", "The family does not agree on {count}.";
}

counts! {
    /// Changes.
    changes(n): "{n} modifica" | "{n} modifiche", "{n} change" | "{n} changes";
    /// Changes not agreed.
    draft_changes(n): "{n} modifica, non ancora concordata" | "{n} modifiche, non ancora concordate", "{n} change, not agreed yet" | "{n} changes, not agreed yet";
    /// Areas not rated.
    unrated_areas(n): "Un altro ambito, non ancora guardato" | "Altri {n} ambiti, non ancora guardati", "{n} more area, not looked at yet" | "{n} more areas, not looked at yet";
    /// Goals in progress.
    goals_active(n): "{n} in corso." | "{n} in corso.", "{n} in progress." | "{n} in progress.";
    /// Over so many ratings.
    in_visits(n): "in {n} visita" | "in {n} visite", "over {n} visit" | "over {n} visits";
}
