package main

import (
	"os"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
)

const path = "../../proto/openapi/openapi.json"

// Two validators that are independent of each other accept the document.
func TestTheDocumentIsValid(t *testing.T) {
	t.Run("kin-openapi", func(t *testing.T) {
		d, err := openapi3.NewLoader().LoadFromFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Validate(t.Context()); err != nil {
			t.Error(err)
		}
		if d.Paths.Len() < 20 {
			t.Errorf("%d paths", d.Paths.Len())
		}
	})
	t.Run("libopenapi", func(t *testing.T) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		d, err := libopenapi.NewDocument(data)
		if err != nil {
			t.Fatal(err)
		}
		v, errs := validator.NewValidator(d)
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		if ok, problems := v.ValidateDocument(); !ok {
			for _, p := range problems {
				t.Errorf("%s: %s", p.Message, p.Reason)
				for _, e := range p.SchemaValidationErrors {
					t.Errorf("%s: %s", e.FieldPath, e.Reason)
				}
			}
		}
	})
}
