local s = require("sitting")

s.run(function()
  s.open("services/wiki.qg")
  vim.cmd("checkhealth qg")
  local text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n")
  s.contains("health", text, "OK Neovim 0.11")
  s.contains("health", text, "OK qgc 0.")
  s.contains("health", text, "the language server runs for")
  for _, bad in ipairs({ "ERROR", "WARNING" }) do
    if text:find(bad, 1, true) then
      error(text)
    end
  end
  -- A program that is not there is named.
  vim.lsp.config("qg", { cmd = { "/nowhere/qgc", "lsp" } })
  vim.cmd("checkhealth qg")
  text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n")
  s.contains("health", text, "`/nowhere/qgc` is not to be found")
end)
