//! A place to sign with a finger, a pen or a mouse.

use leptos::prelude::*;
use leptos::svg::Svg;

use crate::device::media::Stroke;
use crate::device::senses;
use crate::parts::form::FieldError;
use crate::parts::mark::Icon;
use crate::watch::{hear, watch};
use crate::words::use_words;

/// Pixels of the picture for each of the page: a signature stays sharp on paper.
const SHARPNESS: f64 = 2.0;

/// What was drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawn {
    /// The lines, in pixels of the picture.
    pub strokes: Vec<Stroke>,
    /// How wide and how high the picture is.
    pub size: (f64, f64),
}

impl Drawn {
    /// Whether there is more than a touch.
    pub fn is_signature(&self) -> bool {
        self.strokes.iter().map(Vec::len).sum::<usize>() > 4
    }
}

/// The place to sign.
#[component]
pub fn Ink(
    /// What is drawn.
    drawn: RwSignal<Drawn>,
    /// What is missing.
    error: RwSignal<Option<String>>,
    /// What it says in another language than the app: where to sign, and the way to begin anew.
    #[prop(optional)]
    said: Option<(AnyView, AnyView)>,
) -> impl IntoView {
    let words = use_words();
    let own = said.is_none();
    let (here, anew) =
        said.unwrap_or_else(|| (words.sign_here().into_any(), words.sign_again().into_any()));
    let pad = NodeRef::<Svg>::new();
    let is_down = StoredValue::new(false);
    let put = move |x: i32, y: i32| {
        let size = pad.with_untracked(|pad| {
            pad.as_ref()
                .map(|pad| (pad.client_width(), pad.client_height()))
        });
        let (wide, high) = size.unwrap_or_default();
        drawn.update(|drawn| {
            drawn.size = (f64::from(wide) * SHARPNESS, f64::from(high) * SHARPNESS);
            if let Some(stroke) = drawn.strokes.last_mut() {
                stroke.push((f64::from(x) * SHARPNESS, f64::from(y) * SHARPNESS));
            }
        });
    };
    let lines = move || {
        let drawn = drawn.read();
        let line = |stroke: &Stroke| view! { <polyline points=points(stroke) /> };
        drawn.strokes.iter().map(line).collect_view()
    };
    // Whoever asked to sign sees where: in Insieme the foot of the page would cover it.
    watch(move || {
        if let Some(pad) = pad.get().filter(|_| !own) {
            senses::bring_into_sight(&pad);
        }
    });
    let is_empty = Memo::new(move |_| drawn.read().strokes.is_empty());
    view! {
        <div class="ink" role="group" aria-labelledby="ink">
            <p id="ink" class="label">{here}</p>
            <svg
                node_ref=pad
                class="ink__pad"
                aria-hidden="true"
                on:pointerdown=hear(move |event: leptos::ev::PointerEvent| {
                    is_down.set_value(true);
                    drawn.update(|drawn| drawn.strokes.push(Stroke::new()));
                    put(event.offset_x(), event.offset_y());
                })
                on:pointermove=hear(move |event: leptos::ev::PointerEvent| {
                    if is_down.get_value() {
                        put(event.offset_x(), event.offset_y());
                    }
                })
                on:pointerup=hear(move |_| is_down.set_value(false))
                on:pointerleave=hear(move |_| is_down.set_value(false))
                on:pointercancel=hear(move |_| is_down.set_value(false))
            >{lines}</svg>
            {own.then(|| view! { <p class="small soft">{words.sign_hint()}</p> })}
            <FieldError id="ink" error=error />
            <button
                type="button" class="btn btn--bare btn--inline" disabled=is_empty
                on:click=hear(move |_| drawn.set(Drawn::default()))
            ><Icon name="undo-2" />{anew}</button>
        </div>
    }
    .into_any()
}

/// A line as SVG says it, in pixels of the page.
fn points(stroke: &Stroke) -> String {
    let mut points = String::new();
    for (x, y) in stroke {
        points.push_str(&format!("{},{} ", x / SHARPNESS, y / SHARPNESS));
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_touch_is_no_signature() {
        let drawn = |strokes| Drawn {
            strokes,
            size: (600.0, 200.0),
        };
        assert!(!drawn(vec![vec![(1.0, 1.0)]; 3]).is_signature());
        assert!(drawn(vec![vec![(1.0, 1.0); 5]]).is_signature());
        assert_eq!(points(&vec![(2.0, 4.0), (6.0, 8.0)]), "1,2 3,4 ");
    }
}
