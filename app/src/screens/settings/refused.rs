//! What the server refused: never thrown away, with the reason and ways out.

use domain::field::Field;
use domain::id::OpId;
use domain::op::{Change, Known, Op};
use leptos::prelude::*;
use replica::message::Refusal;
use replica::quarantine::{Decision, Word};

use crate::device::drafts::Form;
use crate::driver::Undecided;
use crate::frame::use_toasts;
use crate::parts::choice::{Button, Weight};
use crate::parts::mark::{Icon, Tone};
use crate::parts::message::Notice;
use crate::screens::dispute::value;
use crate::screens::draft::{Draft, Place, drafted};
use crate::screens::who::by_name;
use crate::session::{Session, Writing, use_session};
use crate::watch::hear;
use crate::words::{Words, use_words};

/// Everything that was refused.
#[component]
pub fn Refused() -> impl IntoView {
    let words = use_words();
    let session = use_session();
    // A question that somebody is reading must not go away because something else was sent.
    let refused = Memo::new(move |_| {
        session.read(|replica| {
            let all = replica.refused();
            all.map(|(op, why)| (op.clone(), why, replica.word(op.id).cloned()))
                .collect::<Vec<_>>()
        })
    });
    move || {
        let all = refused.get();
        let count = all.len();
        let items = all
            .into_iter()
            .map(|(op, why, word)| kept_form(op, why, word))
            .collect_view();
        (count > 0).then(|| {
            view! {
                <section class="fix fix--stopped" aria-labelledby="refused">
                    <h2 class="fix__head" id="refused">
                        <Icon name="circle-alert" />
                        {words.needs_a_hand()}" "
                        <span class="push num">{count}</span>
                    </h2>
                    <div class="rows">{items}</div>
                </section>
            }
        })
    }
}

/// A refused thing, with its text as somebody left it half corrected.
fn kept_form(op: Op, why: Refusal, word: Option<Word>) -> AnyView {
    let key = Form::Refused.key_of(op.scope, &op.id.to_string());
    drafted(key, move |place, left| {
        let (op, word) = (op.clone(), word.clone());
        view! { <RefusedOp op=op why=why word=word left=left place=place /> }.into_any()
    })
}

#[component]
fn RefusedOp(
    op: Op,
    why: Refusal,
    word: Option<Word>,
    left: Option<String>,
    place: Place,
) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let (kind, text) = untrack(|| described(session, &op, words));
    let family = untrack(|| {
        session.read(|replica| {
            let case = replica.state().cases.get(&op.scope)?;
            case.household
                .name()
                .map(|name| words.family_named(&name.latin))
        })
    });
    let op_id = op.id;
    let said = outcome(session, word.as_ref(), words);
    let said = said.unwrap_or_else(|| words.refusal(why).to_owned());
    let is_last = word.as_ref().is_some_and(Word::is_last);
    let can_say_again = word.is_none() && may_be_said_again(why);
    let can_hand_over = word.is_none() && may_be_handed_over(why);
    let id = format!("text-{op_id}");
    let own = match &op.change {
        Change::Known(known) if can_say_again => text_of(known),
        Change::Known(_) | Change::Unknown(_) => None,
    };
    let label = if own.is_some() {
        words.correct_text()
    } else {
        words.copy_text()
    };
    let is_fixed = own.is_none();
    let text = RwSignal::new(in_box(left, own.clone(), text));
    let draft = Draft::of(place, text);
    let corrected = own.map(|_| text);
    let change = op.change.clone();
    let file = move || {
        let content = percent_encoded(&file_text(&text.read(), &change));
        format!("data:text/plain;charset=utf-8,{content}")
    };
    view! {
        <div class="fix__body">
            <p><b>{kind}</b>{family.map(|family| format!(", {family}"))}". "{said}</p>
            <p class="small soft">{words.kept_whole()}</p>
            {draft.found()}
            <label class="label" for=id.clone()>{label}</label>
            <textarea
                class="field"
                id=id
                readonly=is_fixed
                rows="2"
                dir="auto"
                autocomplete="off"
                prop:value=text
                on:input=hear(move |event| text.set(event_target_value(&event)))
            >
                {text.get_untracked()}
            </textarea>
            <div class="stack">
                {can_say_again.then(|| view! { <Again op=op corrected=corrected draft=draft /> })}
                {can_hand_over.then(|| view! { <HandOver refused=op_id /> })}
                <a class="btn" href=file download="percorso.txt">
                    <Icon name="download" />
                    {words.save_as_file()}
                </a>
                <p class="small soft">{words.file_warning()}</p>
                <Settle refused=op_id draft=draft is_read=is_last />
            </div>
        </div>
    }
    .into_any()
}

