//! The table for people and the figures for tools.

use std::collections::BTreeMap;
use std::path::Path;

use crate::Failure;
use crate::ladders::{AtOnce, PHONES, Rung};
use crate::load::Seen;
use crate::transfer::{FAMILIES, RECORDS, Transfers};

/// Changes a second that 200 phones are to be served at least (budgets.md).
const CHANGES_PER_S_MIN: f64 = 1_000.0;
/// How long 99 of 100 requests may take at most.
const P99_MS_MAX: f64 = 250.0;
/// How much more asking for nothing may take with the longest log than with a short one.
const IDLE_GROWTH_MAX: f64 = 1.2;
/// Our bytes as a share of PouchDB's.
const WIRE_SHARE_MAX: f64 = 0.4;

/// Everything that was measured, and whether it is what is wanted.
#[derive(Debug, Default)]
pub struct Report {
    figures: BTreeMap<String, f64>,
    missed: Vec<String>,
}

impl Report {
    /// Keeps a figure under its name.
    pub fn keep(&mut self, name: impl Into<String>, value: f64) {
        self.figures.insert(name.into(), value);
    }

    /// Figures that are not what is wanted, each as a line.
    pub fn missed(&self) -> &[String] {
        &self.missed
    }

    /// Prints and keeps what 200 clients saw. With `is_ours`, compares it with what is wanted.
    pub fn at_once(&mut self, (key, title): (&str, &str), at_once: &AtOnce, is_ours: bool) {
        println!("\n{title}: {PHONES} at once, each request with 20 changes of 200 B of words");
        let head = [
            "",
            "changes/s",
            "p50",
            "p95",
            "p99",
            "max",
            "errors",
            "wanted",
        ];
        let mut lines = vec![head.map(str::to_owned)];
        let closed = (format!("{key}_200_phones_closed"), None, &at_once.closed);
        let open = at_once.open.iter().map(|(rate, seen)| {
            let name = format!("{key}_200_phones_at_{rate}");
            (name, Some(*rate), seen)
        });
        for (name, rate, seen) in std::iter::once(closed).chain(open) {
            self.keep_seen(&name, seen);
            let what = match rate {
                None => "as fast as answered".to_owned(),
                Some(rate) => format!("{} a second fall due", thousands(f64::from(rate))),
            };
            // A rate is kept if it is short of it by no more than chance. With everybody asking as
            // fast as they are answered, how long it takes is how many they are by how many are
            // served a second: only the second of these is the server's.
            let (floor, p99_max) = match rate {
                None => (CHANGES_PER_S_MIN, f64::INFINITY),
                Some(rate) => (f64::from(rate) * 0.9, P99_MS_MAX),
            };
            let is_ruled = is_ours && rate.is_none_or(|rate| f64::from(rate) <= CHANGES_PER_S_MIN);
            let wanted = if is_ruled {
                let is_reached =
                    seen.changes_per_s() >= floor && seen.ms_at(990) <= p99_max && seen.errors == 0;
                let limit = match rate {
                    None => String::new(),
                    Some(_) => format!(", p99 ≤ {p99_max} ms"),
                };
                let wanted = format!("≥ {}{limit}, no error", thousands(floor));
                self.verdict(&name, wanted, is_reached)
            } else {
                String::new()
            };
            lines.push([
                what,
                thousands(seen.changes_per_s()),
                millis(seen.ms_at(500)),
                millis(seen.ms_at(950)),
                millis(seen.ms_at(990)),
                millis(seen.ms_at(1000)),
                seen.errors.to_string(),
                wanted,
            ]);
            if let Some(error) = &seen.first_error {
                eprintln!("  {name}: {error}");
            }
        }
        table(&lines);
    }

    /// Prints and keeps the ladder of phones.
    pub fn phones(&mut self, (key, title): (&str, &str), at_once: &AtOnce) {
        println!("\n{title}: phones at once, as fast as answered");
        let head = ["phones", "changes/s", "p50", "p99", "max", "errors"];
        let mut lines = vec![head.map(str::to_owned)];
        for (phones, seen) in &at_once.ladder {
            self.keep_seen(&format!("{key}_phones_{phones}"), seen);
            lines.push([
                phones.to_string(),
                thousands(seen.changes_per_s()),
                millis(seen.ms_at(500)),
                millis(seen.ms_at(990)),
                millis(seen.ms_at(1000)),
                seen.errors.to_string(),
            ]);
            if let Some(error) = &seen.first_error {
                eprintln!("  {key} with {phones} phones: {error}");
            }
        }
        table(&lines);
        if let Some((before, after)) = at_once.memory_mib_before.zip(at_once.memory_mib) {
            println!(
                "  most memory of the server: {before:.0} MiB after all have signed in, \
                 {after:.0} MiB at the end"
            );
            self.keep(format!("{key}_memory_mib_signed_in"), before);
            self.keep(format!("{key}_memory_mib_max"), after);
        }
        if let Some(cpu) = at_once.cpu_ms_per_1000 {
            println!("  a core's time that the server takes for 1,000 changes: {cpu:.1} ms");
            self.keep(format!("{key}_cpu_ms_per_1000_ops"), cpu);
        }
    }

