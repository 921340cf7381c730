-- How Neovim starts the language server. A user's own `vim.lsp.config("qg", …)` is laid over this.
local command = vim.g.qg_command or "qgc"
if type(command) == "string" then
  command = { command }
end

---@type vim.lsp.Config
return {
  cmd = vim.list_extend(vim.deepcopy(command), { "lsp" }),
  filetypes = { "qg" },
  -- A file without a fleet around it works too. The standard library's files, where a definition
  -- leads, are looked at by the server that led there.
  root_dir = function(buffer, start)
    local root = vim.fs.root(buffer, "qg.toml")
    if not root and vim.api.nvim_buf_get_name(buffer):match("/std%-%x+/[^/]+%.qg$") then
      local before = vim.fn.bufnr("#")
      local clients = vim.lsp.get_clients({ name = "qg", bufnr = before > 0 and before or nil })
      local client = clients[1] or vim.lsp.get_clients({ name = "qg" })[1]
      root = client and client.root_dir
    end
    start(root)
  end,
}
