package markdown

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
	"go.yaml.in/yaml/v3"

	"dalil/corpus"
	"dalil/parser/format"
)

// maxFrontMatter bounds the front matter of a text, in bytes.
const maxFrontMatter = 64 << 10

// frontMatter takes the metadata from the top of a text: YAML between --- lines,
// TOML between +++ lines, or one JSON object. Only top-level keys count. What
// cannot be read stays in the text or is read line by line, with a warning. Groups that
// cannot be read are an error, also in what only looks like front matter.
func frontMatter(in *format.Input, source string) (corpus.Document, string, error) {
	d, body, err := readFrontMatter(in, source)
	if err == nil && len(body) == len(source) && seemsRestricted(source) {
		err = errNoFrontMatter
	}
	return d, body, err
}

func readFrontMatter(in *format.Input, source string) (corpus.Document, string, error) {
	var d corpus.Document
	first, _, _ := strings.Cut(source, "\n")
	var fields map[string]any
	var body string
	var err error
	switch strings.TrimRight(first, " \t") {
	case "---":
		block, rest, found := fencedBlock(source, "---", "...")
		if !found {
			return d, source, nil
		}
		body = rest
		if fields, err = yamlFields(block); err != nil {
			if errors.Is(err, errNoMapping) || !keysOnly(block) {
				return d, source, nil // two lines of dashes with text between them
			}
			in.Warn("the front matter is not valid YAML; it was read line by line")
			fields = lineFields(block)
		}
	case "+++":
		block, rest, found := fencedBlock(source, "+++", "")
		if !found {
			return d, source, nil
		}
		body = rest
		if _, err = toml.Decode(block, &fields); err != nil {
			if groupsLine.MatchString(block) {
				return d, source, errGroups
			}
			in.Warn("the front matter is not valid TOML; it was left out")
			fields = nil
		}
	default:
		if !strings.HasPrefix(source, "{") {
			return d, source, nil
		}
		decoder := json.NewDecoder(strings.NewReader(source[:min(len(source), maxFrontMatter)]))
		decoder.UseNumber()
		if decoder.Decode(&fields) != nil || fields == nil {
			return d, source, nil
		}
		body = source[decoder.InputOffset():]
		if !strings.HasPrefix(strings.TrimLeft(body, " \t"), "\n") || strings.TrimSpace(body) == "" {
			return d, source, nil // a text that begins with a brace
		}
	}
	return d, body, fill(in, &d, fields)
}

// fencedBlock returns the lines between the first line and an end line, and the text
// after them.
func fencedBlock(source, end, otherEnd string) (block, body string, found bool) {
	_, rest, _ := strings.Cut(source, "\n")
	if first, _, _ := strings.Cut(rest, "\n"); strings.TrimSpace(first) == "" {
		return "", "", false // a rule above a paragraph
	}
	for at := 0; at <= len(rest) && at < maxFrontMatter; {
		line, _, more := strings.Cut(rest[at:], "\n")
		if trimmed := strings.TrimRight(line, " \t"); trimmed == end || otherEnd != "" && trimmed == otherEnd {
			return rest[:at], strings.TrimPrefix(rest[at+len(line):], "\n"), true
		}
		if !more {
			break
		}
		at += len(line) + 1
	}
	return "", "", false
}

var errNoMapping = errors.New("is not a mapping")

// keysOnly reports whether every line at the margin is a key, an item of a list or
// a comment. A block with other lines holds text.
func keysOnly(block string) bool {
	for line := range strings.SplitSeq(block, "\n") {
		if line = strings.TrimRight(line, " \t\r"); line != "" && !strings.ContainsRune(" \t-#[]{}", rune(line[0])) && !strings.Contains(line, ":") {
			return false
		}
	}
	return true
}

// yamlFields reads the top-level keys of a mapping. Scalars keep how they are
// written, so that a date is not taken for another one.
func yamlFields(block string) (map[string]any, error) {
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(block), &root); err != nil {
		return nil, err
	}
	if len(root.Content) == 0 {
		return nil, nil
	}
	mapping := root.Content[0]
	if mapping.Kind != yaml.MappingNode {
		return nil, errNoMapping
	}
	fields, seen := map[string]any{}, map[string]bool{}
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		key := mapping.Content[i].Value
		if lower := strings.ToLower(key); !seen[lower] {
			seen[lower], fields[key] = true, yamlValue(mapping.Content[i+1], 0)
		}
	}
	return fields, nil
}

