// Command openapi is a plugin of protoc. It writes openapi.json, the OpenAPI 3.1 document of the calls that have a route
// of HTTP. The JSON form of messages is that of docs/json.md. Addresses that are not calls come from doors.json, examples
// from examples.json.
package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"

	"google.golang.org/protobuf/compiler/protogen"
	"google.golang.org/protobuf/types/pluginpb"
)

var (
	//go:embed doors.json
	doors []byte
	//go:embed examples.json
	examples []byte
)

// object is an object of JSON.
type object = map[string]any

func main() {
	protogen.Options{}.Run(func(p *protogen.Plugin) error {
		p.SupportedFeatures = uint64(pluginpb.CodeGeneratorResponse_FEATURE_PROTO3_OPTIONAL)
		d := newDocument()
		if err := json.Unmarshal(examples, &d.examples); err != nil {
			return fmt.Errorf("examples.json: %w", err)
		}
		for _, file := range p.Files {
			if !file.Generate {
				continue
			}
			for _, service := range file.Services {
				d.service(service)
			}
		}
		var extra struct{ Paths, Schemas object }
		if err := json.Unmarshal(doors, &extra); err != nil {
			return fmt.Errorf("doors.json: %w", err)
		}
		for path, item := range extra.Paths {
			d.paths[path] = item
		}
		written, err := d.json(extra.Schemas)
		if err != nil {
			return err
		}
		_, err = p.NewGeneratedFile("openapi.json", "").Write(written)
		return err
	})
}

// json returns the whole document.
func (d *document) json(more object) ([]byte, error) {
	for name := range d.examples {
		if !d.used[name] {
			return nil, fmt.Errorf("examples.json: there is no operation %s", name)
		}
	}
	schemas := d.schemas()
	for name, schema := range more {
		schemas[name] = schema
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	err := e.Encode(object{
		"openapi": "3.1.0",
		"info": object{
			"title": "Dalil", "version": "v1",
			"summary":     "Semantic search in Arabic and English",
			"description": "Every call of dalil.v1 that is not a stream, as JSON over HTTP. docs/http.md describes headers, errors and limits.",
			"license":     object{"name": "See the file LICENSE", "identifier": "LicenseRef-Dalil"},
		},
		"servers":    []any{object{"url": "/", "description": "The server that this document comes from"}},
		"security":   []any{},
		"tags":       d.tags,
		"paths":      d.paths,
		"components": object{"schemas": schemas},
	})
	return out.Bytes(), err
}
