package arch

import (
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

// link matches the target of a Markdown link or picture, and the target of a
// reference definition.
var link = regexp.MustCompile(`(?m)\]\(<?([^)>\s]+)>?(?:\s+"[^"]*")?\)|^\[[^\]]+\]:\s+(\S+)`)

// named matches a path in backquotes that begins with a folder of this
// repository, or names a Go, proto, Markdown, shell or YAML file.
var named = regexp.MustCompile("`([\\w.-]+(?:/[\\w.*-]+)*/?)`")

// fence matches a block of code.
var fence = regexp.MustCompile("(?ms)^ *```.*?^ *```")

// pages are the Markdown files of the repository, by their path.
func pages(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() != ".." && strings.HasPrefix(d.Name(), ".") && name != root) {
			return fs.SkipDir
		}
		if d.IsDir() || path.Ext(name) != ".md" {
			return nil
		}
		raw, err := os.ReadFile(name)
		relative, _ := filepath.Rel(root, name)
		all[filepath.ToSlash(relative)] = fence.ReplaceAllString(string(raw), "")
		return err
	})
	if err != nil || len(all) < 10 {
		t.Fatalf("%d pages, %v", len(all), err)
	}
	return all
}

// anchors are the fragments by which a page's headings are linked to.
func anchors(page string) []string {
	var all []string
	for _, found := range regexp.MustCompile(`(?m)^#+ +(.*)$`).FindAllStringSubmatch(page, -1) {
		heading := regexp.MustCompile(`[^\p{L}\p{N}\p{M}_ -]`).ReplaceAllString(strings.ToLower(found[1]), "")
		all = append(all, strings.ReplaceAll(strings.TrimSpace(heading), " ", "-"))
	}
	return all
}

// Every relative link leads to a file, and its fragment to a heading.
func TestLinksOfThePages(t *testing.T) {
	all, checked := pages(t), 0
	for page, text := range all {
		for _, found := range link.FindAllStringSubmatch(text, -1) {
			target, err := url.Parse(found[1] + found[2])
			if err != nil {
				t.Errorf("%s: %s: %v", page, found[0], err)
				continue
			}
			if target.IsAbs() || target.Host != "" {
				continue
			}
			checked++
			to := page
			if target.Path != "" {
				to = path.Join(path.Dir(page), target.Path)
			}
			if _, err := os.Stat(filepath.Join(root, to)); err != nil || strings.HasPrefix(to, "../") {
				t.Errorf("%s: %s leads nowhere", page, found[0])
				continue
			}
			if target.Fragment != "" && path.Ext(to) == ".md" && !slices.Contains(anchors(all[to]), target.Fragment) {
				t.Errorf("%s: %s has no such heading: %v", page, found[0], anchors(all[to]))
			}
		}
	}
	if checked < 40 {
		t.Errorf("only %d links were checked", checked)
	}
}

// The files and folders that the maintainers' pages name exist.
func TestFilesThatThePagesName(t *testing.T) {
	checked := 0
	for page, text := range pages(t) {
		if page == "CHANGELOG.md" || page == "docs/roadmap.md" {
			continue // they name what was and what is not yet
		}
		for _, found := range named.FindAllStringSubmatch(text, -1) {
			name := found[1]
			if name == path.Ext(name) {
				continue // a kind of file
			}
			first, _, nested := strings.Cut(name, "/")
			source := slices.Contains([]string{".go", ".proto", ".md", ".sh"}, path.Ext(name))
			if _, err := os.Stat(filepath.Join(root, first)); !nested && !source || nested && err != nil && !source {
				continue // not a path of ours
			}
			here := path.Join(path.Dir(page), name)
			if strings.HasPrefix(here, "../") {
				continue // outside of the repository: data that a machine may have
			}
			checked++
			if !exists(t, name) && !exists(t, here) {
				t.Errorf("%s: %s does not exist", page, name)
			}
		}
	}
	if checked < 50 {
		t.Errorf("only %d names were checked", checked)
	}
}

func exists(t *testing.T, name string) bool {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(root, strings.TrimSuffix(name, "/")))
	if err != nil {
		t.Error(err)
	}
	return len(found) > 0
}

// Each page of docs/ has a row in docs/README.md, each decision one in
// docs/decisions/README.md.
func TestPagesAreListed(t *testing.T) {
	all := pages(t)
	for page := range all {
		for _, folder := range []string{"docs", "docs/decisions"} {
			if path.Dir(page) == folder && path.Base(page) != "README.md" && !strings.Contains(all[folder+"/README.md"], "]("+path.Base(page)+")") {
				t.Errorf("%s/README.md does not list %s", folder, page)
			}
		}
	}
}
