//! The files of hosts and services: which lies where, and whose it is.

use super::Fleet;
use super::leaf::At;
use super::service::File;

/// A file that a host gets.
#[derive(Clone, Copy, Debug)]
pub struct HostFile<'f> {
    pub host: &'f str,
    /// Where it lies there.
    pub path: &'f str,
    pub file: &'f At<File>,
}

impl HostFile<'_> {
    /// Where it is below `hosts`, in the output.
    #[must_use]
    pub fn output(&self) -> String {
        format!("{}/files/{}", self.host, self.path.trim_start_matches('/'))
    }
}

impl Fleet {
    pub(super) fn find_files<'f>(
        &'f self,
        host: &str,
    ) -> impl Iterator<Item = HostFile<'f>> + use<'f> {
        self.model.host.get_key_value(host).into_iter().flat_map(|(host, of)| {
            let services = self.model.services_on(host).map(|(_, service)| &service.file);
            let files = std::iter::once(&of.file).chain(services).flatten();
            files.map(move |(path, file)| HostFile { host, path, file })
        })
    }
}
