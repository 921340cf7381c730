-- What the sittings share: opening files, typing, waiting for what should be seen.
local M = {}

local PATIENCE = 30000

--- Waits until something holds, or fails with what was seen instead.
function M.wait(what, holds, seen)
  if not vim.wait(PATIENCE, holds, 20) then
    error(what .. (seen and (": " .. vim.inspect(seen())) or ""), 2)
  end
end

function M.equal(what, found, wanted)
  if not vim.deep_equal(found, wanted) then
    error(("%s: %s instead of %s"):format(what, vim.inspect(found), vim.inspect(wanted)), 2)
  end
end

function M.contains(what, text, part)
  if not text:find(part, 1, true) then
    error(("%s: %q is missing in:\n%s"):format(what, part, text), 2)
  end
end

--- Opens a file and waits for the language server.
function M.open(file)
  vim.cmd.edit(file)
  local buffer = vim.api.nvim_get_current_buf()
  M.wait("the language server starts for " .. file, function()
    local clients = vim.lsp.get_clients({ bufnr = buffer, name = "qg" })
    return #clients == 1 and clients[1].initialized
  end)
  return buffer
end

function M.client()
  return vim.lsp.get_clients({ name = "qg" })[1]
end

--- `code line:column-column severity` of each finding, lines and columns from 1, columns in bytes.
function M.findings(buffer)
  local found = {}
  for _, it in ipairs(vim.diagnostic.get(buffer)) do
    table.insert(
      found,
      ("%s %d:%d-%d %s"):format(it.code, it.lnum + 1, it.col + 1, it.end_col + 1, vim.diagnostic.severity[it.severity])
    )
  end
  table.sort(found)
  return found
end

--- Waits until exactly these findings are seen.
function M.see(what, buffer, wanted)
  local seen = function()
    return M.findings(buffer)
  end
  M.wait(what, function()
    return vim.deep_equal(seen(), wanted)
  end, seen)
end

--- Waits for an answer to what the server was told, so that "no findings" means none, not none yet.
function M.settle(buffer)
  local answer = M.client():request_sync(
    "textDocument/documentSymbol",
    { textDocument = vim.lsp.util.make_text_document_params(buffer) },
    PATIENCE,
    buffer == 0 and vim.api.nvim_get_current_buf() or buffer
  )
  assert(answer and not answer.err, "the server answers")
  vim.wait(100)
end

--- Puts the cursor on the first place of a text in the buffer, so many bytes into it.
function M.at(text, into)
  for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    local start = line:find(text, 1, true)
    if start then
      vim.api.nvim_win_set_cursor(0, { number, start - 1 + (into or 0) })
      return
    end
  end
  error("no such text: " .. text, 2)
end

--- Types keys, as a user does.
function M.type(keys)
  vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes(keys, true, false, true), "tx", false)
end

--- Asks the server about the cursor's place.
function M.ask(method)
  local params = vim.lsp.util.make_position_params(0, M.client().offset_encoding)
  -- Neovim tells what was typed before it asks, but only for a buffer that is named.
  local answer = M.client():request_sync(method, params, PATIENCE, vim.api.nvim_get_current_buf())
  assert(answer and not answer.err, vim.inspect(answer))
  return answer.result
end

--- Runs a sitting and ends Neovim with its verdict.
function M.run(sitting)
  -- `-l` runs before plugins are loaded.
  vim.cmd("filetype plugin indent on | syntax on | runtime! plugin/**/*.lua")
  local fine, why = xpcall(sitting, debug.traceback)
  if not fine then
    io.stderr:write(why .. "\n")
  end
  vim.cmd(fine and "qall!" or "cquit! 1")
end

return M
