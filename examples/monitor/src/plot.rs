//! Plots as SVG, to stand in a page. Lines differ by their dashes, not by colour alone; where the node was down it is grey.

use std::ops::Range;

use plotters::prelude::*;

/// Dark blue and a reddish orange, which look different to all eyes.
const COLORS: [RGBColor; 2] = [RGBColor(0, 90, 160), RGBColor(200, 80, 0)];
const GREY: RGBColor = RGBColor(225, 225, 225);
const INK: RGBColor = RGBColor(70, 70, 70);

/// A line: its values minute by minute, the last one now.
pub(crate) type Line = Vec<Option<f64>>;

/// Draws one or two lines. `down` tells in which minutes the node was down.
pub(crate) fn plot(lines: &[Line], down: &[bool], label: &dyn Fn(f64) -> String) -> String {
    let mut svg = String::new();
    // Drawing into a string cannot fail.
    _ = draw(&mut svg, lines, down, label);
    svg
}

type Failed<'a> = DrawingAreaErrorKind<<SVGBackend<'a> as DrawingBackend>::ErrorType>;

fn draw<'a>(
    svg: &'a mut String,
    lines: &[Line],
    down: &[bool],
    label: &dyn Fn(f64) -> String,
) -> Result<(), Failed<'a>> {
    let root = SVGBackend::with_string(svg, (480, 170)).into_drawing_area();
    let minutes = count(down.len()).max(1.0);
    let highest = lines.iter().flatten().flatten().copied().fold(0.0, f64::max);
    let highest = if highest > 0.0 { highest * 1.1 } else { 1.0 };
    let mut chart = ChartBuilder::on(&root)
        .margin(6)
        .margin_right(14)
        .x_label_area_size(22)
        .y_label_area_size(50)
        .build_cartesian_2d(-minutes..0.0, 0.0..highest)?;
    let grey = runs(down, |down| *down);
    chart.draw_series(grey.into_iter().map(|run| {
        let corners = [(count(run.start) - minutes, 0.0), (count(run.end) - minutes, highest)];
        Rectangle::new(corners, GREY.filled())
    }))?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(GREY)
        .axis_style(INK)
        .x_labels(5)
        .y_labels(4)
        .label_style(("sans-serif", 13, &INK))
        .x_label_formatter(&|minute| ago(*minute))
        .y_label_formatter(&|value| label(*value))
        .draw()?;
    for ((index, line), color) in lines.iter().enumerate().zip(COLORS) {
        for run in runs(line, Option::is_some) {
            let last = run.end - 1;
            let mut points: Vec<(f64, f64)> = run
                .filter_map(|minute| Some((count(minute + 1) - minutes, line[minute]?)))
                .collect();
            // A single minute is a line too.
            if let [only] = points[..] {
                points.insert(0, (count(last) - minutes, only.1));
            }
            let style = color.stroke_width(2);
            if index == 0 {
                chart.draw_series(LineSeries::new(points, style))?;
            } else {
                chart.draw_series(DashedLineSeries::new(points, 7, 4, style))?;
            }
        }
    }
    root.present()
}

#[allow(clippy::cast_precision_loss, reason = "there are a few hundred minutes")]
fn count(minutes: usize) -> f64 {
    minutes as f64
}

fn ago(minute: f64) -> String {
    match -minute {
        0.0 => "now".into(),
        minutes if minutes >= 120.0 => format!("-{} h", minutes / 60.0),
        minutes => format!("-{minutes} min"),
    }
}

/// Where the values are so, in one run after the other.
fn runs<T>(values: &[T], is_so: impl Fn(&T) -> bool) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for index in (0..values.len()).filter(|index| is_so(&values[*index])) {
        match runs.last_mut() {
            Some(run) if run.end == index => run.end += 1,
            _ => runs.push(index..index + 1),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_gaps() {
        let line = [None, Some(1.0), Some(2.0), None, Some(3.0)];
        assert_eq!(runs(&line, Option::is_some), [1..3, 4..5]);
        let svg = plot(
            &[line.to_vec(), vec![None; 5]],
            &[false, false, false, true, false],
            &|value| format!("{value}"),
        );
        // Two runs, and a grey minute.
        let blue = "stroke=\"#005AA0\"";
        assert_eq!(svg.matches(blue).count(), 2, "{svg}");
        assert!(svg.contains("fill=\"#E1E1E1\""), "{svg}");
    }

    #[test]
    fn nothing_is_a_plot_too() {
        for minutes in [0, 1, 60] {
            let svg = plot(&[vec![None; minutes]], &vec![false; minutes], &|value| {
                format!("{value}")
            });
            assert!(svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"), "{svg}");
        }
    }
}
