-- How Neovim starts the language server. A user's own `vim.lsp.config("qg", …)` is laid over this.
local command = vim.g.qg_command or "qgc"
if type(command) == "string" then
  command = { command }
end

---@type vim.lsp.Config
return {
  cmd = vim.list_extend(vim.deepcopy(command), { "lsp" }),
  filetypes = { "qg" },
  -- A file without a fleet around it works too.
  root_markers = { "qg.toml" },
}
