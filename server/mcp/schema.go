package mcp

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// description is what clients see of a tool, with the bounds of its numbers by the names of its arguments.
type description struct {
	name, title, text string
	numbers           map[string]bounds
}

// bounds are the range and the default of a number among a tool's arguments.
type bounds struct {
	least, most, byDefault float64
}

// tokenBounds are the bounds of max_tokens.
var tokenBounds = bounds{MinTokens, MaxTokens, DefaultTokens}

// add adds a tool that only reads. Wrong arguments are refused here, by sentences that name the argument, its limit and
// what was given, so that a model can correct its call.
func add[In, Out any](s *mcp.Server, d description, handle func(context.Context, In) (*mcp.CallToolResult, Out, error)) {
	input, output := schemaOf[In](d.name), schemaOf[Out](d.name)
	for name, b := range d.numbers {
		property := input.Properties[name]
		property.Minimum, property.Maximum = &b.least, &b.most
		property.Default, _ = json.Marshal(b.byDefault)
	}
	closed := false
	s.AddTool(&mcp.Tool{
		Name: d.name, Title: d.title, Description: d.text, InputSchema: input, OutputSchema: output,
		Annotations: &mcp.ToolAnnotations{Title: d.title, ReadOnlyHint: true, IdempotentHint: true, OpenWorldHint: &closed},
	}, func(ctx context.Context, request *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		ctx, cancel := context.WithTimeout(ctx, callTimeout)
		defer cancel()
		var in In
		if err := arguments(request.Params.Arguments, input, d.numbers, &in); err != nil {
			return refused(err), nil
		}
		result, out, err := handle(ctx, in)
		if err != nil {
			return refused(err), nil
		}
		data, err := encode(out)
		if err != nil {
			return nil, err
		}
		if result == nil {
			result = &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: string(data)}}}
		}
		result.StructuredContent = json.RawMessage(data)
		return result, nil
	})
}

// refused is the answer to a call that failed; the model reads why.
func refused(err error) *mcp.CallToolResult {
	var result mcp.CallToolResult
	result.SetError(err)
	return &result
}

// schemaOf returns the schema of a type of this package. A list is never null, and numbers have no bounds of their own.
func schemaOf[T any](tool string) *jsonschema.Schema {
	schema, err := jsonschema.For[T](nil)
	if err != nil {
		panic(fmt.Sprintf("schema of tool %s: %v", tool, err)) // the types of this package have schemas
	}
	return withoutNull(schema)
}

func withoutNull(s *jsonschema.Schema) *jsonschema.Schema {
	s.Minimum, s.Maximum = nil, nil // those of the Go type
	if len(s.Types) == 2 && s.Types[0] == "null" {
		s.Type, s.Types = s.Types[1], nil
	}
	for _, property := range slices.Collect(maps.Values(s.Properties)) {
		withoutNull(property)
	}
	if s.Items != nil {
		withoutNull(s.Items)
	}
	return s
}
