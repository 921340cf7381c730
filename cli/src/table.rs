//! Answers as people read them: several records as a table, anything else as one would write it.

use std::fmt::Write;

use qg_interpreter::Build;
use qg_interpreter::describe::FULL;
use qg_interpreter::query::{Answer, TableRow};
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use crate::report::harmless;

/// A cell that is wider is cut where the table has to fit a terminal.
const CELL: usize = 48;

/// An answer for people; `width` is that of the terminal, where it goes to one.
#[must_use]
pub fn shown(build: &Build, answer: &Answer, width: Option<usize>) -> String {
    match &answer.rows {
        Some(rows) => table(rows, width),
        None => format!("{}\n", harmless(&build.spell(&answer.val, FULL))),
    }
}

/// The rows below their fields' names. Of entities those fields are left out that no row says
/// anything with; where it is too wide for the terminal, the last ones, which are then named below.
#[must_use]
pub fn table(rows: &[TableRow], width: Option<usize>) -> String {
    let mut columns = columns(rows);
    let mut hidden = Vec::new();
    if let Some(width) = width {
        for column in &mut columns {
            column.cut();
        }
        while columns.len() > 1 && line_width(&columns) > width {
            hidden.extend(columns.pop().map(|column| column.name));
        }
    }
    let mut text = String::new();
    for line in 0..=rows.len() {
        let cells = columns.iter().map(|column| column.cell(line));
        let line = cells.collect::<Vec<_>>().join("  ");
        // A string does not fail.
        let _ = writeln!(text, "{}", line.trim_end());
    }
    if !hidden.is_empty() {
        hidden.reverse();
        let _ = writeln!(text, "… also {}", hidden.join(", "));
    }
    text
}

struct Column {
    name: String,
    cells: Vec<String>,
    width: usize,
    /// Numbers stand below one another by their last digit.
    right: bool,
}

impl Column {
    fn new(name: String, cells: Vec<String>, right: bool) -> Column {
        let width = cells.iter().map(|cell| cell.width()).max().unwrap_or(0).max(name.width());
        Column { name, cells, width, right }
    }

    fn cut(&mut self) {
        for cell in self.cells.iter_mut().filter(|cell| cell.width() > CELL) {
            let mut short = String::new();
            for character in cell.chars() {
                if short.width() + 2 > CELL {
                    break;
                }
                short.push(character);
            }
            *cell = format!("{short}…");
        }
        let name = std::mem::take(&mut self.name);
        *self = Column::new(name, std::mem::take(&mut self.cells), self.right);
    }

    /// The name, or a row's cell, as wide as the column.
    fn cell(&self, line: usize) -> String {
        let text = match line.checked_sub(1) {
            None => self.name.as_str(),
            Some(row) => self.cells.get(row).map_or("", String::as_str),
        };
        let blanks = " ".repeat(self.width.saturating_sub(text.width()));
        if self.right { format!("{blanks}{text}") } else { format!("{text}{blanks}") }
    }
}

fn line_width(columns: &[Column]) -> usize {
    columns.iter().map(|column| column.width + 2).sum::<usize>().saturating_sub(2)
}

fn columns(rows: &[TableRow]) -> Vec<Column> {
    let mut names: Vec<&str> = Vec::new();
    for row in rows {
        for name in row.fields.keys() {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
    }
    let named = rows.iter().any(|row| row.name.is_some());
    let mut columns = Vec::new();
    if named {
        let cells = rows.iter().map(|row| harmless(row.name.as_deref().unwrap_or(""))).collect();
        columns.push(Column::new("name".to_owned(), cells, false));
    }
    for name in names {
        let values: Vec<&Value> = rows.iter().filter_map(|row| row.fields.get(name)).collect();
        if named && values.iter().all(|value| says_little(value)) {
            continue;
        }
        let cells = rows.iter().map(|row| row.fields.get(name).map_or_else(String::new, cell));
        let right = values.iter().all(|value| value.is_number());
        columns.push(Column::new(harmless(name), cells.collect(), right));
    }
    columns
}

/// Whether a field of an entity is empty, or a whole part of it with fields of its own.
fn says_little(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(_) | Value::Number(_) => false,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.iter().all(says_little),
        Value::Object(fields) => fields.len() != 1 || fields.values().all(Value::is_object),
    }
}

fn cell(value: &Value) -> String {
    let text = match value {
        Value::Array(items) => items.iter().map(inner).collect::<Vec<_>>().join(", "),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            inner(value)
        }
    };
    // A row is one line.
    harmless(&text).replace('\n', "⏎").replace('\t', " ")
}

fn inner(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(it) => it.to_string(),
        Value::Number(it) => it.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            format!("[{}]", items.iter().map(inner).collect::<Vec<_>>().join(", "))
        }
        Value::Object(fields) if fields.is_empty() => "{}".to_owned(),
        Value::Object(fields) => {
            let fields: Vec<String> =
                fields.iter().map(|(name, value)| format!("{name} = {}", inner(value))).collect();
            format!("{{ {} }}", fields.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{TableRow, table};
    use serde_json::{Value, json};

    fn rows(list: &Value) -> Vec<TableRow> {
        let rows = list.as_array().expect("a list").iter();
        rows.map(|it| {
            let mut fields = it.as_object().expect("records").clone();
            let name = fields.shift_remove("#").and_then(|it| it.as_str().map(str::to_owned));
            TableRow { name, fields }
        })
        .collect()
    }

    #[test]
    fn columns_stand_below_one_another() {
        let list = json!([
            { "a": "äö", "n": 8, "list": ["x", 1] },
            { "a": "日本", "n": 1234, "more": { "b": true } },
        ]);
        assert_eq!(
            table(&rows(&list), None),
            "a        n  list  more\näö       8  x, 1\n日本  1234        { b = true }\n"
        );
    }

    #[test]
    fn of_entities_what_says_something() {
        let list = json!([
            { "#": "service.a", "about": "A", "empty": "", "none": null, "body": { "x": 1, "y": 2 } },
            { "#": "service.b", "about": "two\nlines\u{1b}[2J", "empty": "", "body": {} },
        ]);
        assert_eq!(
            table(&rows(&list), None),
            "name       about\nservice.a  A\nservice.b  two⏎lines\\u{1b}[2J\n"
        );
    }

    #[test]
    fn fits_the_terminal() {
        let list = json!([{ "a": "x".repeat(60), "b": "y".repeat(30), "c": 1 }]);
        let shown = table(&rows(&list), Some(60));
        assert_eq!(shown.lines().nth(1).map(|it| it.chars().count()), Some(48), "{shown}");
        assert!(shown.ends_with("… also b, c\n"), "{shown}");
        assert!(!table(&rows(&list), None).contains('…'));
    }
}
