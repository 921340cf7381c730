if vim.b.did_ftplugin then
  return
end
vim.b.did_ftplugin = 1

-- `##` is a doc comment; both go on in the next line.
vim.bo.commentstring = "# %s"
vim.bo.comments = ":##,:#"
vim.opt_local.formatoptions:remove("t")
vim.opt_local.formatoptions:append("croql")

-- `-` is part of a name: `service.immich-pg`.
vim.opt_local.iskeyword:append("-")

vim.bo.expandtab = true
vim.bo.shiftwidth = 2
vim.bo.softtabstop = 2

vim.b.undo_ftplugin = "setlocal commentstring< comments< formatoptions< iskeyword< expandtab< shiftwidth< softtabstop<"
