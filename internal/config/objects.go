package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// Parameters are fields of a provider's request, as canonical JSON, or "" if there
// are none. In a file they are a section. In a variable or flag they are a JSON
// object, or name=value pairs separated by commas. A null leaves a field out of the
// request.
type Parameters string

// Headers are sent to a provider with every call. They are canonical JSON, or "" if
// there are none. Their values are never shown.
type Headers string

// Map returns the fields by name, or nil if there are none.
func (p Parameters) Map() map[string]any {
	var m map[string]any
	if p != "" {
		_ = json.Unmarshal([]byte(p), &m) // typed has made it
	}
	return m
}

// String returns a JSON object, which is also valid YAML.
func (p Parameters) String() string {
	if p == "" {
		return "{}"
	}
	return string(p)
}

// Map returns the values by name, or nil if there are none.
func (h Headers) Map() map[string]string {
	var m map[string]string
	if h != "" {
		_ = json.Unmarshal([]byte(h), &m) // typed has made it
	}
	return m
}

// String returns a JSON object with the values hidden.
func (h Headers) String() string {
	m := h.Map()
	for name := range m {
		m[name] = hidden
	}
	if len(m) == 0 {
		return "{}"
	}
	text, _ := json.Marshal(m) // strings always marshal
	return string(text)
}

// MarshalText returns the JSON object with the values hidden, so that no encoder prints them.
func (h Headers) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// isObject reports whether a setting is an object, which a file writes as a section.
func isObject(like any) bool {
	switch like.(type) {
	case Parameters, Headers, TenantQuotas:
		return true
	}
	return false
}

// ownReserved are the fields that contain the texts. They cannot be set.
var ownReserved = []string{"input", "inputs", "texts"}

// ownHeaders are the headers that the HTTP client sets itself.
var ownHeaders = []string{"host", "content-length", "content-type", "transfer-encoding", "connection"}

func typedObject(given, like any) (any, error) {
	m, err := object(given)
	if err != nil {
		return nil, err
	}
	for name, value := range m {
		switch like.(type) {
		case TenantQuotas:
			if err := checkQuota(name, value); err != nil {
				return nil, err
			}
		case Parameters:
			if slices.Contains(ownReserved, name) {
				return nil, fmt.Errorf("%s contains the texts of the request and cannot be set", name)
			}
		case Headers:
			text := fmt.Sprint(value)
			switch {
			case !httpguts.ValidHeaderFieldName(name) || slices.Contains(ownHeaders, strings.ToLower(name)):
				return nil, fmt.Errorf("header %q is set by the HTTP client and cannot be changed", name)
			case text == hidden:
				return nil, fmt.Errorf("%q is printed by \"dalil config\" in place of the value of %s; write the value itself", hidden, name)
			case value == nil || !httpguts.ValidHeaderFieldValue(text):
				return nil, fmt.Errorf("the value of header %s must be one line of printable text", name)
			}
			m[name] = text
		}
	}
	if len(m) == 0 {
		return "", nil
	}
	canonical, err := json.Marshal(m) // sorts the names
	return string(canonical), err
}

// object reads a section, a JSON object, or name=value pairs separated by commas.
func object(given any) (map[string]any, error) {
	if section, ok := given.(map[string]any); ok {
		return section, nil
	}
	text := strings.TrimSpace(fmt.Sprint(given))
	m := map[string]any{}
	if strings.HasPrefix(text, "{") {
		if err := json.Unmarshal([]byte(text), &m); err != nil {
			return nil, fmt.Errorf("must be a JSON object: %w", err)
		}
		return m, nil
	}
	for pair := range strings.SplitSeq(text, ",") {
		if strings.TrimSpace(pair) == "" {
			continue
		}
		name, value, ok := strings.Cut(pair, "=")
		if !ok {
			return nil, errors.New("must be a JSON object, or name=value pairs separated by commas")
		}
		var read any
		if json.Unmarshal([]byte(value), &read) != nil {
			read = value
		}
		m[strings.TrimSpace(name)] = read
	}
	return m, nil
}
