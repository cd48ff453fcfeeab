package wirejson

import (
	"encoding/json"
	"fmt"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"dalil/corpus"
	"dalil/proto/value"
)

// wellKnown reads a message whose JSON form is protobuf's own.
func (d *decoder) wellKnown(m protoreflect.Message, path string, token json.Token) error {
	if m.Descriptor().FullName() == "google.protobuf.Value" {
		return d.plain(m, path, token)
	}
	read, err := d.any(token)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(read)
	if err != nil {
		return err
	}
	about := "is not valid"
	switch m.Descriptor().FullName() {
	case "google.protobuf.Timestamp":
		about = `must be a time of RFC 3339, such as "2024-05-01T12:30:00Z", or a date`
		if text, is := token.(string); is && len(text) == len("2024-05-01") {
			raw = []byte(`"` + text + `T00:00:00Z"`)
		}
	case "google.protobuf.Duration":
		about = `must be a duration in seconds, such as "1.5s"`
	}
	if err := protojson.Unmarshal(raw, m.Interface()); err != nil {
		return corpus.Invalid(path, about)
	}
	return nil
}

// any reads a whole value whose first token has been read.
func (d *decoder) any(token json.Token) (any, error) {
	switch token {
	case json.Delim('{'):
		object := map[string]any{}
		return object, d.members(token, "", func(name string) error {
			token, err := d.token()
			if err == nil {
				object[name], err = d.any(token)
			}
			return err
		})
	case json.Delim('['):
		if d.depth++; d.depth > maxDepth {
			return nil, tooDeep()
		}
		list := []any{}
		for d.json.More() {
			token, err := d.token()
			if err != nil {
				return nil, err
			}
			item, err := d.any(token)
			if err != nil {
				return nil, err
			}
			list = append(list, item)
		}
		d.depth--
		_, err := d.token()
		return list, err
	}
	return token, nil
}

// plain reads a metadata value.
func (d *decoder) plain(m protoreflect.Message, path string, token json.Token) error {
	var read any = token
	switch token {
	case json.Delim('{'):
		return corpus.Invalid(path, "must be a string, a number, a boolean or a list of strings, is an object")
	case json.Delim('['):
		items := []any{}
		for d.json.More() {
			token, err := d.token()
			if err != nil {
				return err
			}
			if _, nested := token.(json.Delim); nested {
				return corpus.Invalid(path, fmt.Sprintf("must be a list of strings; item %d is %s", len(items), kindOf(token)))
			}
			items = append(items, token)
		}
		if _, err := d.token(); err != nil {
			return err
		}
		read = items
	}
	v, problem := corpus.ParseValue(read)
	if problem != "" {
		return corpus.Invalid(path, problem)
	}
	proto.Merge(m.Interface(), value.To(v))
	return nil
}
