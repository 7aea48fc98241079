//! Writes the two text formats of Prometheus: `OpenMetrics` 1.0 and the older one, 0.0.4.
//!
//! It is not the crate prometheus-client, which has registries of metrics that a program counts itself, in floats or 64 bits,
//! and no gauge histograms. Here a node counts: values are exact decimals that belong to one scrape, most families are absent
//! if the node has not answered, and nothing is kept from one scrape to the next.

use std::fmt::{self, Display, Write as _};

/// Which of the two formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    OpenMetrics,
    Text,
}

impl Format {
    /// The one that a client likes best, by its `Accept` header (RFC 9110, section 12.5.1): the older one unless it asks for
    /// `OpenMetrics`.
    pub(crate) fn accepted(accept: &str) -> Self {
        let mut best = (0, Self::Text);
        for item in accept.split(',') {
            let mut parts = item.split(';').map(str::trim);
            let range = parts.next().unwrap_or_default().to_ascii_lowercase();
            let (mut version, mut quality) = (None, 1000);
            for (name, value) in parts.filter_map(|part| part.split_once('=')) {
                match &*name.trim().to_ascii_lowercase() {
                    "version" => version = Some(value.trim()),
                    "q" => quality = thousandths(value.trim()),
                    _ => {}
                }
            }
            let format = match (&*range, version) {
                ("application/openmetrics-text", None | Some("1.0.0")) => Self::OpenMetrics,
                ("text/plain", None | Some("0.0.4")) | ("text/*" | "*/*", _) => Self::Text,
                _ => continue,
            };
            if quality > best.0 {
                best = (quality, format);
            }
        }
        best.1
    }

    pub(crate) const fn content_type(self) -> &'static str {
        match self {
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
            Self::Text => "text/plain; version=0.0.4; charset=utf-8",
        }
    }
}

/// A weight from 0 to 1 with up to three decimals; anything else is 0.
fn thousandths(text: &str) -> u32 {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let padded = format!("{decimals:0<3}");
    match (whole, padded.parse()) {
        ("1", Ok(0)) => 1000,
        ("0", Ok(weight)) if padded.len() == 3 => weight,
        _ => 0,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Gauge,
    /// Named without `_total`.
    Counter,
    /// Named without `_info`.
    Info,
    GaugeHistogram,
}

/// A number of `places` decimals, exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decimal {
    units: i128,
    places: u32,
}

impl Decimal {
    pub(crate) fn new(units: impl Into<i128>, places: u32) -> Self {
        Self {
            units: units.into(),
            places,
        }
    }
}

impl Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = 10_u128.pow(self.places);
        let units = self.units.unsigned_abs();
        let sign = if self.units < 0 { "-" } else { "" };
        write!(f, "{sign}{}", units / scale)?;
        let decimals = format!("{:0width$}", units % scale, width = self.places as usize);
        match decimals.trim_end_matches('0') {
            "" => Ok(()),
            decimals => write!(f, ".{decimals}"),
        }
    }
}

/// A reply that is being written.
pub(crate) struct Exposition {
    format: Format,
    text: String,
}

/// A family of metrics; its head is written before its first sample, so that there is none without samples.
pub(crate) struct Family<'e> {
    exposition: &'e mut Exposition,
    name: &'static str,
    kind: Kind,
    help: &'static str,
    has_head: bool,
}

impl Exposition {
    pub(crate) const fn new(format: Format) -> Self {
        Self {
            format,
            text: String::new(),
        }
    }

    pub(crate) fn family(&mut self, name: &'static str, kind: Kind, help: &'static str) -> Family<'_> {
        Family {
            exposition: self,
            name,
            kind,
            help,
            has_head: false,
        }
    }

    /// A gauge without labels, if it has a value.
    pub(crate) fn gauge(&mut self, name: &'static str, help: &'static str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.family(name, Kind::Gauge, help).sample(&[], value);
        }
    }

    /// A counter without labels, if it has a value.
    pub(crate) fn counter(&mut self, name: &'static str, help: &'static str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.family(name, Kind::Counter, help).sample(&[], value);
        }
    }

    pub(crate) fn finish(mut self) -> String {
        if self.format == Format::OpenMetrics {
            self.text += "# EOF\n";
        }
        self.text
    }
}

