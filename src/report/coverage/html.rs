//! Coverage as one page that needs nothing else: the graph of each definition with what was taken, and lists beside it.

use super::definition_coverage::{DefinitionCoverage, Share, StateSummary};
use super::picture::Taken;
use super::point::{Category, Point};
use super::table::total_share;
use crate::report::graph::Graph;
use crate::report::layout::Layout;
use crate::report::svg::{STYLE, escape, svg};

const PAGE_STYLE: &str = include_str!("page.css");

/// The whole file.
pub(crate) fn page(definitions: &[DefinitionCoverage]) -> String {
    let total = total_share(definitions);
    let contents: String = definitions.iter().enumerate().map(contents_row).collect();
    let sections: String = definitions.iter().enumerate().map(section).collect();
    let heads: String =
        Category::ALL.iter().map(|category| format!("<th scope=\"col\">{}</th>", category.name())).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Coverage of state machines: {percent}</title>\n<style>\n{STYLE}\n{PAGE_STYLE}</style>\n</head>\n<body>\n\
         <header>\n<h1>Coverage of state machines</h1>\n<p class=\"total\"><strong>{percent}</strong> {taken} of {all} taken</p>\n</header>\n\
         <main>\n<table class=\"contents\">\n<thead><tr><th scope=\"col\">definition</th>{heads}<th scope=\"col\">covered</th></tr></thead>\n\
         <tbody>\n{contents}</tbody>\n</table>\n{LEGEND}{sections}</main>\n</body>\n</html>\n",
        percent = total.percent(),
        taken = total.taken,
        all = total.total,
    )
}

/// What the signs of the pictures mean, also for those who do not see colours.
const LEGEND: &str = "<p class=\"legend\"><span class=\"taken\">solid, with a number: taken so often</span> \
     <span class=\"never\">dotted, with ✗: never taken</span></p>\n";

fn contents_row((index, definition): (usize, &DefinitionCoverage)) -> String {
    let cells: String = Category::ALL.iter().map(|category| cell(definition.share_of(*category))).collect();
    let share = definition.share();
    format!(
        "<tr><th scope=\"row\"><a href=\"#definition-{index}\">{}</a></th>{cells}<td class=\"{}\">{}</td></tr>\n",
        escape(&definition.title),
        class_of(share),
        share.percent()
    )
}

fn cell(share: Share) -> String {
    if share.total == 0 {
        return "<td class=\"none\">–</td>".to_owned();
    }
    let sign = if share.taken < share.total { " ✗" } else { "" };
    format!("<td class=\"{}\">{}/{}{sign}</td>", class_of(share), share.taken, share.total)
}

const fn class_of(share: Share) -> &'static str {
    if share.taken < share.total { "never" } else { "taken" }
}

fn section((index, definition): (usize, &DefinitionCoverage)) -> String {
    let machines: Vec<_> = definition.machines.iter().map(|machine| escape(machine)).collect();
    let run_as = if machines.is_empty() { String::new() } else { format!(" as {}", machines.join(", ")) };
    let executions = match definition.executions {
        0 => "No test has run it.".to_owned(),
        1 => format!("1 execution{run_as}."),
        n => format!("{n} executions{run_as}."),
    };
    format!(
        "<section id=\"definition-{index}\">\n<h2>{} <small>{}</small></h2>\n<p>{executions}</p>\n{}{}{}</section>\n",
        escape(&definition.title),
        definition.share().percent(),
        gaps(definition),
        picture(definition),
        points(definition)
    )
}

fn gaps(definition: &DefinitionCoverage) -> String {
    if definition.executions == 0 {
        return String::new();
    }
    let never =
        definition.gaps().into_iter().map(|gap| format!("<li class=\"never\">✗ {}</li>\n", quoted(&gap)));
    let unseen = definition.unseen_errors().into_iter().map(|error| format!("<li>{}</li>\n", quoted(&error)));
    let items: String = never.chain(unseen).collect();
    if items.is_empty() {
        return "<p class=\"taken\">All of it was taken.</p>\n".to_owned();
    }
    format!("<h3>Never taken</h3>\n<ul class=\"gaps\">\n{items}</ul>\n")
}

/// What stands in backticks is code.
fn quoted(sentence: &str) -> String {
    let parts = sentence.split('`').enumerate();
    parts
        .map(|(index, part)| match index % 2 {
            0 => escape(part),
            _ => format!("<code>{}</code>", escape(part)),
        })
        .collect()
}

