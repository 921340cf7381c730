//! Secrets.

use qg_formats::sops::SopsFormat;

pub use super::model::secret::*;

impl Secret {
    /// Whether it is a file of any bytes, of which no key and no text is taken.
    #[must_use]
    pub fn is_bytes(&self) -> bool {
        self.kind.value == SecretKind::Binary
    }

    /// Whether it is the whole of a file in this format, whatever its key. sops-nix knows nothing else of a file
    /// that is no tree (`decryptSecret` in `pkgs/sops-install-secrets/main.go`).
    #[must_use]
    pub fn whole(&self, format: SopsFormat) -> bool {
        match format {
            _ if self.is_bytes() => true,
            SopsFormat::Yaml | SopsFormat::Json => false,
            SopsFormat::Dotenv | SopsFormat::Ini => self.kind.value != SecretKind::Value,
            SopsFormat::Binary => true,
        }
    }
}
