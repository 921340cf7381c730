//! What the client says, and what it is answered. The only async file.
//!
//! tower-lsp runs handlers side by side: each one here changes or reads the state before its first
//! `await`, so that everything counts in the order in which it came.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use qg_lang::source::SourceFile;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::lsp_types::*;
use tower_lsp::{Client, LanguageServer, LspService, Server};

use crate::convert::Encoding;
use crate::exit::{Farewell, Watched};
use crate::features::{actions, completion, goto, hover, symbols};
use crate::library::Library;
use crate::outbox::{self, Outbox};
use crate::snapshot::Snapshot;
use crate::state::Shared;
use crate::{Ended, Settings, builder};

/// Requests that may wait at once; behind them others queue.
const CONCURRENT: usize = 256;

/// How long answers that are on their way get, once the client said `exit`.
const GRACE: Duration = Duration::from_millis(50);

/// How long the client may take to answer a question of the server.
const ANSWER: Duration = Duration::from_secs(10);

struct Backend {
    client: Client,
    shared: Arc<Shared>,
    farewell: Farewell,
    version: String,
    /// What is known about the client once it said so.
    folders: std::sync::Mutex<Vec<PathBuf>>,
    watches: std::sync::atomic::AtomicBool,
}

pub(crate) async fn run(settings: Settings) -> io::Result<Ended> {
    let Settings { projects, cache, version } = settings;
    let (outbox, messages) = Outbox::new();
    let shared = Arc::new(Shared::new(projects, Library::new(cache.as_deref()), outbox));
    let building = Arc::clone(&shared);
    thread::Builder::new().name("builder".to_owned()).spawn(move || builder::run(&building))?;

    let farewell = Farewell::default();
    let (service, socket) = LspService::new(|client| {
        tokio::spawn(outbox::deliver(messages, client.clone()));
        Backend {
            client,
            shared: Arc::clone(&shared),
            farewell: farewell.clone(),
            version,
            folders: std::sync::Mutex::default(),
            watches: std::sync::atomic::AtomicBool::new(false),
        }
    });
    let service = Watched { inner: service, farewell: farewell.clone() };
    let served = Server::new(tokio::io::stdin(), tokio::io::stdout(), socket)
        .concurrency_level(CONCURRENT)
        .serve(service);
    tokio::select! {
        () = served => {}
        () = async { farewell.exit().await; tokio::time::sleep(GRACE).await } => {}
    }
    shared.end();
    Ok(if farewell.is_asked() { Ended::Asked } else { Ended::Left })
}

impl Backend {
    /// Answers a request about a file from a build that holds all changes before it, off the async
    /// thread. None where the file belongs to no fleet.
    async fn ask<T: Send + 'static>(
        &self,
        url: &Url,
        answer: impl FnOnce(&Snapshot, &SourceFile) -> T + Send + 'static,
    ) -> Result<Option<T>> {
        let Some(ticket) = self.shared.ticket(url) else { return Ok(None) };
        let shared = Arc::clone(&self.shared);
        let asked = tokio::task::spawn_blocking(move || {
            let snapshot = shared.wait(&ticket)?;
            let source = Arc::clone(snapshot.file(&ticket.name)?);
            Some(guarded(|| answer(&snapshot, &source)))
        });
        asked.await.map_err(|_| panicked())?.transpose()
    }

    /// Asks to be told about files that change on disk. The client's answer is not waited for here.
    fn watch(&self) {
        let client = self.client.clone();
        tokio::spawn(async move {
            let watchers = ["**/*.qg", "**/qg.toml", "**/qg.options"]
                .map(|glob| FileSystemWatcher {
                    glob_pattern: GlobPattern::String(glob.to_owned()),
                    kind: None,
                })
                .to_vec();
            let options = DidChangeWatchedFilesRegistrationOptions { watchers };
            let registration = Registration {
                id: "files".to_owned(),
                method: "workspace/didChangeWatchedFiles".to_owned(),
                register_options: serde_json::to_value(options).ok(),
            };
            let asked = client.register_capability(vec![registration]);
            // A client that cannot is no worse off: saving a file has the disk read again too.
            let _ = tokio::time::timeout(ANSWER, asked).await;
        });
    }
}

/// The answer, or an error where finding it panicked: the server lives on.
fn guarded<T>(answer: impl FnOnce() -> T) -> Result<T> {
    catch_unwind(AssertUnwindSafe(answer)).map_err(|_| panicked())
}

