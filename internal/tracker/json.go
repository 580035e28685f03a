package tracker

import (
	"encoding/json"

	"pm/internal/plan"
)

func unmarshalChanged(b []byte, c *Changed) error {
	var many struct {
		Items *[]plan.Task `json:"items"`
		Beside
	}
	if err := json.Unmarshal(b, &many); err != nil {
		return err
	}
	c.Beside = many.Beside
	if many.Items != nil {
		c.Items = *many.Items
		return nil
	}
	c.Items = make([]plan.Task, 1)
	return json.Unmarshal(b, &c.Items[0])
}
