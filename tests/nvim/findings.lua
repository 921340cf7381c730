local s = require("sitting")

s.run(function()
  local wiki = s.open("services/wiki.qg")
  s.settle(wiki)
  s.see("a sound file has no findings", wiki, {})
  s.equal("columns", s.client().offset_encoding, "utf-8")

  -- A mistake in this file, and its mending.
  s.at("= lan", 2)
  s.type("ean<Esc>")
  s.see("a variant that does not exist", wiki, { "QG0201 10:14-18 ERROR" })
  s.type("x")
  s.see("mended", wiki, {})

  -- Behind letters of several bytes, in the same line.
  s.at("alle 🦀", #"alle 🦀" - 1)
  s.type("a${nothing}<Esc>")
  s.see("behind a crab", wiki, { "QG0201 3:38-45 ERROR" })
  s.type("u")
  s.see("undone", wiki, {})

  -- A mistake here whose effect shows in another file, which is open too but not touched.
  local links = s.open("services/links.qg")
  s.settle(links)
  s.see("a sound file has no findings", links, {})
  vim.cmd.buffer(wiki)
  s.at("service wiki", #"service ")
  s.type("cwbook<Esc>")
  s.wait("the other file shows it", function()
    return #s.findings(links) > 0
  end)
  s.wait("at the reference", function()
    return vim.iter(s.findings(links)):any(function(it)
      return it:match("^QG04%d%d 7:20%-24 ERROR$") ~= nil
    end)
  end, function()
    return s.findings(links)
  end)
  s.see("here all is well", wiki, {})
  s.type("u")
  s.see("mended there", links, {})
  s.see("mended here", wiki, {})

  -- Many keys, one after the other, with undo and redo: the server has the text that Neovim has.
  for _ = 1, 20 do
    s.at("ports.web = 8080")
    s.type("O# é🦀 ${<Esc>jddup==")
    s.type("uuu<C-r><C-r>uu")
  end
  s.settle(wiki)
  vim.cmd("edit! | %delete | silent! read services/wiki.qg | 1delete")
  s.see("the same text again", vim.api.nvim_get_current_buf(), {})

  -- It ends with Neovim.
  local client = s.client()
  client:stop()
  s.wait("the server ends", function()
    return client:is_stopped()
  end)
end)
