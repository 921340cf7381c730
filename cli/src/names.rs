//! How files of a fleet are called from the current folder.

use std::collections::BTreeMap;

use qg_lang::source::library_of;

/// What stands before the paths of a fleet, so that they are right from the current folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Before the fleet's own: nothing, `fleet/`, `../`.
    pub prefix: String,
    /// Before those of each library.
    pub libraries: BTreeMap<String, String>,
}

impl Names {
    /// How to call a file. A file of the standard library, and a question, stay as they are.
    #[must_use]
    pub fn of(&self, path: &str) -> String {
        let library = library_of(path);
        if let Some((library, folder)) = library.and_then(|it| self.libraries.get_key_value(it)) {
            return path.replacen(&format!("<{library}>/"), folder, 1);
        }
        match path.starts_with('<') {
            true => path.to_owned(),
            false => format!("{}{path}", self.prefix),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn files_are_called_by_where_they_lie() {
        let libraries = [("house".to_owned(), "../house/".to_owned())].into();
        let names = Names { prefix: "fleet/".to_owned(), libraries };
        assert_eq!(names.of("services/a.qg"), "fleet/services/a.qg");
        assert_eq!(names.of("<house>/net.qg"), "../house/net.qg");
        assert_eq!(names.of("<std>/route.qg"), "<std>/route.qg");
        assert_eq!(names.of("<question>"), "<question>");
    }
}