/// What stands in the box: the correction as it was left, also where nothing can be corrected any
/// more, otherwise the one text of the change, otherwise what is told of it.
fn in_box(left: Option<String>, own: Option<String>, told: String) -> String {
    left.or(own).unwrap_or(told)
}

/// Whether saying the same anew can help.
const fn may_be_said_again(why: Refusal) -> bool {
    match why {
        // What is newer than the server is accepted as it is once the server has caught up, and
        // what came from somebody who was shut out may be: said anew, it would be there twice. So
        // perhaps what was refused for a reason not known here.
        Refusal::UnknownKind
        | Refusal::AccountClosed
        | Refusal::DeviceRevoked
        | Refusal::Unknown(_) => false,
        Refusal::NotGranted
        | Refusal::NotYourRole
        | Refusal::WrongScope
        | Refusal::Malformed
        | Refusal::TooLarge
        | Refusal::SameIdOtherBytes
        | Refusal::OtherAuthor => true,
    }
}

/// Whether there is anything to hand over: what came from somebody who was shut out lies before
/// whoever follows the family already.
const fn may_be_handed_over(why: Refusal) -> bool {
    match why {
        Refusal::AccountClosed | Refusal::DeviceRevoked => false,
        Refusal::NotGranted
        | Refusal::NotYourRole
        | Refusal::WrongScope
        | Refusal::UnknownKind
        | Refusal::Malformed
        | Refusal::TooLarge
        | Refusal::SameIdOtherBytes
        | Refusal::OtherAuthor
        | Refusal::Unknown(_) => true,
    }
}

/// Takes a refused thing off the phone, after saying plainly that its text goes with it.
#[component]
fn Settle(
    refused: OpId,
    draft: Draft,
    /// Whether somebody decided about it: nothing more is to be done.
    is_read: bool,
) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let toasts = use_toasts();
    let is_asking = RwSignal::new(false);
    let on_sure = move |()| {
        let forget = draft.forgetting();
        let then = Callback::new(move |gone: Result<Vec<OpId>, _>| {
            if gone.is_ok() {
                forget.run(());
            }
            toasts.say(gone.map_or_else(|_| words.not_removed(), |_| words.removed()));
        });
        session.settle(refused, then);
    };
    move || {
        if is_asking.get() {
            let sure = words.remove_sure().to_owned();
            let cancel = words.cancel().to_owned();
            view! {
                <div class="stack" role="alert">
                    <Notice tone=Tone::Berry icon="circle-alert">{words.remove_warning()}</Notice>
                    <Button label=sure on_press=on_sure />
                    <Button
                        label=cancel
                        on_press=move |()| is_asking.set(false)
                        weight=Weight::Bare
                    />
                </div>
            }
            .into_any()
        } else {
            let label = if is_read {
                words.outcome_read()
            } else {
                words.have_dealt()
            };
            let label = label.to_owned();
            let on_press = move |()| is_asking.set(true);
            view! { <Button label=label on_press=on_press weight=Weight::Bare icon="check" /> }
                .into_any()
        }
    }
}

/// What somebody decided about a refused thing, in words.
fn outcome(session: Session, word: Option<&Word>, words: Words) -> Option<String> {
    let name = |user| by_name(user, session, words);
    Some(match word? {
        Word::HandedOver => words.handed_over().to_owned(),
        Word::Adopted { by, .. } if *by == session.owner().user => {
            words.taken_in_by_itself().to_owned()
        }
        Word::Adopted { by, .. } => words.adopted_by(&name(*by)),
        Word::Declined { by, reason } => words.declined_by(&name(*by), reason),
        Word::Unknown(_) => words.answer_unread().to_owned(),
    })
}

