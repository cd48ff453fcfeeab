// Package openapi has the OpenAPI 3.1 document of the API over HTTP, which is generated from the wire.
package openapi

import _ "embed"

//go:embed openapi.json
var document []byte

// Document returns the document. Callers must not change it.
func Document() []byte { return document }