    /// Prints and keeps the ladder of the log.
    pub fn log(&mut self, (key, title): (&str, &str), rungs: &[(u64, Rung)]) {
        println!("\n{title}: one phone at a time, p50 / p99 (and by a short log meanwhile)");
        let head = [
            "changes in the log",
            "ask for nothing",
            "send 20",
            "first sync, 75",
        ];
        let mut lines = vec![head.map(str::to_owned)];
        let mut last = Vec::new();
        for (target, rung) in rungs {
            let mut line = vec![thousands(float(rung.changes))];
            let parts = [
                ("idle", &rung.idle),
                ("push_20", &rung.push),
                ("first_sync", &rung.first),
            ];
            last.clear();
            for (what, [long, short]) in parts {
                let (p50, p99) = (long.ms_at(500), long.ms_at(990));
                let beside = short.ms_at(500);
                self.keep(format!("{key}_{what}_ms_at_{target}"), p50);
                self.keep(format!("{key}_{what}_p99_ms_at_{target}"), p99);
                self.keep(format!("{key}_{what}_short_ms_at_{target}"), beside);
                line.push(format!("{p50:.2} / {p99:.2} ms ({beside:.2})"));
                last.push((what, p50 / beside.max(f64::EPSILON)));
            }
            lines.push(line.try_into().unwrap_or_default());
        }
        table(&lines);
        for (what, growth) in last {
            let name = format!("{key}_{what}_growth");
            self.keep(&name, growth);
            let verdict = if what == "idle" {
                let wanted = format!("wanted ≤ {IDLE_GROWTH_MAX}×");
                self.verdict(&name, wanted, growth <= IDLE_GROWTH_MAX)
            } else {
                String::new()
            };
            let line = format!("  {what}: the longest log takes {growth:.2}× the short one");
            println!("{line}  {verdict}");
        }
    }

    /// Prints and keeps the bytes of a first sync.
    pub fn transfers(&mut self, of: &Transfers) {
        println!("\nfirst sync of {FAMILIES} families of {RECORDS} records: bytes on the wire");
        let share = of.ours.bytes / of.pouchdb.bytes.max(1.0);
        self.keep("wire_first_sync_bytes", of.ours.bytes);
        self.keep("wire_first_sync_requests", of.ours.requests);
        self.keep("wire_first_sync_records", f64::from(of.ours.records));
        self.keep("wire_pouchdb_bytes", of.pouchdb.bytes);
        self.keep("wire_pouchdb_requests", of.pouchdb.requests);
        self.keep("wire_share_of_pouchdb", share);
        let wanted = format!("≤ {:.0} %", WIRE_SHARE_MAX * 100.0);
        let verdict = self.verdict("wire_share_of_pouchdb", wanted, share <= WIRE_SHARE_MAX);
        let percent = |share: f64| format!("{:.1} %", share * 100.0);
        let line = |what: &str, bytes: f64, requests: f64, share: f64, verdict: &str| {
            let (bytes, requests) = (thousands(bytes), thousands(requests));
            [
                what.to_owned(),
                bytes,
                requests,
                percent(share),
                verdict.to_owned(),
            ]
        };
        let head = ["", "bytes", "requests", "ours is", "wanted"].map(str::to_owned);
        let theirs = of.pouchdb.requests;
        table(&[
            head,
            line("Percorso", of.ours.bytes, of.ours.requests, 1.0, ""),
            line("PouchDB", of.pouchdb.bytes, theirs, share, &verdict),
        ]);
    }

    /// Writes all figures as JSON, each under a name of its own.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn write(&self, file: &Path) -> Result<(), Failure> {
        let round = |value: &f64| (value * 10_000.0).round() / 10_000.0;
        let rounded: BTreeMap<&String, f64> = self
            .figures
            .iter()
            .map(|(name, value)| (name, round(value)))
            .collect();
        std::fs::write(
            file,
            format!("{}\n", serde_json::to_string_pretty(&rounded)?),
        )?;
        Ok(())
    }

    fn keep_seen(&mut self, name: &str, seen: &Seen) {
        self.keep(format!("{name}_ops_per_s"), seen.changes_per_s());
        for (what, of_1000) in [("p50", 500), ("p95", 950), ("p99", 990), ("max", 1000)] {
            self.keep(format!("{name}_{what}_ms"), seen.ms_at(of_1000));
        }
        self.keep(format!("{name}_errors"), f64::from(seen.errors));
    }

    fn verdict(&mut self, name: &str, wanted: String, is_reached: bool) -> String {
        if is_reached {
            return wanted;
        }
        self.missed.push(format!("{name}: {wanted}"));
        format!("{wanted}: NOT REACHED")
    }
}

/// Prints lines of cells, the first one being the head and the first column to the left.
fn table<const N: usize>(lines: &[[String; N]]) {
    let mut widths = [0; N];
    for line in lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = (*width).max(cell.chars().count());
        }
    }
    for line in lines {
        let mut text = String::from(" ");
        for (place, (cell, width)) in line.iter().zip(widths).enumerate() {
            let pad = " ".repeat(width.saturating_sub(cell.chars().count()));
            let cells = if place == 0 {
                [cell.as_str(), pad.as_str()]
            } else {
                [pad.as_str(), cell.as_str()]
            };
            text.push(' ');
            text.extend(cells);
            text.push(' ');
        }
        println!("{}", text.trim_end());
    }
}

fn millis(value: f64) -> String {
    if value < 100.0 {
        format!("{value:.1} ms")
    } else {
        format!("{} ms", thousands(value))
    }
}

/// A whole number with marks between the thousands.
pub fn thousands(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count as a floating-point number: exact up to where it matters.
pub fn float(count: u64) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_groups_of_three() {
        let said = [0.0, 999.4, 1_000.0, 1_234_567.0].map(thousands);
        assert_eq!(said, ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn what_is_not_reached_is_said() {
        let mut report = Report::default();
        assert_eq!(report.verdict("a", "≥ 1".to_owned(), true), "≥ 1");
        assert_eq!(report.missed().len(), 0);
        assert!(
            report
                .verdict("b", "≥ 1".to_owned(), false)
                .ends_with("NOT REACHED")
        );
        assert_eq!(report.missed(), ["b: ≥ 1"]);
    }
}
