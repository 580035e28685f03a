package httpapi

import "pm/internal/jsonschema"

// A Document describes the API, in OpenAPI 3.1.
type Document struct {
	OpenAPI    string                          `json:"openapi"`
	Info       Info                            `json:"info"`
	Servers    []Place                         `json:"servers"`
	Tags       []Tag                           `json:"tags"`
	Paths      map[string]map[string]Operation `json:"paths"`
	Components Components                      `json:"components"`
	Security   []map[string][]string           `json:"security"`
}

// Info says what the API is and under which terms it may be used.
type Info struct {
	Title       string  `json:"title"`
	Version     string  `json:"version"`
	Description string  `json:"description"`
	Contact     Contact `json:"contact"`
	License     License `json:"license"`
}

// A License is one of the SPDX list, and a Contact those who answer for the API.
type (
	License struct {
		Name string `json:"name"`
		ID   string `json:"identifier"`
	}
	Contact struct {
		Name string `json:"name"`
	}
)

// A Place is a server that answers, and a Tag groups operations.
type (
	Place struct {
		URL         string `json:"url"`
		Description string `json:"description"`
	}
	Tag struct {
		Name string `json:"name"`
	}
)

// Components are what operations share, by name.
type Components struct {
	Schemas    map[string]*jsonschema.Schema `json:"schemas"`
	Parameters map[string]Parameter          `json:"parameters"`
	Headers    map[string]Header             `json:"headers"`
	Responses  map[string]Response           `json:"responses"`
	Security   map[string]map[string]string  `json:"securitySchemes"`
}

// A Header is one of an answer.
type Header struct {
	Ref         string             `json:"$ref,omitempty"`
	Description string             `json:"description,omitempty"`
	Schema      *jsonschema.Schema `json:"schema,omitempty"`
}

// An Operation is one method of one path.
type Operation struct {
	ID          string              `json:"operationId"`
	Tags        []string            `json:"tags"`
	Summary     string              `json:"summary"`
	Description string              `json:"description,omitempty"`
	Parameters  []Parameter         `json:"parameters,omitempty"`
	Body        *Body               `json:"requestBody,omitempty"`
	Responses   map[string]Response `json:"responses"`
}

// A Parameter is one in the path, in the query or in a header.
type Parameter struct {
	Ref         string             `json:"$ref,omitempty"`
	Name        string             `json:"name,omitempty"`
	In          string             `json:"in,omitempty"`
	Description string             `json:"description,omitempty"`
	Required    bool               `json:"required,omitempty"`
	Style       string             `json:"style,omitempty"`
	Explode     *bool              `json:"explode,omitempty"`
	Schema      *jsonschema.Schema `json:"schema,omitempty"`
}

// A Body and a Response hold values of a media type.
type (
	Body struct {
		Required bool             `json:"required"`
		Content  map[string]Media `json:"content"`
	}
	Response struct {
		Ref         string            `json:"$ref,omitempty"`
		Description string            `json:"description,omitempty"`
		Headers     map[string]Header `json:"headers,omitempty"`
		Content     map[string]Media  `json:"content,omitempty"`
	}
	Media struct {
		Schema *jsonschema.Schema `json:"schema"`
	}
)
