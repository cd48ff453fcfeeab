package corpus

import "strings"

// NearestName returns the name that was probably meant: one that is equal without case and
// lines ("pageSize"), or that differs by few letters. "" for none.
func NearestName(written string, names []string) string {
	if len(written) > 100 {
		return ""
	}
	best, least := "", max(1, min(3, (len(written)+1)/3))+1
	for _, name := range names {
		distance := Edits([]byte(folded(written)), []byte(folded(name)))
		if distance < least {
			best, least = name, distance
		}
	}
	return best
}

func folded(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(name))
}

// Edits is how many items are inserted, deleted, replaced or swapped with their neighbour to make b
// of a (Damerau and Levenshtein, in the form of optimal string alignment). Its time is that of
// len(a) times len(b).
func Edits[E comparable](a, b []E) int {
	above2, above, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range above {
		above[j] = j
	}
	for i := range a {
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(above[j]+cost, above[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], above2[j-1]+1)
			}
		}
		above2, above, row = above, row, above2
	}
	return above[len(b)]
}
