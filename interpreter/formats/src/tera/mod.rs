//! Tera templates: a text of human layout, filled in with data.

mod bounds;

use std::error::Error as _;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use ::tera::{Context, Error, Kwargs, State, Tera, TeraResult, Value};

use super::tree::Tree;

/// More text than any configuration file has.
const LIMIT: usize = 16 * 1024 * 1024;

/// More turns of loops than any configuration file needs.
const STEPS: u32 = 200_000;

/// What a variable or the result of a filter may hold: letters, or elements.
const SIZE: usize = 1024 * 1024;

/// Fills in a template.
///
/// # Errors
/// What Tera says about it; where the place is known, its message has the line.
pub fn render(name: &str, template: &str, values: Option<&Tree>) -> Result<String, String> {
    let mut tera = Tera::new();
    // Nothing here is HTML.
    tera.autoescape_on(Vec::<String>::new());
    limit(&mut tera);
    let template = bounds::bounded(template)?;
    tera.add_raw_template(name, &template).map_err(|error| error.to_string())?;
    let context = match values {
        Some(tree) => Context::from_serialize(tree).map_err(|error| error.to_string())?,
        None => Context::new(),
    };
    let mut out = Limited(Vec::new());
    tera.render_to(name, &context, &mut out).map_err(|error| match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    })?;
    String::from_utf8(out.0).map_err(|error| error.to_string())
}

/// Registers what counts and measures, and filters that do not grow without bound.
fn limit(tera: &mut Tera) {
    let steps = Arc::new(AtomicU32::new(0));
    tera.register_function(bounds::STEP, move |_: Kwargs, _: &State| -> TeraResult<&'static str> {
        if steps.fetch_add(1, Ordering::Relaxed) >= STEPS {
            return Err(Error::message(format!(
                "the loops of the template take more than {STEPS} turns"
            )));
        }
        Ok("")
    });
    tera.register_function(bounds::SIZE, |all: Kwargs, _: &State| -> TeraResult<&'static str> {
        let it = all.must_get::<Value>("it")?;
        let size = it.as_str().map(str::len).or_else(|| it.len()).unwrap_or(0);
        sized(size).map(|()| "")
    });
    tera.register_filter("replace", |text: &str, all: Kwargs, _: &State| -> TeraResult<String> {
        let (from, to) = (all.must_get::<&str>("from")?, all.must_get::<&str>("to")?);
        let count = text.matches(from).count();
        sized(count.saturating_mul(to.len()).saturating_add(text.len()))?;
        Ok(text.replace(from, to))
    });
    tera.register_filter(
        "join",
        |items: Vec<Value>, all: Kwargs, _: &State| -> TeraResult<String> {
            let between = all.get::<&str>("sep")?.unwrap_or("");
            let items: Vec<String> = items.iter().map(ToString::to_string).collect();
            let size: usize = items.iter().map(String::len).sum();
            sized(items.len().saturating_mul(between.len()).saturating_add(size))?;
            Ok(items.join(between))
        },
    );
}

fn sized(size: usize) -> TeraResult<()> {
    if size > SIZE {
        return Err(Error::message(format!("a value of the template is larger than {SIZE}")));
    }
    Ok(())
}

/// A buffer that refuses to grow beyond the limit.
struct Limited(Vec<u8>);

impl Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > LIMIT {
            return Err(io::Error::other("the template makes more than 16 MiB"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::tree::Entries;
    use super::*;
    use qg_provenance::leaf::OriginId;

    #[test]
    fn fills_in_without_escaping() {
        let mut entries = Entries::new();
        entries.put("name", Tree::text("<a & \"b\">", OriginId(1)));
        entries.put("ports", Tree::list(vec![Tree::int(1, OriginId(1))], OriginId(1)));
        let tree = entries.tree(OriginId(1));
        let text = "{{ name }} {% for p in ports %}:{{ p }}{% endfor %}\n";
        assert_eq!(render("x.html", text, Some(&tree)).unwrap(), "<a & \"b\"> :1\n");
    }

    #[test]
    fn says_where_it_is_wrong() {
        assert!(render("x", "a\n{{ nothing }}", None).unwrap_err().contains("x:2"));
        assert!(render("x", "{% if %}", None).is_err());
        assert!(render("x", "{% include \"x\" %}", None).is_err());
        assert!(render("x", "{{ name }}", Some(&Tree::int(1, OriginId(1)))).is_err());
    }

    #[test]
    fn stops_at_the_limits() {
        let long = "x".repeat(200);
        let text = format!("{{% for a in range(end=100000) %}}{long}{{% endfor %}}");
        assert!(render("x", &text, None).unwrap_err().contains("16 MiB"));
        let text = "{% for a in range(end=100000) %}{% for b in range(end=100000) %}{% endfor %}{% endfor %}";
        assert!(render("x", text, None).unwrap_err().contains("200000 turns"));
        let twice = "{% set x = x ~ x %}".repeat(60);
        let text = format!("{{% set x = 'abcdefgh' %}}{twice}");
        assert!(render("x", &text, None).unwrap_err().contains("larger than"));
        let text = format!("{{{{ 'aa'{} }}}}", " | replace(from='a', to='aa')".repeat(30));
        assert!(render("x", &text, None).unwrap_err().contains("larger than"));
        assert_eq!(render("x", "{{ [1, 2] | join(sep=', ') }}", None).unwrap(), "1, 2");
    }
}
