//! The picture of the domains: how things are and should be, in two voices side by side.

use domain::vocabulary::{NeedLevel, Voice};
use jiff::civil::Date;
use leptos::prelude::*;

use crate::parts::mark::{Icon, area_icon};
use crate::parts::scale::Mark;
use crate::screens::plan::model::DomainRow;
use crate::words::Words;

/// What one voice says of a domain: today, and where it should get.
pub type Said = Option<(NeedLevel, Option<NeedLevel>)>;

/// A table with a row for each domain and a lane for each voice.
#[component]
pub fn Picture(rows: Vec<DomainRow>, today: Date, words: Words) -> impl IntoView {
    let levels = NeedLevel::ALL
        .iter()
        .map(|level| {
            view! { <span><Icon name=level_icon(*level) />{words.need_level(*level)}</span> }
        })
        .collect_view();
    let written: Vec<String> = rows.iter().map(|row| written(row, today, words)).collect();
    // One sitting is said once, not in every row.
    let by_all = written
        .first()
        .filter(|first| !first.is_empty() && written.iter().all(|by| by == *first))
        .map(|first| words.picture_by(first));
    let is_one_sitting = by_all.is_some();
    let rows = rows
        .into_iter()
        .zip(written)
        .map(|(row, by)| domain_row(row, (!is_one_sitting).then_some(by), words))
        .collect_view();
    view! {
        <table class="picture">
            <caption class="sr">{words.picture_caption()}</caption>
            <colgroup><col /><col /></colgroup>
            <thead>
                <tr>
                    <th scope="col"><span class="sr">{words.picture_area()}</span></th>
                    <th scope="col"><div class="picture__stops">{levels}</div></th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        <p class="legend">
            <span><Mark voice=Voice::Family />{words.voice_family()}</span>
            <span><Mark voice=Voice::Tutor />{words.voice_tutor()}</span>
            <span><Mark voice=Voice::Family /><Mark voice=Voice::Tutor />{words.legend_now()}</span>
            <span>
                <span class="mark mark--hope" aria-hidden="true"></span>
                <span class="mark mark--tutor mark--hope" aria-hidden="true"></span>
                {words.legend_hope()}
            </span>
        </p>
        {by_all.map(|by| view! { <p class="tiny soft">{by}</p> })}
    }
    .into_any()
}

/// Who said it, and when.
fn written(row: &DomainRow, today: Date, words: Words) -> String {
    let written: Vec<String> = row
        .written
        .iter()
        .map(|(by, day)| {
            let by = by.as_deref().unwrap_or(words.somebody());
            format!("{by}, {}", words.short_day(*day, today))
        })
        .collect();
    written.join("; ")
}

fn domain_row(row: DomainRow, by: Option<String>, words: Words) -> impl IntoView {
    let differs = row.differs.then(|| {
        view! { <span class="picture__differ"><Icon name="differ" />{words.voices_differ()}</span> }
    });
    let spoken = [
        spoken(Voice::Family, row.family, words),
        spoken(Voice::Tutor, row.tutor, words),
    ]
    .join(" ");
    view! {
        <tr>
            <th scope="row">
                <span class="picture__name"><Icon name=area_icon(row.area) />{words.area(row.area)}</span>
                {differs}
                {by.map(|by| view! { <span class="picture__by tiny soft">{by}</span> })}
            </th>
            <td>
                <div class="lanes" aria-hidden="true">
                    {lane(Voice::Family, row.family)}
                    {lane(Voice::Tutor, row.tutor)}
                </div>
                <span class="sr">{spoken}</span>
            </td>
        </tr>
    }
}

/// What one voice says of a domain, in a sentence.
pub fn spoken(voice: Voice, said: Said, words: Words) -> String {
    let level = |level: Option<NeedLevel>| {
        level.map_or(words.not_said().to_owned(), |level| {
            words.need_level(level).to_lowercase()
        })
    };
    let (now, hope) = (said.map(|(now, _)| now), said.and_then(|(_, hope)| hope));
    words.picture_says(words.voice(voice), &level(now), &level(hope))
}

fn lane(voice: Voice, said: Said) -> AnyView {
    let (lane, mark, hollow) = match voice {
        Voice::Family => (
            "lane lane--family",
            "mark mark--family",
            "mark mark--family mark--hope",
        ),
        Voice::Tutor => (
            "lane lane--tutor",
            "mark mark--tutor",
            "mark mark--tutor mark--hope",
        ),
    };
    let Some((now, hope)) = said else {
        return view! { <div class="lane lane--none"></div> }.into_any();
    };
    let goes = hope.filter(|hope| *hope != now);
    view! {
        <div class=lane data-now=stop(now) data-hope=stop(hope.unwrap_or(now))>
            <span class=mark></span>
            {goes.map(|_| view! { <span class=hollow></span> })}
        </div>
    }
    .into_any()
}

/// The slope that stands for a level.
pub const fn level_icon(level: NeedLevel) -> &'static str {
    match level {
        NeedLevel::Hard => "steep",
        NeedLevel::SoSo => "hill",
        NeedLevel::Well => "flat",
    }
}

const fn stop(level: NeedLevel) -> &'static str {
    match level {
        NeedLevel::Hard => "1",
        NeedLevel::SoSo => "2",
        NeedLevel::Well => "3",
    }
}
