package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// goTexts returns the texts of a Go file. Literals that are joined with +
// are one text.
func goTexts(path string) ([]text, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	f := finder{files: files, kinds: map[ast.Expr]kind{}}
	ast.Walk(&f, file)
	return f.found, nil
}

// A finder walks over a file. A node tells what the texts below it are before
// they are met.
type finder struct {
	files *token.FileSet
	kinds map[ast.Expr]kind
	found []text
}

func (f *finder) Visit(n ast.Node) ast.Visitor {
	switch n := n.(type) {
	case *ast.ImportSpec:
		return nil
	case *ast.Field:
		f.tag(n.Tag)
	case *ast.CallExpr:
		if k := kindOfCall(n.Fun); k != "" {
			for _, arg := range n.Args {
				f.kinds[arg] = k
			}
		}
	case *ast.KeyValueExpr:
		if name, ok := n.Key.(*ast.Ident); ok {
			switch name.Name {
			case "Message":
				f.kinds[n.Value] = failure
			case "Hint":
				f.kinds[n.Value] = hint
			}
		}
	case *ast.BinaryExpr:
		if words, whole := joined(n); whole {
			f.add(n.Pos(), f.kinds[n], words)
			return nil
		}
		f.kinds[n.X], f.kinds[n.Y] = f.kinds[n], f.kinds[n]
	case *ast.BasicLit:
		if words, whole := joined(n); whole {
			f.add(n.Pos(), f.kinds[n], words)
		}
	}
	return f
}

// tag takes in what the tag of a field of a struct says to people.
func (f *finder) tag(lit *ast.BasicLit) {
	if lit == nil {
		return
	}
	value, err := strconv.Unquote(lit.Value)
	if err != nil {
		return
	}
	for _, name := range []string{"jsonschema"} {
		if words, ok := reflect.StructTag(value).Lookup(name); ok {
			f.found = append(f.found, text{Line: f.files.Position(lit.Pos()).Line, Kind: help, Words: words})
		}
	}
}

// add takes in words that are a text.
func (f *finder) add(pos token.Pos, k kind, words string) {
	if k == "" {
		k = word
	}
	if !reads(words) {
		return
	}
	f.found = append(f.found, text{Line: f.files.Position(pos).Line, Kind: k, Words: words})
}

// joined returns the text of literals that are joined with +, and false if
// anything else is among them.
func joined(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return joined(e.X)
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return "", false
		}
		words, err := strconv.Unquote(e.Value)
		return words, err == nil
	case *ast.BinaryExpr:
		x, whole := joined(e.X)
		if !whole || e.Op != token.ADD {
			return "", false
		}
		y, whole := joined(e.Y)
		return x + y, whole
	}
	return "", false
}

// kindOfCall says what the texts are that a function is given, by its name.
func kindOfCall(fun ast.Expr) kind {
	name := ""
	switch fun := fun.(type) {
	case *ast.SelectorExpr:
		name = fun.Sel.Name
	case *ast.Ident:
		name = fun.Name
	}
	switch {
	case name == "WithHint", strings.HasSuffix(name, "Hint"), strings.HasPrefix(name, "hint"):
		return hint
	case name == "Errorf", strings.HasSuffix(name, "rrorf"), name == "usage", name == "invalid", name == "refuse", name == "refused", name == "damaged", name == "usagef":
		return failure
	}
	return ""
}

var sentence = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`[A-Za-z][a-z']*[,:;]? +[(\x60"'<]?[A-Za-z%0-9]`)
})

var statement = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^[\s(,]*(select|insert|update \w+ set|update %s|delete from|create (temp |unique |virtual )*(table|index|trigger|view|schema)|` +
		`alter|drop|with( recursive)? \w+|pragma|from|where|and |or |order by|values|returning|on conflict|begin|set |left join|join |exists|not exists|` +
		`case when|union|coalesce|lock |group by|limit |for |reindex|vacuum|analyze)\b.*`)
})

// reads reports whether words are read by somebody: they are two words at
// least, and no statement of SQL.
func reads(words string) bool {
	return sentence().MatchString(words) && !statement().MatchString(words)
}
