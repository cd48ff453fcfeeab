package gateway_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
)

// recorded are requests and answers in the shapes that a product documents.
type recorded struct {
	Address string
	Cases   []struct {
		Name    string
		Request json.RawMessage
		Status  int
		Shape   any      // of the answer: a value stands for its type, a list has one item that stands for all
		Found   []string // parts of the answer that tell documents; "-" before one that must not be there
	}
}

// Doors take the requests of products and give answers in their shapes.
func TestProducts(t *testing.T) {
	for _, store := range stores {
		t.Run(store, func(t *testing.T) {
			s := serveOn(t, store, nil)
			for _, d := range []string{
				`{"document_id":"old","title":"Old bridges","text":"The old bridge crosses the river near the mill.","author":"Ann","source":"desk","language":"en","tags":["water","old"],"published_at":"2001-02-03T10:00:00Z","metadata":{"kind":"note","year":1990,"at":"2001-02-03","code":"1990","open":true}}`,
				`{"document_id":"new","title":"New bridges","text":"The new bridge crosses the river near the port.","metadata":{"kind":"report","year":2020,"at":"2024-05-01","parts":["a","b"]}}`,
			} {
				if got := s.do(t, "POST", "/v1/documents", d); got.status != 200 {
					t.Fatalf("%d %s", got.status, got.body)
				}
			}
			for _, file := range []string{"dify.json", "openai.json"} {
				data, err := os.ReadFile("testdata/" + file)
				if err != nil {
					t.Fatal(err)
				}
				var product recorded
				if err := json.Unmarshal(data, &product); err != nil {
					t.Fatal(err)
				}
				for _, c := range product.Cases {
					got := s.do(t, "POST", product.Address, string(c.Request), "Authorization", "Bearer key")
					if got.status != c.Status {
						t.Errorf("%s, %s: %d, want %d; %s", file, c.Name, got.status, c.Status, got.body)
						continue
					}
					var answer any
					got.decode(t, &answer)
					if problem := differs(answer, c.Shape, ""); problem != "" {
						t.Errorf("%s, %s: %s\n%.500s", file, c.Name, problem, got.body)
					}
					for _, part := range c.Found {
						without, not := strings.CutPrefix(part, "-")
						if strings.Contains(got.body, without) == not {
							t.Errorf("%s, %s: %s\n%.800s", file, c.Name, part, got.body)
						}
					}
				}
			}
		})
	}
}

// differs says where a value has another type than the shape; "" if it has none.
func differs(value, shape any, path string) string {
	switch shape := shape.(type) {
	case map[string]any:
		object, ok := value.(map[string]any)
		if !ok {
			return path + " is no object"
		}
		for name, inner := range shape {
			member, ok := object[name]
			if !ok {
				return path + "." + name + " is missing"
			}
			if problem := differs(member, inner, path+"."+name); problem != "" {
				return problem
			}
		}
		for name := range object {
			if _, ok := shape[name]; !ok && len(shape) > 0 {
				return path + "." + name + " is not documented"
			}
		}
	case []any:
		list, ok := value.([]any)
		if !ok {
			return path + " is no list"
		}
		for _, item := range list {
			if problem := differs(item, shape[0], path+"[]"); problem != "" {
				return problem
			}
		}
	default:
		kinds := func(v any) int {
			return slices.Index([]bool{v == nil, isA[string](v), isA[float64](v), isA[bool](v)}, true)
		}
		if kinds(value) != kinds(shape) {
			return path + " has another type"
		}
	}
	return ""
}

func isA[T any](v any) bool { _, ok := v.(T); return ok }
