//! Microphone, camera and glass: what people record, photograph and draw, as bytes.

use std::cell::RefCell;
use std::rc::Rc;

use domain::attachment::{Format, PHOTO_PIXELS_MAX};
use js_sys::{Array, ArrayBuffer, Promise, Uint8Array};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobEvent, BlobPropertyBag, CanvasRenderingContext2d, HtmlCanvasElement,
    HtmlInputElement, ImageBitmap, MediaRecorder, MediaRecorderOptions, MediaStream,
    MediaStreamConstraints, MediaStreamTrack, Url,
};

pub use super::kinds::{NoMedia, Stroke};
use super::senses::{navigator, save_blob, window};

/// Speech needs no more: five minutes come to about a megabyte.
const VOICE_BITS_PER_SECOND: u32 = 24_000;
/// How well a photo is kept: letters on a paper stay readable.
const PHOTO_QUALITY: f64 = 0.82;
/// What a browser may record in, the best first.
const VOICE_FORMATS: [(&str, Format); 3] = [
    ("audio/webm", Format::Webm),
    ("audio/mp4", Format::Mp4),
    ("audio/ogg", Format::Ogg),
];
/// How often a recording gives what was said since: what a dying battery can take with it.
const PIECE_MS: i32 = 1_000;
/// How thick a line of a signature is, in pixels of its picture.
const INK_PIXELS: f64 = 4.0;

/// A recording under way. Dropped, it is thrown away and the microphone is let go.
pub struct Recorder {
    recorder: MediaRecorder,
    stream: MediaStream,
    format: Format,
    pieces: Rc<RefCell<Array>>,
    /// Done once nothing more comes: because it was ended here, or by the phone itself, which takes
    /// the microphone for a call.
    ended: Promise,
    _hear: Closure<dyn FnMut(BlobEvent)>,
}

impl Recorder {
    /// Asks for the microphone and begins.
    ///
    /// # Errors
    /// [`NoMedia`] says why there is none.
    pub async fn begin() -> Result<Self, NoMedia> {
        let devices = navigator().media_devices().map_err(|_| NoMedia::Missing)?;
        let wanted = MediaStreamConstraints::new();
        wanted.set_audio(&JsValue::TRUE);
        let stream = devices
            .get_user_media_with_constraints(&wanted)
            .map_err(|why| named(&why))?;
        let stream = JsFuture::from(stream).await.map_err(|why| named(&why))?;
        let stream: MediaStream = stream.dyn_into().map_err(|_| NoMedia::Failed)?;
        Self::on(&stream).inspect_err(|_| let_go(&stream))
    }

    fn on(stream: &MediaStream) -> Result<Self, NoMedia> {
        let can = |(media, _): &&(&str, Format)| MediaRecorder::is_type_supported(media);
        let (media, format) = VOICE_FORMATS.iter().find(can).ok_or(NoMedia::Missing)?;
        let options = MediaRecorderOptions::new();
        options.set_mime_type(media);
        options.set_audio_bits_per_second(VOICE_BITS_PER_SECOND);
        let recorder =
            MediaRecorder::new_with_media_stream_and_media_recorder_options(stream, &options)
                .map_err(|why| named(&why))?;
        let pieces = Rc::new(RefCell::new(Array::new()));
        let heard = Rc::clone(&pieces);
        let hear = Closure::new(move |event: BlobEvent| {
            if let Some(piece) = event.data() {
                heard.borrow_mut().push(&piece);
            }
        });
        recorder.set_ondataavailable(Some(hear.as_ref().unchecked_ref()));
        let ended = Promise::new(&mut |resolve, _| recorder.set_onstop(Some(&resolve)));
        recorder
            .start_with_time_slice(PIECE_MS)
            .map_err(|why| named(&why))?;
        Ok(Self {
            recorder,
            stream: stream.clone(),
            format: *format,
            pieces,
            ended,
            _hear: hear,
        })
    }

    /// What was said until now, as far as the browser has given it. It goes on meanwhile.
    pub fn so_far(&self) -> impl Future<Output = Result<(Format, Vec<u8>), NoMedia>> + use<> {
        let (format, pieces) = (self.format, self.pieces.borrow().clone());
        async move { Ok((format, joined(&pieces).await?)) }
    }

    /// Ends the recording and gives what was said.
    ///
    /// # Errors
    /// [`NoMedia::Failed`] where the browser gives nothing.
    pub async fn end(self) -> Result<(Format, Vec<u8>), NoMedia> {
        // It refuses where the phone has ended it already.
        drop(self.recorder.stop());
        let ended = JsFuture::from(self.ended.clone()).await;
        ended.map_err(|why| named(&why))?;
        let pieces = self.pieces.borrow().clone();
        Ok((self.format, joined(&pieces).await?))
    }
}

async fn joined(pieces: &Array) -> Result<Vec<u8>, NoMedia> {
    let whole = Blob::new_with_blob_sequence(pieces).map_err(|why| named(&why))?;
    bytes_of(&whole).await
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.recorder.set_ondataavailable(None);
        let_go(&self.stream);
    }
}

fn let_go(stream: &MediaStream) {
    for track in stream.get_tracks() {
        track.unchecked_into::<MediaStreamTrack>().stop();
    }
}

