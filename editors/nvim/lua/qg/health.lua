-- `:checkhealth qg`
local M = {}

function M.check()
  local health = vim.health
  health.start("qg")

  if vim.fn.has("nvim-0.11") == 1 then
    health.ok("Neovim " .. tostring(vim.version()))
  else
    health.error("Neovim " .. tostring(vim.version()) .. " is too old", { "Neovim 0.11 or newer is needed" })
    return
  end

  local config = vim.lsp.config.qg
  local program = config and config.cmd and config.cmd[1]
  if not program then
    health.error("the language server is not configured", { "is the plugin's folder in 'runtimepath'?" })
    return
  end
  if vim.fn.executable(program) == 0 then
    health.error(("`%s` is not to be found"):format(program), {
      "install qgc, or say where it is: vim.g.qg_command = '/path/to/qgc'",
    })
    return
  end
  local answer = vim.system({ program, "--version" }, { text = true }):wait(5000)
  if answer.code == 0 then
    health.ok(("%s (%s)"):format(vim.trim(answer.stdout), vim.fn.exepath(program)))
  else
    health.error(("`%s --version` fails"):format(program), { vim.trim(answer.stderr or "") })
  end

  if vim.lsp.is_enabled and not vim.lsp.is_enabled("qg") then
    health.warn("the language server is switched off", { "vim.lsp.enable('qg')" })
    return
  end
  local clients = vim.lsp.get_clients({ name = "qg" })
  if #clients == 0 then
    health.info("no .qg file is open, so the language server does not run")
  end
  for _, client in ipairs(clients) do
    health.ok(
      ("the language server runs for %s, columns in %s"):format(
        client.root_dir or "single files",
        client.offset_encoding
      )
    )
  end
end

return M
