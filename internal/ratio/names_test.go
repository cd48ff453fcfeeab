package ratio

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// names returns a name for each build, by which its results are printed and its index is
// kept: the last part of its path, with as many of the parts before it as no other build
// has too. The same program twice gets numbers. The names follow from the paths, so they are
// the same in the next run.
func names(builds []string) []string {
	found := make([]string, len(builds))
	taken := map[string]int{}
	for i, build := range builds {
		parts := strings.FieldsFunc(filepath.ToSlash(filepath.Clean(build)), func(r rune) bool { return r == '/' })
		for n := 1; n <= len(parts); n++ {
			found[i] = last(build, n)
			if !shared(builds, i, n) {
				break
			}
		}
		if taken[found[i]]++; taken[found[i]] > 1 {
			found[i] = fmt.Sprintf("%s-%d", found[i], taken[found[i]])
		}
	}
	return found
}

// shared reports whether another build has the same last n parts of its path.
func shared(builds []string, i, n int) bool {
	for j := range builds {
		if j != i && last(builds[j], n) == last(builds[i], n) {
			return true
		}
	}
	return false
}

// last returns the last n parts of a path, with dashes between.
func last(path string, n int) string {
	parts := strings.FieldsFunc(filepath.ToSlash(filepath.Clean(path)), func(r rune) bool { return r == '/' })
	return strings.Join(parts[max(0, len(parts)-n):], "-")
}

func TestNames(t *testing.T) {
	for _, c := range []struct{ builds, want string }{
		{"new/dalil", "dalil"}, // that of BenchmarkQuestions
		{"old/dalil,new/dalil", "old-dalil new-dalil"},
		{"/b/old/bin/dalil,/b/new/bin/dalil,./other", "old-bin-dalil new-bin-dalil other"},
		{"dalil,new/dalil", "dalil new-dalil"},
		{"new/dalil,new/dalil", "new-dalil new-dalil-2"},
	} {
		if got := strings.Join(names(strings.Split(c.builds, ",")), " "); got != c.want {
			t.Errorf("%s: got %s, want %s", c.builds, got, c.want)
		}
	}
}
