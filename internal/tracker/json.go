package tracker

import (
	"bytes"
	"encoding/json"

	"pm/internal/plan"
)

// marshal is json.Marshal without the escapes that only HTML needs.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

func unmarshalChanged(b []byte, c *Changed) error {
	var many struct {
		Items        *[]plan.Task `json:"items"`
		NextCommands []string     `json:"next_commands"`
	}
	if err := json.Unmarshal(b, &many); err != nil {
		return err
	}
	c.NextCommands = many.NextCommands
	if many.Items != nil {
		c.Items = *many.Items
		return nil
	}
	c.Items = make([]plan.Task, 1)
	return json.Unmarshal(b, &c.Items[0])
}