fn picture(definition: &DefinitionCoverage) -> String {
    match Graph::of_text(&definition.text) {
        Ok(graph) => {
            let layout = Layout::of(&graph);
            format!(
                "<div class=\"graph\" tabindex=\"0\">\n{}\n</div>\n",
                svg(&layout, &Taken::new(&graph, definition))
            )
        }
        Err(why) => format!("<p>{}</p>\n", escape(&why.to_string())),
    }
}

fn points(definition: &DefinitionCoverage) -> String {
    let of_execution: String =
        definition.points.iter().filter(|point| point.state.is_none()).map(point_row).collect();
    let of_states: String = definition.states.iter().map(|state| state_rows(definition, state)).collect();
    format!(
        "<details>\n<summary>Every state with its numbers</summary>\n<table class=\"points\">\n\
         <thead><tr><th scope=\"col\">what</th><th scope=\"col\">taken</th><th scope=\"col\">tests</th></tr></thead>\n\
         <tbody>\n{of_execution}{of_states}</tbody>\n</table>\n</details>\n"
    )
}

fn state_rows(definition: &DefinitionCoverage, state: &StateSummary) -> String {
    let tests: Vec<_> = state.tests.iter().map(|test| escape(test)).collect();
    let failed = match state.failed {
        0 => String::new(),
        1 => ", failed once".to_owned(),
        n => format!(", failed {n} times"),
    };
    let own = format!(
        "<tr class=\"state\"><th scope=\"row\">{} <small>{}</small></th>{}<td>{}</td></tr>\n",
        escape(&state.name),
        state.state_type,
        hits(state.entered, &failed),
        tests.join("<br>")
    );
    let points = definition
        .points
        .iter()
        .filter(|point| point.state.as_ref() == Some(&state.name) && point.category() != Category::States);
    own + &points.map(point_row).collect::<String>()
}

fn point_row(point: &Point) -> String {
    let label = point.label();
    let label = match &point.state {
        Some(state) => label.strip_prefix(&format!("{state}: ")).unwrap_or(&label),
        None => "TimeoutSeconds of the definition",
    };
    format!("<tr><td class=\"way\">{}</td>{}<td></td></tr>\n", escape(label), hits(point.hits, ""))
}

fn hits(hits: u64, more: &str) -> String {
    match hits {
        0 => format!("<td class=\"never\">✗ never{more}</td>"),
        n => format!("<td class=\"taken\">{n}×{more}</td>"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::coverage::fixture::{partly, unrun, whole};

    #[test]
    fn a_page_says_what_the_table_says() {
        let page = page(&[partly(), whole(), unrun()]);
        for part in [
            "<title>Coverage of state machines: 41.1 %</title>",
            "<strong>41.1 %</strong> 7 of 17 taken",
            "<th scope=\"row\"><a href=\"#definition-0\">orders</a></th><td class=\"never\">3/5 ✗</td>",
            "<td class=\"taken\">1/1</td><td class=\"none\">–</td>",
            "<p>1 execution as orders.</p>",
            "<li class=\"never\">✗ <code>Refuse</code> is never entered</li>",
            "<li><code>Pay</code>: Retry[0] never sees B</li>",
            "<p class=\"taken\">All of it was taken.</p>",
            "<p>No test has run it.</p>",
            "<td class=\"way\">TimeoutSeconds of the definition</td><td class=\"never\">✗ never</td>",
            "<tr class=\"state\"><th scope=\"row\">Pay <small>Task</small></th><td class=\"taken\">1×</td><td>it::pays</td></tr>",
            "<td class=\"way\">Retry[0] (A, B)</td><td class=\"taken\">2×</td>",
        ] {
            assert!(page.contains(part), "no `{part}` in\n{page}");
        }
        assert_eq!(page.matches("<svg ").count(), 3);
    }

    #[test]
    fn nothing_of_a_name_is_markup() {
        let mut definition = whole();
        definition.title = "<script>".to_owned();
        definition.machines = ["a&b".to_owned()].into();
        let page = page(&[definition]);
        assert!(!page.contains("<script"), "{page}");
        assert!(page.contains("executions as a&amp;b."), "{page}");
        assert_eq!(quoted("`<a>` & b"), "<code>&lt;a&gt;</code> &amp; b");
    }
}
