package markdown

import (
	"regexp"
	"strings"

	"dalil/corpus"
)

// groupsLine is a line of front matter that sets groups.
var groupsLine = regexp.MustCompile(`(?im)^["']?groups["']?[ \t]*[:=]`)

var errGroups = corpus.Invalid("groups", "in the front matter cannot be read; write a list of names, so that nobody else sees the document")

var errNoFrontMatter = corpus.Invalid("groups", "is in lines that look like front matter and are none: front matter begins in the first line and ends with a line ---; correct it, so that nobody else sees the document")

// seemsRestricted reports whether a text begins like front matter that sets groups, with
// blank lines before it or without its end.
func seemsRestricted(source string) bool {
	first, rest, _ := strings.Cut(strings.TrimLeft(source, "\ufeff \t\r\n"), "\n")
	if first = strings.TrimRight(first, " \t\r"); first != "---" && first != "+++" {
		return false
	}
	for line := range strings.SplitSeq(rest[:min(len(rest), maxFrontMatter)], "\n") {
		if strings.TrimSpace(line) == "" {
			return false
		}
		if groupsLine.MatchString(line) {
			return true
		}
	}
	return false
}

// groups returns the groups that may read the document. What is not understood is an
// error, because leaving it out would show the document to others.
func groups(v any) ([]string, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case map[string]any:
		return nil, errGroups
	case []any:
		if len(v) == 0 {
			return nil, errGroups
		}
		all := make([]string, len(v))
		for i, item := range v {
			if _, nested := item.([]any); nested {
				return nil, errGroups
			}
			if all[i] = scalar(item); all[i] == "" {
				return nil, errGroups
			}
		}
		return all, nil
	}
	var all []string
	for group := range strings.SplitSeq(scalar(v), ",") {
		if group = strings.Trim(strings.TrimSpace(group), `"'`); group == "" {
			return nil, errGroups
		}
		all = append(all, group)
	}
	return all, nil
}
