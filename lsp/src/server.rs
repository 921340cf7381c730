//! What the client asks, and what it is answered. Handlers run side by side: each one here reads the
//! state before its first `await`, so that everything counts in the order in which it came.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;
use std::{io, thread};

use qg_lang::source::SourceFile;
use tokio::sync::Notify;
use tokio::sync::mpsc::channel;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::lsp_types::*;
use tower_lsp::{LanguageServer, LspService};

use crate::convert::{Encoding, said_path};
use crate::features::{actions, completion, goto, hover, symbols};
use crate::fleets::Turn;
use crate::library::Library;
use crate::outbox::{self, Outbox};
use crate::snapshot::Snapshot;
use crate::state::Shared;
use crate::{Ended, STACK, Settings, builder, exit, wire};

/// How long what was said may take to be written, once the client said `exit`.
const GRACE: Duration = Duration::from_secs(1);

/// A sound request that cannot be answered (LSP 3.17, `LSPErrorCodes.RequestFailed`).
const REQUEST_FAILED: i64 = -32803;

struct Backend {
    shared: Arc<Shared>,
    version: String,
    /// The client's process is gone.
    gone: Arc<Notify>,
}

pub(crate) async fn run(settings: Settings) -> io::Result<Ended> {
    let Settings { projects, cache, version } = settings;
    let (outbox, messages) = Outbox::new();
    let shared = Arc::new(Shared::new(projects, Library::new(cache.as_deref()), outbox));
    let building = Arc::clone(&shared);
    let thread = |name: &str| thread::Builder::new().name(name.to_owned()).stack_size(STACK);
    thread("builder").spawn(move || builder::run(&building))?;
    thread("writer").spawn(move || outbox::deliver(messages, io::stdout()))?;
    // One at a time: what is read is large, and what is not read waits in the pipe.
    let (sender, incoming) = channel(1);
    thread("reader").spawn(move || wire::read(io::stdin(), &sender))?;

    let gone = Arc::new(Notify::new());
    let backend = Backend { shared: Arc::clone(&shared), version, gone: Arc::clone(&gone) };
    let (service, _socket) = LspService::new(|_| backend);
    let asked = AtomicBool::new(false);
    tokio::select! {
        () = wire::serve(service, incoming, &shared, &asked) => {
            let _ = tokio::time::timeout(GRACE, shared.outbox.written()).await;
        }
        () = gone.notified() => {}
    }
    shared.end();
    Ok(if asked.into_inner() { Ended::Asked } else { Ended::Left })
}

impl Backend {
    /// Answers a request about a file from a build that holds all changes before it, off the async
    /// thread. None where the file belongs to no fleet.
    async fn ask<T: Send + 'static>(
        &self,
        url: &Url,
        answer: impl FnOnce(&Snapshot, &SourceFile) -> T + Send + 'static,
    ) -> Result<Option<T>> {
        let ticket = self.shared.ticket(url);
        let turn = self.shared.build(&ticket).await.map_err(|_| late())?;
        let asked = tokio::task::spawn_blocking(move || {
            let Turn { snapshot, name, .. } = &turn?;
            let source = Arc::clone(snapshot.file(name)?);
            Some(guarded(|| answer(snapshot, &source)))
        });
        asked.await.map_err(|_| panicked())?.transpose()
    }
}

/// The answer, or an error where finding it panicked: the server lives on.
fn guarded<T>(answer: impl FnOnce() -> T) -> Result<T> {
    catch_unwind(AssertUnwindSafe(answer)).map_err(|_| panicked())
}

pub(crate) fn panicked() -> Error {
    Error {
        code: ErrorCode::InternalError,
        message: "the language server panicked on this request; please report it".into(),
        data: None,
    }
}

fn late() -> Error {
    Error {
        code: ErrorCode::ServerError(REQUEST_FAILED),
        message: "the fleet was not built in time".into(),
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
        if let Some(process) = params.process_id {
            let gone = Arc::clone(&self.gone);
            tokio::spawn(async move {
                exit::gone(process).await;
                gone.notify_one();
            });
        }
        let named = params.workspace_folders.iter().flatten().map(|folder| &folder.uri);
        #[allow(deprecated)] // What older clients say instead.
        let root = params.root_uri.as_ref();
        let folders: Vec<PathBuf> = named.chain(root).filter_map(said_path).collect();
        let workspace = params.capabilities.workspace.as_ref();
        let watching = workspace.and_then(|it| it.did_change_watched_files.as_ref());
        let watches = watching.and_then(|it| it.dynamic_registration).unwrap_or(false);
        self.shared.greet(encoding, folders, watches);
        Ok(InitializeResult {
            capabilities: capabilities(encoding),
            server_info: Some(ServerInfo {
                name: "qgc".to_owned(),
                version: Some(self.version.clone()),
            }),
        })
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
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