func yamlValue(n *yaml.Node, depth int) any {
	switch {
	case depth > 3:
		return nil
	case n.Kind == yaml.AliasNode:
		return yamlValue(n.Alias, depth+1)
	case n.Kind == yaml.ScalarNode && n.Tag != "!!null":
		w := written{text: n.Value}
		if n.Decode(&w.value) != nil || w.value == nil {
			w.value = n.Value
		}
		return w
	case n.Kind == yaml.SequenceNode:
		list, most := []any{}, len(n.Content)
		if slices.ContainsFunc(n.Content, func(item *yaml.Node) bool { return item.Kind != yaml.ScalarNode }) {
			most = min(most, format.MaxTags) // aliases could multiply
		}
		for _, item := range n.Content[:most] {
			list = append(list, yamlValue(item, depth+1))
		}
		return list
	case n.Kind == yaml.MappingNode:
		fields := map[string]any{}
		for i := 0; i+1 < len(n.Content) && (i < 64 || depth == 0); i += 2 {
			fields[n.Content[i].Value] = yamlValue(n.Content[i+1], depth+1)
		}
		return fields
	}
	return nil
}

// lineFields reads "key: value" lines at the margin.
func lineFields(block string) map[string]any {
	fields := map[string]any{}
	for line := range strings.SplitSeq(block, "\n") {
		key, value, found := strings.Cut(line, ":")
		if !found || key == "" || key != strings.TrimLeft(key, " \t-#") {
			continue
		}
		value = strings.TrimSpace(value)
		if len(value) > 1 && (value[0] == '"' || value[0] == '\'') && value[len(value)-1] == value[0] {
			value = value[1 : len(value)-1]
		}
		if strings.HasPrefix(value, "[") && strings.HasSuffix(value, "]") {
			value = value[1 : len(value)-1]
		}
		fields[strings.ToLower(strings.TrimSpace(key))] = value
	}
	return fields
}

// fill sets what front matter says, by the names that tools use.
func fill(in *format.Input, d *corpus.Document, fields map[string]any) (err error) {
	get := func(names ...string) any {
		for _, name := range names {
			for key, value := range fields {
				if strings.EqualFold(key, name) && value != nil {
					return value
				}
			}
		}
		return nil
	}
	d.Title = scalar(get("title"))
	d.Author = people(get("author", "authors"))
	d.Language = scalar(get("lang", "language", "locale"))
	d.URL = scalar(get("url", "canonical", "canonical_url"))
	d.Tags = list(get("tags", "keywords"))
	metadata(in, d, fields)
	life(in, d, get)
	if v := get("date", "published", "published_at", "pubdate", "publishdate"); v != nil {
		if t, dated := v.(time.Time); dated {
			d.PublishedAt = t.UTC()
		} else {
			d.PublishedAt = in.Date(scalar(v))
		}
	}
	for key, value := range fields {
		if strings.EqualFold(key, "groups") && value == nil {
			return errGroups
		}
	}
	d.Groups, err = groups(get("groups"))
	return err
}

// life sets when the document may be found, and its source version. What is not
// understood is left out, with a warning, as a wrong date of publication is.
func life(in *format.Input, d *corpus.Document, get func(...string) any) {
	for _, field := range []struct {
		name string
		to   *time.Time
	}{{"expires_at", &d.ExpiresAt}, {"visible_from", &d.VisibleFrom}} {
		switch v := get(field.name).(type) {
		case nil:
		case time.Time:
			*field.to = v.UTC()
		default:
			t, ok := format.ReadTime(scalar(v))
			if !ok {
				in.Warn("%s in the front matter is not a time of RFC 3339; it was left out", field.name)
			}
			*field.to = t
		}
	}
	if v := get("source_version"); v != nil {
		version, ok := format.ReadVersion(scalar(v))
		if !ok {
			in.Warn("source_version in the front matter is not a whole number of 0 or more; it was left out")
			return
		}
		d.SourceVersion = &version
	}
}

func scalar(v any) string {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v)
	case written:
		return strings.TrimSpace(v.text)
	case nil, map[string]any, []any:
		return ""
	}
	return fmt.Sprint(v)
}

// people are names in any of the shapes that are written.
func people(v any) string {
	if items, ok := v.([]any); ok {
		var all []string
		for _, item := range items {
			if s := people(item); s != "" {
				all = append(all, s)
			}
		}
		return strings.Join(all, ", ")
	}
	if fields, ok := v.(map[string]any); ok {
		return scalar(fields["name"])
	}
	return scalar(v)
}

// list is a list, or one string with commas.
func list(v any) []string {
	var all []string
	add := func(s string) {
		if s = strings.Trim(strings.TrimSpace(s), `"'`); s != "" && len(all) < format.MaxTags {
			all = append(all, s)
		}
	}
	if items, ok := v.([]any); ok {
		for _, item := range items {
			add(scalar(item))
		}
		return all
	}
	for tag := range strings.SplitSeq(scalar(v), ",") {
		add(tag)
	}
	return all
}