/// Gives a refused thing to whoever follows the family now, as it was sent: a correction that was
/// begun stays here, to be read.
#[component]
fn HandOver(refused: OpId) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let toasts = use_toasts();
    let on_press = move |()| {
        let then = toasts.outlive(|| {
            Callback::new(move |answer: Result<_, Undecided>| {
                toasts.say(match answer {
                    Ok(_) => words.handed_over(),
                    Err(Undecided::Gone) => words.hand_over_gone(),
                    Err(Undecided::NotNow(why)) => words.sync_error(why),
                });
            })
        });
        session.decide(Some(Decision::HandOver(refused)), then);
    };
    let label = words.hand_over().to_owned();
    view! { <Button label=label on_press=on_press icon="handshake" /> }
}

/// Writes the same change anew, with its text as it was corrected: what was refused once stays
/// refused under its old name, and leaves the box once the new one is on disk.
#[component]
fn Again(op: Op, corrected: Option<RwSignal<String>>, draft: Draft) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let toasts = use_toasts();
    let Change::Known(known) = op.change else {
        return ().into_any();
    };
    // Until the disk has answered: a second tap would write the same thing twice.
    let is_writing = RwSignal::new(false);
    let on_press = move |()| {
        if is_writing.get_untracked() {
            return;
        }
        is_writing.set(true);
        let known = corrected.map_or_else(
            || (*known).clone(),
            |text| with_text(&known, text.get_untracked()),
        );
        let writing = Writing::replacing(op.replaces.clone(), known);
        let kept = draft.kept();
        let then = Callback::new(move |saved: Result<Vec<OpId>, _>| {
            if saved.is_err() {
                kept.run(());
                is_writing.try_set(false);
            }
            toasts.say(saved.map_or_else(|why| words.disk_error(why), |_| words.written_again()));
        });
        if let Err(why) = session.record_anew(op.scope, writing, op.id, draft.keys(), then) {
            is_writing.set(false);
            toasts.say(words.record_error(&why));
        }
    };
    let label = words.write_again().to_owned();
    view! { <Button label=label on_press=on_press icon="rotate-cw" disabled=is_writing /> }
        .into_any()
}

/// The one text that a change is made of, where there is just one.
fn text_of(known: &Known) -> Option<String> {
    let texts = match known {
        Known::NoteAdded { words, .. } => vec![words.as_str()],
        Known::FamilyWritten(field) => field.texts(),
        Known::MemberWritten { field, .. } => field.texts(),
        Known::GoalWritten { field, .. } => field.texts(),
        Known::ActionWritten { field, .. } => field.texts(),
        Known::VisitPlanned { field, .. } => field.texts(),
        _ => Vec::new(),
    };
    match texts.as_slice() {
        [text] => Some((*text).to_owned()),
        _ => None,
    }
}

/// The same change with another text, for one that [`text_of`] finds a text in.
fn with_text(known: &Known, text: String) -> Known {
    let mut changed = known.clone();
    match &mut changed {
        Known::NoteAdded { words, .. } => *words = text,
        Known::FamilyWritten(field) => *field = field.with_texts(vec![text]),
        Known::MemberWritten { field, .. } => *field = field.with_texts(vec![text]),
        Known::GoalWritten { field, .. } => *field = field.with_texts(vec![text]),
        Known::ActionWritten { field, .. } => *field = field.with_texts(vec![text]),
        Known::VisitPlanned { field, .. } => *field = field.with_texts(vec![text]),
        _ => {}
    }
    changed
}

fn described(session: Session, op: &Op, words: Words) -> (&'static str, String) {
    session.read(|replica| {
        let case = replica.state().cases.get(&op.scope);
        value::told(&op.change, case, session.today(), words)
    })
}

/// What the file holds: the text, and below it the change with all that the text leaves out.
fn file_text(text: &str, change: &Change) -> String {
    let json = serde_json::to_string(change).unwrap_or_default();
    format!("{text}\n\n{}\n", spread(&json))
}