impl Family<'_> {
    pub(crate) fn sample(&mut self, labels: &[(&str, &str)], value: impl Display) {
        let suffix = match self.kind {
            Kind::Counter => "_total",
            Kind::Info => "_info",
            Kind::Gauge | Kind::GaugeHistogram => "",
        };
        self.write(suffix, labels, &value);
    }

    /// A gauge histogram: how many there are up to each bound, cumulative; of all, how many there are and their sum.
    pub(crate) fn histogram(
        &mut self,
        buckets: impl Iterator<Item = (&'static str, u64)>,
        count: u64,
        sum: impl Display,
    ) {
        for (bound, count) in buckets {
            self.write("_bucket", &[("le", bound)], &count);
        }
        self.write("_bucket", &[("le", "+Inf")], &count);
        let (count_suffix, sum_suffix) = match self.exposition.format {
            Format::OpenMetrics => ("_gcount", "_gsum"),
            Format::Text => ("_count", "_sum"),
        };
        self.write(count_suffix, &[], &count);
        self.write(sum_suffix, &[], &sum);
    }

    fn write(&mut self, suffix: &str, labels: &[(&str, &str)], value: &dyn Display) {
        if !self.has_head {
            self.has_head = true;
            self.write_head();
        }
        let text = &mut self.exposition.text;
        *text += self.name;
        *text += suffix;
        let mut separator = '{';
        for (name, value) in labels {
            text.push(separator);
            *text += name;
            *text += "=\"";
            for c in value.chars() {
                match c {
                    '\\' => *text += "\\\\",
                    '"' => *text += "\\\"",
                    '\n' => *text += "\\n",
                    c => text.push(c),
                }
            }
            text.push('"');
            separator = ',';
        }
        if !labels.is_empty() {
            text.push('}');
        }
        // Writing to a string cannot fail.
        _ = writeln!(text, " {value}");
    }

    fn write_head(&mut self) {
        let Self { name, help, .. } = *self;
        let (suffix, kind) = match (self.exposition.format, self.kind) {
            (_, Kind::Gauge) => ("", "gauge"),
            (Format::OpenMetrics, Kind::Counter) => ("", "counter"),
            (Format::Text, Kind::Counter) => ("_total", "counter"),
            (Format::OpenMetrics, Kind::Info) => ("", "info"),
            (Format::Text, Kind::Info) => ("_info", "gauge"),
            (Format::OpenMetrics, Kind::GaugeHistogram) => ("", "gaugehistogram"),
            (Format::Text, Kind::GaugeHistogram) => ("", "histogram"),
        };
        _ = writeln!(
            self.exposition.text,
            "# HELP {name}{suffix} {help}\n# TYPE {name}{suffix} {kind}"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_is_the_one_that_is_liked_best() {
        let prometheus = "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,\
            text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
        for (accept, format) in [
            ("", Format::Text),
            ("*/*", Format::Text),
            (prometheus, Format::OpenMetrics),
            ("application/openmetrics-text", Format::OpenMetrics),
            (
                "Application/OpenMetrics-Text; Version=1.0.0; charset=utf-8",
                Format::OpenMetrics,
            ),
            ("application/openmetrics-text;version=0.0.1", Format::Text),
            (
                "application/openmetrics-text;version=1.0.0;q=0.2,text/plain;q=0.3",
                Format::Text,
            ),
            ("application/openmetrics-text;q=0", Format::Text),
            ("application/openmetrics-text;q=2,text/plain;q=0.001", Format::Text),
            ("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", Format::Text),
            ("application/json", Format::Text),
        ] {
            assert_eq!(Format::accepted(accept), format, "{accept}");
        }
    }

    #[test]
    fn decimals_are_exact() {
        for (units, places, text) in [
            (0, 3, "0"),
            (1500, 3, "1.5"),
            (-3, 3, "-0.003"),
            (-1500, 3, "-1.5"),
            (1000, 11, "0.00000001"),
            (i64::MIN, 11, "-92233720.36854775808"),
            (i64::MAX, 0, "9223372036854775807"),
        ] {
            assert_eq!(Decimal::new(units, places).to_string(), text);
        }
        assert_eq!(Decimal::new(u64::MAX, 6).to_string(), "18446744073709.551615");
    }

    fn written(format: Format) -> String {
        let mut exposition = Exposition::new(format);
        exposition
            .family("a", Kind::Info, "An info.")
            .sample(&[("x", "q\"\\\n")], 1);
        exposition.counter("b", "A counter.", Some(u64::MAX));
        exposition.gauge("c", "Not there.", None::<u64>);
        let mut family = exposition.family("d", Kind::GaugeHistogram, "A histogram.");
        family.histogram([("0.1", 1), ("1.0", 2)].into_iter(), 3, Decimal::new(2500, 3));
        exposition.finish()
    }

    #[test]
    fn a_reply_in_either_format() {
        assert_eq!(
            written(Format::OpenMetrics),
            "# HELP a An info.\n# TYPE a info\na_info{x=\"q\\\"\\\\\\n\"} 1\n\
             # HELP b A counter.\n# TYPE b counter\nb_total 18446744073709551615\n\
             # HELP d A histogram.\n# TYPE d gaugehistogram\n\
             d_bucket{le=\"0.1\"} 1\nd_bucket{le=\"1.0\"} 2\nd_bucket{le=\"+Inf\"} 3\nd_gcount 3\nd_gsum 2.5\n# EOF\n"
        );
        assert_eq!(
            written(Format::Text),
            "# HELP a_info An info.\n# TYPE a_info gauge\na_info{x=\"q\\\"\\\\\\n\"} 1\n\
             # HELP b_total A counter.\n# TYPE b_total counter\nb_total 18446744073709551615\n\
             # HELP d A histogram.\n# TYPE d histogram\n\
             d_bucket{le=\"0.1\"} 1\nd_bucket{le=\"1.0\"} 2\nd_bucket{le=\"+Inf\"} 3\nd_count 3\nd_sum 2.5\n"
        );
    }
}