/// The photo that somebody chose or took: drawn anew as a smaller JPEG, so that nothing of place,
/// camera or time stays in it. `None` where nothing was chosen.
pub async fn chosen_photo(event: leptos::ev::Event) -> Option<Result<Vec<u8>, NoMedia>> {
    let input: HtmlInputElement = event.target()?.dyn_into().ok()?;
    let file = input.files()?.get(0)?;
    let photo = shrink(&file).await;
    // The same photo can be chosen again.
    input.set_value("");
    Some(photo)
}

async fn shrink(file: &Blob) -> Result<Vec<u8>, NoMedia> {
    let bitmap = window()
        .create_image_bitmap_with_blob(file)
        .map_err(|_| NoMedia::Unreadable)?;
    let bitmap = JsFuture::from(bitmap).await;
    let bitmap: ImageBitmap = bitmap
        .and_then(JsCast::dyn_into)
        .map_err(|_| NoMedia::Unreadable)?;
    let (wide, high) = (f64::from(bitmap.width()), f64::from(bitmap.height()));
    let scale = (f64::from(PHOTO_PIXELS_MAX) / wide.max(high)).min(1.0);
    let (wide, high) = ((wide * scale).round(), (high * scale).round());
    let (canvas, glass) = glass(wide, high)?;
    // What is see-through would come out black.
    glass.set_fill_style_str("#fff");
    glass.fill_rect(0.0, 0.0, wide, high);
    let drawn = glass.draw_image_with_image_bitmap_and_dw_and_dh(&bitmap, 0.0, 0.0, wide, high);
    bitmap.close();
    drawn.map_err(|why| named(&why))?;
    picture(&canvas, "image/jpeg").await
}

/// A drawing as a PNG, dark on white: also on paper and in the dark it is a signature.
///
/// # Errors
/// [`NoMedia::Failed`] where the browser cannot draw.
pub async fn drawing(strokes: &[Stroke], wide: f64, high: f64) -> Result<Vec<u8>, NoMedia> {
    let (canvas, glass) = glass(wide, high)?;
    glass.set_fill_style_str("#fff");
    glass.fill_rect(0.0, 0.0, wide, high);
    glass.set_stroke_style_str("#111");
    glass.set_line_width(INK_PIXELS);
    glass.set_line_cap("round");
    glass.set_line_join("round");
    for stroke in strokes {
        glass.begin_path();
        for (at, (x, y)) in stroke.iter().enumerate() {
            if at == 0 {
                glass.move_to(*x, *y);
            }
            glass.line_to(*x, *y);
        }
        glass.stroke();
    }
    picture(&canvas, "image/png").await
}

fn glass(wide: f64, high: f64) -> Result<(HtmlCanvasElement, CanvasRenderingContext2d), NoMedia> {
    let make = || -> Option<(HtmlCanvasElement, CanvasRenderingContext2d)> {
        let canvas = window().document()?.create_element("canvas").ok()?;
        let canvas: HtmlCanvasElement = canvas.dyn_into().ok()?;
        canvas.set_width(pixels(wide));
        canvas.set_height(pixels(high));
        let glass = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        Some((canvas, glass))
    };
    make().ok_or(NoMedia::Failed)
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "there is no other way from f64, and `as` saturates"
)]
fn pixels(length: f64) -> u32 {
    length.max(1.0) as u32
}

async fn picture(canvas: &HtmlCanvasElement, media: &str) -> Result<Vec<u8>, NoMedia> {
    let made = Promise::new(&mut |resolve, reject| {
        let quality = JsValue::from_f64(PHOTO_QUALITY);
        let asked = canvas.to_blob_with_type_and_encoder_options(&resolve, media, &quality);
        if let Err(why) = asked {
            drop(reject.call1(&JsValue::UNDEFINED, &why));
        }
    });
    let blob = JsFuture::from(made).await.map_err(|why| named(&why))?;
    let blob: Blob = blob.dyn_into().map_err(|_| NoMedia::Failed)?;
    bytes_of(&blob).await
}

async fn bytes_of(blob: &Blob) -> Result<Vec<u8>, NoMedia> {
    let buffer = JsFuture::from(blob.array_buffer()).await;
    let buffer: ArrayBuffer = buffer
        .and_then(JsCast::dyn_into)
        .map_err(|_| NoMedia::Failed)?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

fn named(why: &JsValue) -> NoMedia {
    let name = js_sys::Reflect::get(why, &"name".into()).ok();
    match name.and_then(|name| name.as_string()).as_deref() {
        Some("NotAllowedError" | "SecurityError") => NoMedia::NotAllowed,
        Some("NotFoundError") => NoMedia::Missing,
        _ => NoMedia::Failed,
    }
}

/// Offers something recorded, photographed or drawn as a file, readable by anybody.
pub fn save(name: &str, bytes: &[u8], format: Format) {
    if let Some(blob) = blob_of(bytes, format) {
        save_blob(name, &blob);
    }
}

fn blob_of(bytes: &[u8], format: Format) -> Option<Blob> {
    let options = BlobPropertyBag::new();
    options.set_type(format.media());
    let parts = Array::of1(&Uint8Array::from(bytes));
    Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()
}

/// Bytes that the page can show or play for as long as this lives.
pub struct Shown(String);

impl Shown {
    /// Makes an address for them, good in this page only.
    pub fn new(bytes: &[u8], format: Format) -> Option<Self> {
        let blob = blob_of(bytes, format)?;
        Url::create_object_url_with_blob(&blob).ok().map(Self)
    }

    /// The address.
    pub fn url(&self) -> String {
        self.0.clone()
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        drop(Url::revoke_object_url(&self.0));
    }
}