/// JSON with a line for each part. A second writer of every kind of change would be a lot of code
/// for a phone to fetch.
fn spread(json: &str) -> String {
    let (mut spread, mut depth) = (String::new(), 0_usize);
    let (mut is_text, mut is_escaped) = (false, false);
    for sign in json.chars() {
        is_text ^= sign == '"' && !is_escaped;
        is_escaped = is_text && sign == '\\' && !is_escaped;
        if !is_text && matches!(sign, '}' | ']') {
            depth = depth.saturating_sub(1);
            new_line(&mut spread, depth);
        }
        spread.push(sign);
        if !is_text && matches!(sign, '{' | '[' | ',') {
            depth += usize::from(sign != ',');
            new_line(&mut spread, depth);
        }
    }
    spread
}

fn new_line(text: &mut String, depth: usize) {
    text.push('\n');
    text.push_str(&"  ".repeat(depth));
}

/// The text as it may stand in an address (RFC 3986, section 2).
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use domain::family::FamilyField;
    use domain::id::{GoalId, Millis};
    use domain::plan::GoalField;
    use domain::vocabulary::Area;

    use super::*;

    #[test]
    fn the_one_text_of_a_change_is_read_and_replaced() {
        let note = Known::NoteAdded {
            words: "una nota".to_owned(),
            corrects: None,
        };
        let address = Known::FamilyWritten(FamilyField::Address("via Roma".to_owned()));
        for known in [note, address] {
            assert!(text_of(&known).is_some());
            let changed = with_text(&known, "corretto".to_owned());
            assert_eq!(text_of(&changed).as_deref(), Some("corretto"));
            assert_eq!(
                with_text(&changed, text_of(&known).unwrap_or_default()),
                known
            );
        }
    }

    #[test]
    fn a_correction_that_was_begun_is_read_also_after_it_was_handed_over() {
        let some = |text: &str| Some(text.to_owned());
        for (left, own, shown) in [
            (some("corretto"), some("scritto"), "corretto"),
            // Handed over: nothing of it can be corrected any more.
            (some("corretto"), None, "corretto"),
            (None, some("scritto"), "scritto"),
            (None, None, "detto"),
        ] {
            assert_eq!(in_box(left, own, "detto".to_owned()), shown);
        }
    }

    #[test]
    fn what_waits_by_itself_is_neither_said_anew_nor_handed_over() {
        for (why, is_said_again, is_handed_over) in [
            (Refusal::NotGranted, true, true),
            (Refusal::UnknownKind, false, true),
            (Refusal::AccountClosed, false, false),
            (Refusal::DeviceRevoked, false, false),
        ] {
            assert_eq!(may_be_said_again(why), is_said_again, "{why}");
            assert_eq!(may_be_handed_over(why), is_handed_over, "{why}");
        }
    }

    #[test]
    fn a_choice_has_no_text_to_correct() {
        let goal = GoalId::new(Millis(0), [1; 10]);
        let area = GoalField::Area(Area::Home);
        assert_eq!(text_of(&Known::GoalWritten { goal, field: area }), None);
    }

    #[test]
    fn the_file_holds_what_the_text_leaves_out() {
        let address = r#"via "Roma" {7}, \ [B]"#.to_owned();
        let change = Known::FamilyWritten(FamilyField::Address(address));
        let file = file_text("via Po", &change.clone().into());
        let json = file.strip_prefix("via Po\n\n").expect("the text is first");
        let back: Known = serde_json::from_str(json).expect("it is the change");
        assert_eq!(back, change);
        let lines: Vec<&str> = json.lines().collect();
        assert_eq!(lines.len(), 5, "{json}");
        assert_eq!((lines[1], lines[3]), ("  \"family_written\":{", "  }"));
    }

    #[test]
    fn a_text_survives_as_an_address() {
        assert_eq!(
            percent_encoded("Sì, 5% & «no»"),
            "S%C3%AC%2C%205%25%20%26%20%C2%ABno%C2%BB"
        );
    }
}
