package indexer

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"dalil/corpus"
)

// IgnoreFile is the name of a file with patterns, one per line, of what Walk leaves
// out in the folder of the file and below. The patterns have the syntax of
// .gitignore.
const IgnoreFile = ".dalilignore"

// rule is one pattern.
type rule struct {
	glob    string // of the slash path below the rule's folder
	keep    bool   // it began with !: matching paths are included again
	folders bool   // it ended in /: it matches folders only
}

// rules are the patterns of one folder, in order. The last one that matches
// applies.
type rules struct {
	folder string // slash path below the root; "." for the root
	list   []rule
	above  *rules // rules of the folders above, which apply if no rule of this folder matches
}

// excluded reports whether a file or folder is left out. Its slash path is
// relative to the root.
func (r *rules) excluded(relative string, folder bool) bool {
	for ; r != nil; r = r.above {
		below := relative
		if r.folder != "." {
			below = strings.TrimPrefix(relative, r.folder+"/")
		}
		for _, one := range slices.Backward(r.list) {
			if one.folders && !folder {
				continue
			}
			if matched, _ := doublestar.Match(one.glob, below); matched { // parsed before
				return !one.keep
			}
		}
	}
	return false
}

// errNoMatch is the error of a well-formed pattern that never matches a path.
var errNoMatch = errors.New("can match nothing")

// parseRule parses one line of a file of patterns. ok is false if the line has no
// pattern.
func parseRule(line string) (r rule, ok bool, err error) {
	pattern := trimSpaces(strings.TrimSuffix(line, "\r"))
	if pattern == "" || strings.HasPrefix(pattern, "#") {
		return rule{}, false, nil
	}
	if rest, negated := strings.CutPrefix(pattern, "!"); negated {
		r.keep, pattern = true, rest
	}
	if rest, only := strings.CutSuffix(pattern, "/"); only {
		r.folders, pattern = true, rest
	}
	rooted := strings.Contains(pattern, "/")
	pattern = strings.TrimPrefix(pattern, "/")
	for part := range strings.SplitSeq(pattern, "/") {
		if part == "" || part == "." || part == ".." {
			return rule{}, false, fmt.Errorf("the pattern %q %w: a part of it is empty, . or .., which no path has", line, errNoMatch)
		}
	}
	if pattern, err = posixClasses(pattern); err != nil {
		return rule{}, false, fmt.Errorf("the pattern %q is malformed: %w", line, err)
	}
	pattern = literalBraces(pattern)
	if !doublestar.ValidatePattern(pattern) {
		return rule{}, false, fmt.Errorf("the pattern %q is malformed: a [ is not closed, or it ends with a \\", line)
	}
	if reversed(pattern) {
		return rule{}, false, fmt.Errorf("the pattern %q %w: the end of a range is before its start", line, errNoMatch)
	}
	if !rooted {
		pattern = "**/" + pattern
	}
	if inside, all := strings.CutSuffix(pattern, "/**"); all { // the content of a folder, not the folder itself
		pattern = inside + "/**/*"
	}
	r.glob = pattern
	return r, true, nil
}

// trimSpaces removes trailing spaces, except one after a backslash.
func trimSpaces(s string) string {
	trimmed := strings.TrimRight(s, " \t")
	if strings.HasSuffix(trimmed, `\`) && len(trimmed) < len(s) {
		trimmed += " "
	}
	return trimmed
}

// posix has the named classes of characters in git's patterns, as ranges.
var posix = map[string]string{
	"alnum": "a-zA-Z0-9", "alpha": "a-zA-Z", "blank": " \t", "digit": "0-9", "lower": "a-z", "space": " \t\n\v\f\r",
	"upper": "A-Z", "xdigit": "0-9a-fA-F", "punct": "!-.:-@\\[-`{-~", "cntrl": "\x01-\x1f\x7f", "graph": "!-.0-~", "print": " -.0-~",
}

// posixClass matches a named class within brackets.
var posixClass = regexp.MustCompile(`\[:([a-z]*):\]`)

// posixClasses replaces the named classes of a pattern with ranges.
func posixClasses(pattern string) (string, error) {
	var unknown error
	depth := 0
	for at := 0; at < len(pattern); at++ {
		switch {
		case pattern[at] == '\\':
			at++
		case depth == 0 && pattern[at] == '[':
			depth = 1
		case depth == 1 && pattern[at] == ']':
			depth = 0
		case depth == 1 && pattern[at] == '[':
			m := posixClass.FindStringSubmatchIndex(pattern[at:])
			if m == nil || m[0] != 0 {
				continue
			}
			ranges, known := posix[pattern[at+m[2]:at+m[3]]]
			if !known {
				unknown = fmt.Errorf("there is no class %s", pattern[at:at+m[1]])
			}
			pattern = pattern[:at] + ranges + pattern[at+m[1]:]
			at += len(ranges) - 1
		}
	}
	return pattern, unknown
}

// literalBraces makes { and } ordinary characters, as they are in git's patterns.
func literalBraces(pattern string) string {
	var b strings.Builder
	escaped := false
	for _, r := range pattern {
		if !escaped && (r == '{' || r == '}') {
			b.WriteByte('\\')
		}
		escaped = !escaped && r == '\\'
		b.WriteRune(r)
	}
	return b.String()
}

// reversed reports whether a class contains a range such as [z-a].
func reversed(pattern string) bool {
	inside := false
	letters := []rune(pattern)
	for i := 0; i < len(letters); i++ {
		switch {
		case letters[i] == '\\':
			i++
		case letters[i] == '[':
			inside = true
		case letters[i] == ']':
			inside = false
		case inside && letters[i] == '-' && i+1 < len(letters) && letters[i-1] != '[' && letters[i+1] != ']' && letters[i-1] > letters[i+1]:
			return true
		}
	}
	return false
}

// parseExclude reads the globs of WalkOptions.Exclude.
func parseExclude(patterns []string) (*rules, error) {
	all := &rules{folder: "."}
	for _, p := range patterns {
		r, ok, err := parseRule(p)
		if err == nil && !ok {
			err = fmt.Errorf("the pattern %q %w", p, errNoMatch)
		}
		if err != nil {
			return nil, &corpus.Error{Kind: corpus.ErrInvalid, Cause: err}
		}
		all.list = append(all.list, r)
	}
	return all, nil
}

// readIgnore reads the patterns of the folder at the path relative below the root.
func readIgnore(folder, relative string, above *rules) (*rules, error) {
	f, err := os.Open(filepath.Join(folder, IgnoreFile))
	if errors.Is(err, fs.ErrNotExist) {
		return above, nil
	}
	if err != nil {
		return above, err
	}
	defer f.Close()
	own := &rules{folder: filepath.ToSlash(relative), above: above}
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		r, ok, err := parseRule(strings.TrimPrefix(lines.Text(), "\uFEFF"))
		if err != nil {
			return above, corpus.Errorf(corpus.ErrInvalid, "line %d: %w; the folder is left out until this is corrected", n, err)
		}
		if ok {
			own.list = append(own.list, r)
		}
	}
	return own, lines.Err()
}
