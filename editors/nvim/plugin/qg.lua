-- Switches the language server on, unless `vim.g.qg_lsp` says `false`.
if vim.g.loaded_qg or vim.fn.has("nvim-0.11") == 0 then
  return
end
vim.g.loaded_qg = true

if vim.g.qg_lsp ~= false then
  vim.lsp.enable("qg")
end
