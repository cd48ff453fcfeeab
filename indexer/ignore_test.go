package indexer_test

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dalil/corpus"
	"dalil/indexer"
)

// ignoring are files of patterns beside the tree that they are tried on.
var ignoring = []struct {
	name   string
	ignore map[string]string // folder → patterns
}{
	{"a folder anywhere", map[string]string{".": "drafts/\n"}},
	{"at the root only", map[string]string{".": "/logs\n"}},
	{"any folders", map[string]string{".": "**/*.py\n"}},
	{"a folder's own file", map[string]string{"sub": "*.txt\n/deep\n"}},
	{"kept after all", map[string]string{".": "*.txt\n!keep.txt\n"}},
	{"kept in a folder that is left out", map[string]string{".": "drafts/\n!drafts/keep.txt\n"}},
	{"kept where only what is in the folder is left out", map[string]string{".": "drafts/*\n!drafts/keep.txt\n"}},
	{"a deeper file wins", map[string]string{".": "*.txt\n", "sub": "!b.txt\n"}},
	{"the last pattern wins", map[string]string{".": "!a.txt\n*.txt\n"}},
	{"a path", map[string]string{".": "sub/deep/c.txt\n"}},
	{"any folders between", map[string]string{".": "sub/**/c.txt\n"}},
	{"all that is in a folder", map[string]string{".": "sub/**\n"}},
	{"one letter, a class, no class", map[string]string{".": "?.txt\n[bc].md\n[!a-x]*.py\n"}},
	{"a star stays in a folder", map[string]string{".": "sub/*.txt\n"}},
	{"remarks, spaces, escapes", map[string]string{".": "# a.txt\n\na.txt   \n\\#odd.txt\n\\!odd.txt\n"}},
	{"braces are letters", map[string]string{".": "{a,b}.txt\n"}},
	{"a folder's pattern does not leave out files", map[string]string{".": "a.txt/\n"}},
	{"a named class of letters", map[string]string{".": "[[:alpha:]].md\n[![:digit:]].py\n[#[:upper:]]odd.txt\n"}},
	{"a named class of marks", map[string]string{".": "[[:punct:]]odd.txt\n"}},
	{"a line end of Windows", map[string]string{".": "a.txt\r\n"}},
}

var ignored = map[string]string{
	"a.txt": "x", "b.md": "x", "keep.txt": "x", "#odd.txt": "x", "!odd.txt": "x", "{a,b}.txt": "x", "z.py": "x",
	"logs/l.txt": "x", "drafts/d.txt": "x", "drafts/keep.txt": "x", "sub/b.txt": "x", "sub/logs/l.txt": "x",
	"sub/drafts/d.md": "x", "sub/deep/c.txt": "x", "sub/deep/er/c.txt": "x", "sub/deep/y.py": "x",
}

// names are the walked files, with their extensions, in order.
func names(t *testing.T, dir string, o indexer.WalkOptions) []string {
	t.Helper()
	all := []string{}
	for raw, err := range indexer.Walk(t.Context(), []string{dir}, o) {
		if err != nil {
			t.Error(err)
		}
		all = append(all, strings.TrimPrefix(raw.Document.Source, filepath.ToSlash(dir)+"/"))
	}
	slices.Sort(all)
	return all
}

// Git itself says what the patterns mean.
func TestIgnoreFilesMeanWhatTheyMeanToGit(t *testing.T) {
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("git is not installed")
	}
	run := func(dir string, args ...string) string {
		c := exec.Command(git, append([]string{"-C", dir, "-c", "core.excludesFile=/nonexistent", "-c", "core.quotePath=false"}, args...)...)
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	for _, test := range ignoring {
		t.Run(test.name, func(t *testing.T) {
			files := map[string]string{}
			for name, body := range ignored {
				files[name] = body
			}
			for folder, patterns := range test.ignore {
				files[filepath.Join(folder, ".gitignore")], files[filepath.Join(folder, indexer.IgnoreFile)] = patterns, patterns
			}
			dir := tree(t, files)
			run(dir, "init", "--quiet")
			var want []string
			for _, name := range strings.Fields(run(dir, "ls-files", "--others", "--exclude-standard")) {
				if !strings.HasPrefix(filepath.Base(name), ".") {
					want = append(want, name)
				}
			}
			slices.Sort(want)
			if diff := cmp.Diff(want, names(t, dir, indexer.WalkOptions{})); diff != "" {
				t.Errorf("walked (-git +dalil):\n%s", diff)
			}
			// --exclude says the same, and wins over the files.
			if patterns, only := test.ignore["."]; only && len(test.ignore) == 1 {
				plain := tree(t, ignored)
				var lines []string
				for line := range strings.SplitSeq(patterns, "\n") {
					if line = strings.TrimSuffix(line, "\r"); line != "" && !strings.HasPrefix(line, "#") {
						lines = append(lines, line)
					}
				}
				if diff := cmp.Diff(want, names(t, plain, indexer.WalkOptions{Exclude: lines})); diff != "" {
					t.Errorf("with --exclude (-git +dalil):\n%s", diff)
				}
			}
		})
	}
}

func TestPatternsThatCanMatchNothingAreErrors(t *testing.T) {
	for _, pattern := range []string{"[", "a[b", "a//b", "/", "//", "!", "!/", "../x", "./x", "a/../b", "[z-a].txt", `a\`, "", "# remark"} {
		err := indexer.Check([]string{"-"}, []string{pattern})
		if err == nil || !strings.Contains(err.Error(), "--exclude") || corpus.KindOf(err) != corpus.ErrInvalid {
			t.Errorf("--exclude %q: %v", pattern, err)
		}
		if pattern == "" || strings.HasPrefix(pattern, "#") {
			continue // a line without a pattern
		}
		// What a folder leaves out is not known then: nothing of it is indexed.
		dir := tree(t, map[string]string{"a.txt": "x", "sub/b.txt": "x", "sub/" + indexer.IgnoreFile: "*.md\n" + pattern + "\n"})
		got := walk(t, dir, indexer.WalkOptions{}, dir)
		if len(got) != 2 || got[0] != "a" || !strings.HasPrefix(got[1], "sub/"+indexer.IgnoreFile+": line 2: ") {
			t.Errorf("%q in a file: %q", pattern, got)
		}
	}
}
