vim.filetype.add({ extension = { qg = "qg" } })
