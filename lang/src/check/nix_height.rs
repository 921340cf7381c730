//! How high the tree of a Nix text would be, told from its tokens: the real parser calls itself once
//! for each `[`, `!` or `a.b or`, and what it makes is as high as it is long (`f a b c`, `a + b + c`).
//!
//! Where in doubt, more is counted than there is: only a bracket's own other half closes it.

use rnix::{SyntaxKind, TextRange, TextSize, tokenize};

/// Brackets, operators and arguments that lead from a Nix text to its innermost part. Nix's own files
/// have a few dozen.
const MAX_HEIGHT: usize = 400;

/// The place at which a Nix text becomes too high; none where it does not.
pub(super) fn too_high(text: &str) -> Option<TextRange> {
    let mut groups = vec![Group::new(None, 0)];
    let mut offset = 0;
    let mut before = None;
    for (kind, part) in tokenize(text) {
        let start = offset;
        offset += part.len();
        if kind.is_trivia() {
            continue;
        }
        // An old form, `let { … }`, which no `in` ends.
        if kind == SyntaxKind::TOKEN_L_BRACE && before == Some(SyntaxKind::TOKEN_LET) {
            close(&mut groups);
        }
        let group = groups.last_mut()?;
        if group.closer == Some(kind) {
            close(&mut groups);
        } else {
            group.step(kind, before);
            if let Some(closer) = closer(kind) {
                let around = group.around + group.steps + 1;
                groups.push(Group::new(Some(closer), around));
            }
        }
        before = Some(kind);
        let height = groups.last().map_or(0, |it| it.around + it.steps + it.height);
        if height > MAX_HEIGHT {
            let size = |at: usize| TextSize::try_from(at).unwrap_or_default();
            return Some(TextRange::new(size(start), size(offset)));
        }
    }
    None
}

/// Ends the innermost group.
fn close(groups: &mut Vec<Group>) {
    let Some(mut done) = groups.pop() else { return };
    done.end();
    if let Some(parent) = groups.last_mut() {
        parent.height = parent.height.max(done.highest);
    }
}

fn closer(kind: SyntaxKind) -> Option<SyntaxKind> {
    [
        (SyntaxKind::TOKEN_L_PAREN, SyntaxKind::TOKEN_R_PAREN),
        (SyntaxKind::TOKEN_L_BRACE, SyntaxKind::TOKEN_R_BRACE),
        (SyntaxKind::TOKEN_L_BRACK, SyntaxKind::TOKEN_R_BRACK),
        (SyntaxKind::TOKEN_INTERPOL_START, SyntaxKind::TOKEN_INTERPOL_END),
        (SyntaxKind::TOKEN_LET, SyntaxKind::TOKEN_IN),
    ]
    .into_iter()
    .find(|(open, _)| *open == kind)
    .map(|(_, closer)| closer)
}

/// What stands between two brackets.
struct Group {
    closer: Option<SyntaxKind>,
    /// What leads to it.
    around: usize,
    /// Whether blanks separate elements here.
    list: bool,
    /// Names behind `inherit` stand side by side.
    inherits: bool,
    /// So many `;` belong to `with` or `assert`, and what follows lies inside.
    scopes: usize,
    /// Tokens in the part that is being read, and the highest bracket in it.
    steps: usize,
    height: usize,
    /// The highest part until now.
    highest: usize,
}

impl Group {
    fn new(closer: Option<SyntaxKind>, around: usize) -> Group {
        let list = closer == Some(SyntaxKind::TOKEN_R_BRACK);
        Group { closer, around, list, inherits: false, scopes: 0, steps: 0, height: 0, highest: 0 }
    }

    fn end(&mut self) {
        self.highest = self.highest.max(self.steps + self.height);
        self.steps = 0;
        self.height = 0;
    }

    /// A token that closes nothing.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "rnix has some hundred kinds, of which few nest without brackets"
    )]
    fn step(&mut self, kind: SyntaxKind, before: Option<SyntaxKind>) {
        let leads = |kind| matches!(kind, SyntaxKind::TOKEN_DOT | SyntaxKind::TOKEN_OR);
        match kind {
            SyntaxKind::TOKEN_SEMICOLON if self.scopes > 0 => self.scopes -= 1,
            SyntaxKind::TOKEN_SEMICOLON | SyntaxKind::TOKEN_COMMA => {
                self.end();
                self.inherits = false;
                return;
            }
            SyntaxKind::TOKEN_INHERIT => self.inherits = true,
            SyntaxKind::TOKEN_WITH | SyntaxKind::TOKEN_ASSERT => self.scopes += 1,
            // A function in a list takes up all that follows.
            SyntaxKind::TOKEN_COLON => self.list = false,
            _ => {}
        }
        if self.list && !leads(kind) && !before.is_some_and(leads) {
            self.end();
        }
        // The holes of a string stand side by side, and what is open counts for what is inside.
        let counts = !matches!(
            kind,
            SyntaxKind::TOKEN_STRING_CONTENT
                | SyntaxKind::TOKEN_STRING_END
                | SyntaxKind::TOKEN_INTERPOL_START
        );
        if counts && !self.inherits {
            self.steps += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::too_high;

    #[test]
    fn what_stands_side_by_side_is_not_high() {
        for flat in [
            format!("[ {} ]", "pkgs.hello (f x) ".repeat(5_000)),
            format!("{{ {} }}", "a.b = f x y; inherit (pkgs) git jq; ".repeat(5_000)),
            format!("let {} in a", "a = with pkgs; [ git ]; ".repeat(5_000)),
            format!("{{ {} ... }}: a", "a, b ? 1, ".repeat(5_000)),
            format!("{{ inherit {}; }}", "a ".repeat(5_000)),
            format!("''{}''", "${a.b} x\n".repeat(5_000)),
            "(".repeat(199) + &")".repeat(199),
            "f ".repeat(400),
            "a + b ".repeat(130),
        ] {
            assert_eq!(too_high(&flat), None, "{}", flat.chars().take(60).collect::<String>());
        }
    }

    #[test]
    fn what_nests_is_high() {
        for part in [
            "[",
            "(",
            "{ a = ",
            "!",
            "-",
            "a.b or ",
            "a ",
            "a: ",
            "{ a }: ",
            "with a; ",
            "assert a; ",
            "let in ",
            "let a = ",
            "let { a = ",
            "if a then b else ",
            "a + ",
            "a ++ ",
            "a // ",
            "a -> ",
            "a.",
            "a ? b ? ",
            "\"${",
            "''${",
            "[ a: ",
            "[) ",
            "(] ",
            "{ a = [; ",
            "a: x ",
            "with [",
        ] {
            let text = part.repeat(1_000);
            assert!(too_high(&text).is_some(), "{part}");
        }
        let at = too_high(&"[".repeat(1_000)).map(|at| usize::from(at.start()));
        assert_eq!(at, Some(200));
    }
}
