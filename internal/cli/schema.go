package cli

import (
	"fmt"
	"strings"

	"pm/internal/cli/term"
	"pm/internal/jsonschema"
	"pm/internal/ops"

	"github.com/spf13/cobra"
)

// A schemaAnswer describes one operation.
type schemaAnswer struct {
	Name    string             `json:"name"`
	Summary string             `json:"summary"`
	Effect  ops.Effect         `json:"effect"`
	Route   string             `json:"route"`
	Input   *jsonschema.Schema `json:"input,omitempty"`
	Answer  *jsonschema.Schema `json:"answer,omitempty"`
}

func (a *app) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use: "schema [OPERATION]", Short: "Show the input and output of an operation", GroupID: groupOther, Args: cobra.MaximumNArgs(2),
		Long: `Show the input and output of an operation: the fields, their types and what they
mean. Without OPERATION, list all operations. With --json the output is JSON Schema,
valid for the command line, HTTP and MCP. It does not open a database.`,
		Example: "  pm schema\n  pm schema task create --json",
		RunE: func(cmd *cobra.Command, args []string) error {
			name := strings.Join(args, " ")
			if name == "" {
				return a.listSchemas()
			}
			op, found := findOperation(name)
			if !found {
				return usageError("unknown operation %.40q", name).WithHint("to list the operations: pm schema")
			}
			return a.printSchema(op)
		},
	}
}

// findOperation takes an operation's name, or its verb at the root.
func findOperation(name string) (ops.Op, bool) {
	for _, op := range ops.Table() {
		if op.Name == name || op.Daily == name || op.Alias != "" && op.Alias == name {
			return op, true
		}
	}
	return ops.Op{}, false
}

func (a *app) listSchemas() error {
	all := []schemaAnswer{}
	for _, op := range ops.Table() {
		all = append(all, schemaAnswer{Name: op.Name, Summary: op.Summary, Effect: op.Effect, Route: op.Route})
	}
	if a.forProgram() {
		return a.print(all)
	}
	for _, s := range all {
		if _, err := fmt.Fprintf(a.stdout, "%s\t%s\t%s\n", s.Name, s.Effect, s.Summary); err != nil {
			return err
		}
	}
	return nil
}

// forProgram reports whether the answer is to be JSON, or a part of it.
func (a *app) forProgram() bool {
	return a.flags.json || a.flags.jq != "" || len(a.flags.fields) > 0
}

func (a *app) printSchema(op ops.Op) error {
	in, out := ops.InputSchema(op), ops.AnswerSchema(op, "#/$defs/")
	if a.forProgram() {
		out.Defs = ops.Definitions("#/$defs/")
		return a.print(schemaAnswer{op.Name, op.Summary, op.Effect, op.Route, in, out})
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n\ntakes\n", op.Name, op.Summary)
	for _, p := range ops.Params(op.NewInput()) {
		need := "optional"
		if p.Required {
			need = "required"
		}
		fmt.Fprintf(&b, "%s\t%s\t%s\t%s\n", p.Name, ops.TypeName(in.Properties[p.Name]), need, p.Help)
	}
	b.WriteString("\nanswers\n")
	describe(&b, out, "")
	_, err := a.stdout.Write([]byte(term.CleanText(b.String())))
	return err
}

// describe writes the fields of a schema, and those of the lists in it.
func describe(b *strings.Builder, s *jsonschema.Schema, prefix string) {
	if s.Ref != "" || len(s.AnyOf) > 0 {
		fmt.Fprintf(b, "%s\t%s\n", strings.TrimSuffix(prefix, "."), ops.TypeName(s))
		return
	}
	for _, name := range s.PropertyOrder {
		p := s.Properties[name]
		fmt.Fprintf(b, "%s%s\t%s\n", prefix, name, ops.TypeName(p))
	}
}
