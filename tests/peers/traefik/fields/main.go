// Command fields prints what each struct of Traefik's configuration holds, as JSON: the table that the compiler
// knows its keys by, interpreter/targets/src/traefik/fields.json. It reads the source of the version that go.mod
// names; types are spelled as they are there. Structs of one name in several packages are one row with the fields
// of all: the table only says which keys somebody knows.
package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
)

// The packages whose structs a file can hold; of two fields of one name the first package's counts.
var packages = []string{
	"pkg/config/static", "pkg/config/dynamic", "pkg/types", "pkg/observability/types", "pkg/tls", "pkg/ping", "pkg/plugins",
	"pkg/provider/acme", "pkg/tcp", "pkg/provider/file",
}

type table map[string]map[string]string

func main() {
	// Where nothing was built yet, nothing has been fetched.
	out, err := exec.Command("go", "mod", "download", "-json", "github.com/traefik/traefik/v3").Output()
	var module struct{ Dir, Version string }
	if err == nil {
		err = json.Unmarshal(out, &module)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	root, version := module.Dir, module.Version
	all := table{"$table": {
		"source":  "github.com/traefik/traefik: the structs of " + strings.Join(packages, ", "),
		"version": version,
		"licence": "MIT, Copyright (c) 2016-2020 Containous SAS; 2020-2025 Traefik Labs",
		"made-by": "tests/tables traefik",
	}}
	for _, name := range packages {
		if err := read(filepath.Join(root, name), all); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	text, _ := json.MarshalIndent(all, "", " ")
	fmt.Println(string(text))
}

// read puts the structs of a package into the table.
func read(folder string, all table) error {
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return err
	}
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(node ast.Node) bool {
			spec, ok := node.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if it, ok := spec.Type.(*ast.StructType); ok && spec.Name.IsExported() {
				fields := all[spec.Name.Name]
				if fields == nil {
					fields = map[string]string{}
				}
				for _, field := range it.Fields.List {
					put(set, field, fields)
				}
				if len(fields) > 0 {
					all[spec.Name.Name] = fields
				}
			}
			return false
		})
	}
	return nil
}

// put adds a field under the name that files have for it.
func put(set *token.FileSet, field *ast.Field, fields map[string]string) {
	if field.Tag == nil || len(field.Names) == 0 {
		return
	}
	tag := reflect.StructTag(strings.Trim(field.Tag.Value, "`"))
	name, _, _ := strings.Cut(tag.Get("yaml"), ",")
	if _, known := fields[name]; known || name == "" || name == "-" {
		return
	}
	var text strings.Builder
	_ = printer.Fprint(&text, set, field.Type)
	fields[name] = text.String()
}
