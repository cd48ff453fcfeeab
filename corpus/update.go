package corpus

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Update changes fields of a document that exists, and keeps its content.
type Update struct {
	Document Document // the id, and the new values of the fields that Paths name
	Paths    []string // see UpdatePaths; "metadata.KEY" is one key
	If       Condition
}

// MaxUpdatePaths is the largest number of paths of an update.
const MaxUpdatePaths = 256

// updateField is one field: whether it is set, and how it is copied.
type updateField struct {
	path  string
	isSet func(d *Document) bool
	copy  func(to, from *Document)
}

// updateFields are the fields that an update can name, in the order of the wire.
var updateFields = []updateField{
	{"url", func(d *Document) bool { return d.URL != "" }, func(to, from *Document) { to.URL = from.URL }},
	{"source", func(d *Document) bool { return d.Source != "" }, func(to, from *Document) { to.Source = from.Source }},
	{"language", func(d *Document) bool { return d.Language != "" }, func(to, from *Document) { to.Language = from.Language }},
	{"author", func(d *Document) bool { return d.Author != "" }, func(to, from *Document) { to.Author = from.Author }},
	{"tags", func(d *Document) bool { return len(d.Tags) > 0 }, func(to, from *Document) { to.Tags = slices.Clone(from.Tags) }},
	{"groups", func(d *Document) bool { return len(d.Groups) > 0 }, func(to, from *Document) { to.Groups = slices.Clone(from.Groups) }},
	{"published_at", func(d *Document) bool { return !d.PublishedAt.IsZero() }, func(to, from *Document) { to.PublishedAt = from.PublishedAt }},
	{"metadata", func(d *Document) bool { return len(d.Metadata) > 0 }, func(to, from *Document) { to.Metadata = maps.Clone(from.Metadata) }},
	{"source_version", func(d *Document) bool { return d.SourceVersion != nil }, func(to, from *Document) { to.SourceVersion = from.SourceVersion }},
	{"expires_at", func(d *Document) bool { return !d.ExpiresAt.IsZero() }, func(to, from *Document) { to.ExpiresAt = from.ExpiresAt }},
	{"visible_from", func(d *Document) bool { return !d.VisibleFrom.IsZero() }, func(to, from *Document) { to.VisibleFrom = from.VisibleFrom }},
}

// keptFields are the fields of a document that an update cannot change, with the reason.
var keptFields = map[string]string{
	"document_id": "names the document", "text": "is the content", "body": "is the content",
	"title": "is embedded with every passage", "root": "says where the document was read", "replace_root": "says where the document was read",
}

const metadataPath = "metadata."

// UpdatePaths returns the paths of the fields that are set in d and that an update can change.
func UpdatePaths(d *Document) []string {
	var paths []string
	for _, f := range updateFields {
		if f.isSet(d) {
			paths = append(paths, f.path)
		}
	}
	return paths
}

// PathViolations returns which of the paths an update cannot change. field is the name of the
// list for the caller.
func PathViolations(field string, paths []string) []Violation {
	if n := len(paths); n > MaxUpdatePaths {
		return []Violation{Outside(field, fmt.Sprintf("at most %d paths", MaxUpdatePaths), fmt.Sprint(n))}
	}
	var all []Violation
	for i, path := range paths {
		if problem := pathProblem(path); problem != "" {
			all = append(all, Violation{Field: fmt.Sprintf("%s.paths[%d]", field, i), Description: problem})
		}
	}
	return all
}

func pathProblem(path string) string {
	if key, is := strings.CutPrefix(path, metadataPath); is {
		return KeyProblem(key)
	}
	name, _, _ := strings.Cut(path, ".")
	if why, kept := keptFields[name]; kept {
		return fmt.Sprintf("%q cannot be updated, because it %s; write the whole document instead", path, why)
	}
	if !slices.ContainsFunc(updateFields, func(f updateField) bool { return f.path == path }) {
		return fmt.Sprintf("%q is not a field that can be updated; these can: %s, metadata.KEY", clip(path), strings.Join(updateNames(), ", "))
	}
	return ""
}

func updateNames() []string {
	names := make([]string, len(updateFields))
	for i, f := range updateFields {
		names[i] = f.path
	}
	return names
}

// Apply returns d with the new values. d is not changed. The paths must be valid.
func (u *Update) Apply(d Document) Document {
	to := d.Clone()
	for _, path := range u.Paths {
		if key, is := strings.CutPrefix(path, metadataPath); is {
			v, set := u.Document.Metadata[key]
			switch {
			case !set:
				delete(to.Metadata, key)
			case to.Metadata == nil:
				to.Metadata = map[string]Value{key: v}
			default:
				to.Metadata[key] = v
			}
			continue
		}
		for _, f := range updateFields {
			if f.path == path {
				f.copy(&to, &u.Document)
			}
		}
	}
	if len(to.Metadata) == 0 {
		to.Metadata = nil
	}
	return to
}
