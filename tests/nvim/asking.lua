local s = require("sitting")

s.run(function()
  local links = s.open("services/links.qg")
  s.settle(links)

  -- Hover: type, comment, value, who said it.
  s.at("expose")
  local hover = s.ask("textDocument/hover").contents.value
  s.contains("hover", hover, "expose: Exposure = private")
  s.contains("hover", hover, "Who can reach it at all.")
  s.contains("hover", hover, "service.links.route.web.expose = lan")
  s.contains("hover", hover, "- said [services/links.qg:8]")
  vim.lsp.buf.hover()
  s.wait("a window opens", function()
    return #vim.api.nvim_list_wins() == 2
  end)
  vim.cmd("fclose!")

  -- The way to a definition, with Neovim's own key, in another file.
  s.at("[service.wiki]", #"[service.w")
  s.type("<C-]>")
  s.wait("the other file opens", function()
    return vim.api.nvim_buf_get_name(0):match("services/wiki.qg$") ~= nil
  end)
  s.equal("at the entity", vim.api.nvim_win_get_cursor(0), { 2, 8 })
  s.contains("at the entity", vim.api.nvim_get_current_line(), "service wiki")

  -- And into the standard library, which opens as a file and is not to be written.
  local wiki = vim.api.nvim_get_current_buf()
  s.wait("the server looks at it too", function()
    return #vim.lsp.get_clients({ bufnr = wiki, name = "qg" }) == 1
  end)
  s.at("expose")
  s.type("<C-]>")
  s.wait("the library opens", function()
    return vim.api.nvim_buf_get_name(0):match("/route.qg$") ~= nil
  end)
  s.contains("at the field", vim.api.nvim_get_current_line(), "expose: Exposure = private")
  s.equal("read only", vim.bo.readonly, true)
  s.see("the library has no findings", 0, {})
  s.wait("the same server looks at it", function()
    local clients = vim.lsp.get_clients({ name = "qg" })
    return #clients == 1 and clients[1].attached_buffers[vim.api.nvim_get_current_buf()]
  end)
  s.at("expose: Exposure", #"expose: ")
  s.contains("hover in the library", s.ask("textDocument/hover").contents.value, "enum Exposure")

  -- Completion, with Neovim's own key, behind letters of several bytes.
  vim.cmd.buffer(wiki)
  s.at("🦀", #"🦀" - 1)
  s.type("a ${service.<Esc>l")
  local names = vim.iter(s.ask("textDocument/completion")):map(function(it)
    return it.label
  end)
  s.equal("entities after their kind", names:totable(), { "links", "wiki" })
  s.equal("omnifunc", vim.bo.omnifunc, "v:lua.vim.lsp.omnifunc")
  s.type("u")
  s.see("undone", wiki, {})

  s.at("= lan", 2)
  vim.cmd("normal! D")
  vim.api.nvim_win_set_cursor(0, { 10, #vim.api.nvim_get_current_line() })
  local items = s.ask("textDocument/completion")
  s.equal("variants first", vim.list_slice(
    vim.iter(items):map(function(it)
      return it.label
    end):totable(),
    1,
    4
  ), { "public", "private", "lan", "internal" })
  s.type("u")

  -- A fix, applied as `gra` does.
  s.at("expose")
  s.type("cwexpoze<Esc>")
  s.wait("the finding", function()
    return #s.findings(wiki) == 1
  end, function()
    return s.findings(wiki)
  end)
  vim.lsp.buf.code_action({ apply = true })
  s.wait("the fix", function()
    return vim.api.nvim_buf_get_lines(0, 9, 10, false)[1] == "    expose = lan"
  end)
  s.see("mended", wiki, {})

  -- The outline.
  local outline = s.client():request_sync(
    "textDocument/documentSymbol",
    { textDocument = vim.lsp.util.make_text_document_params(wiki) },
    10000,
    wiki
  )
  s.equal("the outline", outline.result[1].name, "service wiki")
end)
