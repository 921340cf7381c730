//! Tera templates: a text of human layout, filled in with data.

use std::error::Error as _;
use std::io::{self, Write};

use ::tera::{Context, Tera};

use super::tree::Tree;

/// More text than any configuration file has.
const LIMIT: usize = 16 * 1024 * 1024;

/// Fills in a template.
///
/// # Errors
/// What Tera says about it; where the place is known, its message has the line.
pub fn render(name: &str, template: &str, values: Option<&Tree>) -> Result<String, String> {
    let mut tera = Tera::new();
    // Nothing here is HTML.
    tera.autoescape_on(Vec::<String>::new());
    tera.add_raw_template(name, template).map_err(|error| error.to_string())?;
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
    use crate::fleet::leaf::OriginId;

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
    fn stops_at_the_limit() {
        let text = "{% for a in range(end=100000) %}{% for b in range(end=100000) %}x{% endfor %}{% endfor %}";
        assert!(render("x", text, None).unwrap_err().contains("16 MiB"));
    }
}