fn panicked() -> Error {
    Error {
        code: ErrorCode::InternalError,
        message: "the language server panicked on this request; please report it".into(),
        data: None,
    }
}

fn capabilities(encoding: Encoding) -> ServerCapabilities {
    ServerCapabilities {
        position_encoding: Some(encoding.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            save: Some(TextDocumentSyncSaveOptions::SaveOptions(SaveOptions {
                include_text: Some(false),
            })),
            ..TextDocumentSyncOptions::default()
        })),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        definition_provider: Some(OneOf::Left(true)),
        document_symbol_provider: Some(OneOf::Left(true)),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some(vec![".".to_owned()]),
            ..CompletionOptions::default()
        }),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QUICKFIX]),
            ..CodeActionOptions::default()
        })),
        ..ServerCapabilities::default()
    }
}

#[tower_lsp::async_trait]
impl LanguageServer for Backend {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let encoding = Encoding::negotiate(&params.capabilities);
        self.shared.lock().encoding = encoding;
        if let Some(process) = params.process_id {
            self.farewell.follow(process);
        }
        let named = params.workspace_folders.iter().flatten().map(|folder| &folder.uri);
        #[allow(deprecated)] // What older clients say instead.
        let root = params.root_uri.as_ref();
        let folders: Vec<PathBuf> =
            named.chain(root).filter_map(|url| url.to_file_path().ok()).collect();
        *self.folders.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = folders;
        let workspace = params.capabilities.workspace.as_ref();
        let watching = workspace.and_then(|it| it.did_change_watched_files.as_ref());
        let watches = watching.and_then(|it| it.dynamic_registration).unwrap_or(false);
        self.watches.store(watches, std::sync::atomic::Ordering::SeqCst);
        Ok(InitializeResult {
            capabilities: capabilities(encoding),
            server_info: Some(ServerInfo {
                name: "qgc".to_owned(),
                version: Some(self.version.clone()),
            }),
        })
    }

    async fn initialized(&self, _: InitializedParams) {
        let folders =
            self.folders.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        self.shared.start(folders);
        if self.watches.load(std::sync::atomic::Ordering::SeqCst) {
            self.watch();
        }
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        let document = params.text_document;
        self.shared.open(document.uri, document.text, document.version);
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        let document = params.text_document;
        self.shared.change(&document.uri, document.version, params.content_changes);
    }

    async fn did_save(&self, _: DidSaveTextDocumentParams) {
        self.shared.refresh();
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        self.shared.close(&params.text_document.uri);
    }

    async fn did_change_watched_files(&self, _: DidChangeWatchedFilesParams) {
        self.shared.refresh();
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let TextDocumentPositionParams { text_document, position } =
            params.text_document_position_params;
        let asked = self.ask(&text_document.uri, move |snapshot, source| {
            hover::hover(snapshot, source, position)
        });
        asked.await.map(Option::flatten)
    }

    async fn goto_definition(
        &self,
        params: GotoDefinitionParams,
    ) -> Result<Option<GotoDefinitionResponse>> {
        let TextDocumentPositionParams { text_document, position } =
            params.text_document_position_params;
        let asked = self.ask(&text_document.uri, move |snapshot, source| {
            goto::definition(snapshot, source, position)
        });
        asked.await.map(Option::flatten)
    }

    async fn document_symbol(
        &self,
        params: DocumentSymbolParams,
    ) -> Result<Option<DocumentSymbolResponse>> {
        let asked = self.ask(&params.text_document.uri, symbols::symbols);
        asked.await.map(Option::flatten)
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        let TextDocumentPositionParams { text_document, position } = params.text_document_position;
        let asked = self.ask(&text_document.uri, move |snapshot, source| {
            completion::completion(snapshot, source, position)
        });
        Ok(asked.await?.map(CompletionResponse::Array))
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        let range = params.range;
        let asked = self.ask(&params.text_document.uri, move |snapshot, source| {
            actions::actions(snapshot, source, range)
        });
        asked.await
    }
}

#[cfg(test)]
mod tests {
    use super::{ErrorCode, guarded};

    #[test]
    fn a_panic_is_an_error_answer() {
        let answer = guarded(|| -> u32 { panic!("on purpose") });
        assert_eq!(answer.map_err(|error| error.code), Err(ErrorCode::InternalError));
        assert_eq!(guarded(|| 1), Ok(1));
    }
}
